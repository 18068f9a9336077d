/**
 * Header fields whose value is a list of things with parameters and a weight: Accept, Accept-Encoding
 * (RFC 9110, 5.6 and 12.4). Whoever sends one may be hostile: nothing here throws for any text, and the
 * time is that of a few passes over at most {@link MOST_CHARACTERS}.
 */

/** One thing of the list. */
export interface WeightedElement {
  /** In lower case: `text/plain`, `gzip`, `*`. */
  readonly name: string;
  /** By their names in lower case, the weight apart; values without the quotes that they may have. */
  readonly parameters: ReadonlyMap<string, string>;
  /** In thousandths: 0, which is not acceptable, … 1 000. */
  readonly weight: number;
}

export interface WeightedList {
  readonly elements: readonly WeightedElement[];
  /** Whether there was also what cannot be read, and so nobody knows what it would have accepted. */
  readonly unreadable: boolean;
}

/** Twenty times what Prometheus sends, and half of what Node.js takes for all headers together. */
const MOST_CHARACTERS = 8_192;
const FULL_WEIGHT = 1_000;

/** Characters of one class and no alternatives: nothing to go back to. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z/]+$/;
const WEIGHT = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/;

/** An element that cannot be read is left out, the others stay. */
export function parseWeightedList(text: string): WeightedList {
  if (text.length > MOST_CHARACTERS) return { elements: [], unreadable: true };
  const elements: WeightedElement[] = [];
  let unreadable = false;
  for (const part of splitOutsideQuotes(text, ",")) {
    if (part === "") continue; // RFC 9110, 5.6.1: `a, , b` is a list of two
    const element = parseElement(part);
    if (element === undefined) unreadable = true;
    else elements.push(element);
  }
  return { elements, unreadable };
}

function parseElement(text: string): WeightedElement | undefined {
  const [name = "", ...rest] = splitOutsideQuotes(text, ";");
  if (!NAME.test(name)) return undefined;
  const parameters = new Map<string, string>();
  let weight: number | undefined;
  for (const parameter of rest) {
    if (parameter === "") continue; // RFC 9110, 5.6.6: `a;;b=c`
    const equals = parameter.indexOf("=");
    const key = parameter.slice(0, Math.max(equals, 0)).toLowerCase();
    const given = parameter.slice(equals + 1);
    const value = TOKEN.test(given) ? given : unquoted(given);
    const twice = key === "q" ? weight !== undefined : parameters.has(key);
    if (!TOKEN.test(key) || value === undefined || twice) return undefined;
    if (key !== "q") parameters.set(key, value);
    else if (WEIGHT.test(given)) weight = Math.round(Number(given) * FULL_WEIGHT);
    else return undefined;
  }
  return { name: name.toLowerCase(), parameters, weight: weight ?? FULL_WEIGHT };
}

/** The parts between separators that stand in no quoted text, without the space around them. */
function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === "\\") at++;
    else if (!quoted && character === separator) {
      parts.push(trimmed(text.slice(from, at)));
      from = at + 1;
    }
  }
  parts.push(trimmed(text.slice(from)));
  return parts;
}

/** Without spaces and tabs at its ends, and no other kind of space: that is no part of the grammar. */
function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text[from])) from++;
  while (to > from && isBlank(text[to - 1])) to--;
  return text.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** What a quoted string stands for; `undefined` when the text is none. */
function unquoted(text: string): string | undefined {
  if (text.length < 2 || !text.startsWith('"')) return undefined;
  let value = "";
  for (let at = 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === '"') return at === text.length - 1 ? value : undefined;
    if (character === "\\") at++;
    const meant = text[at];
    if (meant === undefined || !isPrintable(meant)) return undefined;
    value += meant;
  }
  return undefined;
}

/** Not so: control characters, apart from the tab, and what no header field can have. */
function isPrintable(character: string): boolean {
  const code = character.charCodeAt(0);
  return character === "\t" || (code >= 0x20 && code !== 0x7f && code <= 0xff);
}
