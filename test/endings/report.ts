import { readFileSync, writeFileSync } from "node:fs";
import { type Cell, STATES, WAYS } from "./matrix.js";
import type { TimedEnd } from "./run-cell.js";

const BEGIN = "<!-- endings: made by scripts/run-endings.mjs -->";
const END = "<!-- endings: end -->";

export interface Result {
  readonly cell: Cell;
  /** Of the program with the library; `undefined`: not in time. */
  readonly timed: TimedEnd | undefined;
  readonly asWithout: boolean;
}

/** For each version of Node, in the order in which they ran. */
export type Results = ReadonlyMap<string, readonly Result[]>;

/** Puts the tables between the two markers of a page. */
export function writeReport(file: string, results: Results): void {
  const page = readFileSync(file, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table`);
  const tables = [versionsTable(results), endsTable(results)].join("\n\n");
  writeFileSync(file, `${page.slice(0, from)}${BEGIN}\n\n${tables}\n\n${page.slice(to)}`);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map(row).join("\n");
}

function versionsTable(results: Results): string {
  const rows = [...results].map(([version, all]) => {
    const alike = all.filter(({ asWithout }) => asWithout).length;
    const slowest = Math.max(...all.map(({ timed }) => timed?.ms ?? Number.POSITIVE_INFINITY));
    return [version, String(all.length), String(alike), `${slowest} ms`];
  });
  return table(["Node.js", "programs", "end as without the library", "slowest"], rows);
}

/** Of the first version; what another does differently stands in brackets. */
function endsTable(results: Results): string {
  const [first = [], ...others] = results.values();
  const rows = WAYS.flatMap((way) =>
    way.where.map((where) => [
      way.title,
      where,
      ...STATES.map((state) => {
        const isIt = ({ cell }: Result) =>
          cell.way === way && cell.where === where && cell.state === state;
        const result = first.find(isIt);
        if (result === undefined) return "–";
        const ends = new Set(
          [...[result], ...others.flatMap((all) => all.find(isIt) ?? [])].map(told),
        );
        return `${[...ends].join("; ")}, ${result.timed?.ms ?? "> 10000"} ms`;
      }),
    ]),
  );
  return table(["the end", "of", ...STATES], rows);
}

function told({ timed, asWithout }: Result): string {
  const end = timed === undefined ? "none" : String(timed.end.signal ?? timed.end.code);
  return asWithout ? end : `**${end}**`;
}
