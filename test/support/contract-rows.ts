/**
 * The rows of docs/contract.md: tables of two cells, what holds and the tests that show it. A test is
 * named by its file and its title as the source has it; where a title stands in its file more than
 * once, the title of its describe comes between.
 */

export interface TestReference {
  readonly file: string;
  /** From the outermost that is named to the test's own. */
  readonly titles: readonly string[];
}

export interface ContractRow {
  /** File and line, as an editor takes it. */
  readonly place: string;
  readonly statement: string;
  readonly references: readonly TestReference[];
}

const HEADER = ["what holds", "shown by"];
/** Between the parts of a reference, and between the references of a row. */
const [STEP, BREAK] = ["›", "<br>"];

/**
 * @param file only named in the places
 * @throws when a line of a table is none of these rows
 */
export function contractRowsIn(markdown: string, file: string): ContractRow[] {
  const rows: ContractRow[] = [];
  let above: "text" | "header" | "rows" = "text";
  for (const [index, line] of markdown.split("\n").entries()) {
    const place = `${file}:${index + 1}`;
    if (!line.startsWith("|")) {
      above = "text";
      continue;
    }
    const cells = cellsOf(line);
    if (above === "text") {
      if (cells.join() !== HEADER.join()) throw new Error(`${place}: not the header of a table`);
      above = "header";
    } else if (above === "header") {
      if (!cells.every((cell) => /^-+$/.test(cell))) throw new Error(`${place}: no line of dashes`);
      above = "rows";
    } else {
      const [statement = "", tests = "", ...others] = cells;
      if (others.length > 0) throw new Error(`${place}: more than two cells`);
      rows.push({ place, statement, references: referencesIn(tests, place) });
    }
  }
  return rows;
}

/**
 * One line for each thing that is wrong with the rows.
 *
 * @param read the text of a file; `undefined` when there is none
 */
export function problemsOf(
  rows: readonly ContractRow[],
  read: (file: string) => string | undefined,
): string[] {
  const placeOf = new Map<string, string>();
  return rows.flatMap(({ place, statement, references }) => {
    const problems = references.flatMap((reference) => problemsWith(reference, read));
    if (references.length === 0) problems.push("names no test");
    const said = statement
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    const before = placeOf.get(said);
    if (before !== undefined) problems.push(`is what ${before} states`);
    else placeOf.set(said, place);
    return problems.map((problem) => `${place} "${statement}": ${problem}`);
  });
}

function problemsWith(
  { file, titles }: TestReference,
  read: (file: string) => string | undefined,
): string[] {
  const source = read(file);
  if (source === undefined) return [`there is no ${file}`];
  const there = titlesIn(source, file);
  let from = 0;
  for (const title of titles) {
    const at = there.indexOf(title, from);
    if (at < 0) return [`${file} has no "${title}"`];
    if (from === 0 && there.indexOf(title, at + 1) >= 0) {
      return [`${file} has "${title}" more than once`];
    }
    from = at + 1;
  }
  return titles.length === 0 ? [`no title behind ${file}`] : [];
}

/** The titles of all tests and groups of tests that run, as the source has them. */
function titlesIn(source: string, file: string): string[] {
  const title = /\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1\s*/.source;
  const call = file.endsWith(".cc")
    ? new RegExp(`\\bTEST_CASE${title}\\)`, "g")
    : new RegExp(`(?:\\b(?:test|describe)(?:\\.(?!skip|todo)\\w+)*|\\))${title},`, "g");
  return [...source.matchAll(call)].map((match) => match[2] ?? "");
}

function cellsOf(line: string): string[] {
  return line
    .replaceAll("\\|", "\0")
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.replaceAll("\0", "|").trim());
}

function referencesIn(cell: string, place: string): TestReference[] {
  if (cell === "") return [];
  return cell.split(BREAK).map((reference) => {
    const [file = "", ...titles] = reference.split(` ${STEP} `).map((part) => {
      const code = /^(`+) ?(.+?) ?\1$/.exec(part.trim());
      if (code?.[2] === undefined)
        throw new Error(`${place}: ${part.trim()} is not marked as code`);
      return code[2];
    });
    return { file, titles };
  });
}
