/**
 * What a name becomes in expositions, by the rules of native/core/exposition/names.h, written a second time: what
 * the tests expect must not come from what they test.
 */

export type FamilyType = "counter" | "gauge" | "histogram" | "exponentialHistogram" | "summary";

export interface NamedFamily {
  /** Without the suffix that its type brings. */
  readonly name: string;
  readonly type: FamilyType;
  readonly unit: string;
}

const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    d: "days",
    h: "hours",
    min: "minutes",
    s: "seconds",
    ms: "milliseconds",
    us: "microseconds",
    ns: "nanoseconds",
    By: "bytes",
    KiBy: "kibibytes",
    MiBy: "mebibytes",
    GiBy: "gibibytes",
    TiBy: "tebibytes",
    kBy: "kilobytes",
    MBy: "megabytes",
    GBy: "gigabytes",
    TBy: "terabytes",
    Hz: "hertz",
    Cel: "celsius",
    "%": "percent",
  }),
);

/** Each other code point is one underscore. */
const legalPart = (text: string) => text.replaceAll(/[^A-Za-z0-9_]/gu, "_");

function legalName(text: string): string {
  const legal = legalPart(text);
  return /^[A-Za-z_]/.test(legal) ? legal : `_${legal}`;
}

export function legalLabelName(name: string): string {
  const legal = legalName(name);
  const taken = legal.startsWith("__") || ["le", "quantile", "recorder", "entity"].includes(legal);
  return taken ? `exported_${legal}` : legal;
}

function unitName(unit: string, type: FamilyType): string {
  const kept = withoutNotes(unit);
  if (kept === "1") return type === "gauge" ? "ratio" : "";
  return UNITS.get(kept) ?? legalPart(kept).replace(/^_+/, "").replace(/_+$/, "");
}

/** Braces may be in one another; those that nothing closes take the rest. */
function withoutNotes(unit: string): string {
  let depth = 0;
  let kept = "";
  for (const character of unit) {
    if (character === "{") depth++;
    if (depth === 0) kept += character;
    if (character === "}" && depth > 0) depth--;
  }
  return kept;
}

/** @param parts namespace and instrument, or namespace, metric and dimension */
export function namedFamily(parts: readonly string[], type: FamilyType, unit: string): NamedFamily {
  let name = legalName(parts.filter((part) => part !== "").join("_"));
  if (type === "counter" && name !== "_total") name = name.replace(/_total$/, "");
  const inWords = unitName(unit, type);
  const suffixed = inWords === "" || name === inWords || name.endsWith(`_${inWords}`);
  return { name: suffixed ? name : `${name}_${inWords}`, type, unit: inWords };
}

const SUFFIXES: Readonly<Record<FamilyType, readonly string[]>> = {
  gauge: [""],
  counter: ["", "_total", "_created"],
  histogram: ["", "_bucket", "_sum", "_count", "_created"],
  exponentialHistogram: ["", "_bucket", "_sum", "_count", "_created"],
  summary: ["", "_sum", "_count", "_created"],
};

/** The unit as formats say it, which have it for a suffix and not where it is the whole name. */
export function saidUnit({ name, unit }: NamedFamily): string {
  return name.endsWith(`_${unit}`) ? unit : "";
}

/** All that a scraper may see of a family. */
export function sampleNames({ name, type }: NamedFamily): readonly string[] {
  const suffixes = SUFFIXES[type];
  return (type === "counter" ? suffixes.slice(1) : suffixes).map((suffix) => name + suffix);
}

interface Holder extends NamedFamily {
  readonly recorders: Set<string | undefined>;
}

/** Who has which names: recorders share a family that is alike, and nothing else. */
export class TakenNames {
  readonly #holders = new Map<string, Holder>();

  /** @param recorder undefined: the library itself, which shares with nobody */
  take(recorder: string | undefined, families: readonly NamedFamily[]): boolean {
    const taken: [name: string, holder: Holder][] = [];
    for (const family of families) {
      for (const suffix of SUFFIXES[family.type]) {
        const name = family.name + suffix;
        const holder = this.#holders.get(name) ?? { ...family, recorders: new Set() };
        if (!mayShare(holder, family, recorder)) {
          for (const [name, { recorders }] of taken) {
            recorders.delete(recorder);
            if (recorders.size === 0) this.#holders.delete(name);
          }
          return false;
        }
        this.#holders.set(name, holder);
        holder.recorders.add(recorder);
        taken.push([name, holder]);
      }
    }
    return true;
  }
}

function mayShare(holder: Holder, family: NamedFamily, recorder: string | undefined): boolean {
  const alike =
    holder.name === family.name && holder.type === family.type && holder.unit === family.unit;
  return alike && !holder.recorders.has(recorder) && !holder.recorders.has(undefined);
}
