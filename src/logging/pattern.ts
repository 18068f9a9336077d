/**
 * Shell-style patterns for whole texts, case-sensitive, as Python's `fnmatchcase`: `*` any characters,
 * `?` one, `[a-z_]` one of these, `[!a-z_]` one that is none of these. A character is a code point. No
 * character escapes another: `[*]` stands for a star. A `]` that comes first in a class belongs to it;
 * a `[` without its `]` stands for itself.
 */
export class Pattern {
  /** Whether only the empty text matches, as the pattern is empty itself. */
  readonly isEmpty: boolean;
  /** The pattern, when it has no wildcards: such are common, and equality is faster. */
  readonly #literal: string | undefined;
  readonly #parts: readonly Part[];

  constructor(pattern: string) {
    this.isEmpty = pattern === "";
    this.#literal = /[*?[]/.test(pattern) ? undefined : pattern;
    this.#parts = parse(Array.from(pattern, codePointOf));
  }

  /**
   * In time that the lengths of pattern and text multiplied bound: only the latest star is tried again,
   * since what an earlier one might take instead, the latest may take too.
   */
  matches(text: string): boolean {
    if (this.#literal !== undefined) return text === this.#literal;
    const parts = this.#parts;
    let at = 0;
    let next = 0;
    let afterStar = -1;
    let taken = 0;
    while (at < text.length) {
      const part = parts[next];
      const codePoint = text.codePointAt(at) ?? 0;
      if (part === STAR) {
        afterStar = ++next;
        if (next === parts.length) return true;
        taken = at;
      } else if (part !== undefined && takes(part, codePoint)) {
        at += unitsOf(codePoint);
        next++;
      } else if (afterStar !== -1) {
        taken += unitsOf(text.codePointAt(taken) ?? 0);
        at = taken;
        next = afterStar;
      } else {
        return false;
      }
    }
    while (parts[next] === STAR) next++;
    return next === parts.length;
  }
}

const STAR = "*";
const ANY = "?";
type Part = typeof STAR | typeof ANY | number | CharacterClass;

interface CharacterClass {
  readonly negated: boolean;
  /** Pairs of the least and the greatest code point of a range; one without any may be among them. */
  readonly ranges: readonly (readonly [least: number, greatest: number])[];
}

function takes(part: Part, codePoint: number): boolean {
  if (typeof part === "number") return part === codePoint;
  if (part === STAR || part === ANY) return true;
  for (const [least, greatest] of part.ranges) {
    if (codePoint >= least && codePoint <= greatest) return !part.negated;
  }
  return part.negated;
}

const codePointOf = (character: string): number => character.codePointAt(0) ?? 0;
const unitsOf = (codePoint: number): number => (codePoint > 0xffff ? 2 : 1);

const [STAR_POINT, ANY_POINT, OPEN, CLOSE, NOT, TO] = Array.from("*?[]!-", codePointOf);

function parse(points: readonly number[]): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < points.length; at++) {
    const point = points[at] ?? 0;
    const end = point === OPEN ? endOfClass(points, at + 1) : -1;
    if (end !== -1) {
      parts.push(parseClass(points.slice(at + 1, end)));
      at = end;
    } else if (point !== STAR_POINT) {
      parts.push(point === ANY_POINT ? ANY : point);
    } else if (parts.at(-1) !== STAR) {
      parts.push(STAR);
    }
  }
  return parts;
}

/** Where the `]` is; -1 when there is none. */
function endOfClass(points: readonly number[], start: number): number {
  const first = points[start] === NOT ? start + 1 : start;
  return points.indexOf(CLOSE ?? 0, first + 1);
}

function parseClass(points: readonly number[]): CharacterClass {
  const negated = points[0] === NOT;
  const ranges: (readonly [number, number])[] = [];
  for (let at = negated ? 1 : 0; at < points.length; at++) {
    const least = points[at] ?? 0;
    const greatest = points[at + 1] === TO ? points[at + 2] : undefined;
    ranges.push([least, greatest ?? least]);
    if (greatest !== undefined) at += 2;
  }
  return { negated, ranges };
}
