import { checkArray, checkInteger, checkOptions, checkText } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";

/** In the order of the native `FieldKind`. */
export const FIELD_KINDS = ["float64", "uint32", "boolean", "oneOf", "label", "key"] as const;
export type FieldKindName = (typeof FIELD_KINDS)[number];

/** A finite double. NaN and ±Infinity are refused when the event is registered, and counted. */
export interface Float64Field {
  /** Tells it from the other kinds. */
  readonly kind: "float64";
}
/** An integer 0 … 2^32 - 1. A number outside is refused when the event is registered, and counted. */
export interface Uint32Field {
  /** Tells it from the other kinds. */
  readonly kind: "uint32";
}
/** `true` or `false`. */
export interface BooleanField {
  /** Tells it from the other kinds. */
  readonly kind: "boolean";
}
/** One of a few strings known beforehand. */
export interface OneOfField<Member extends string = string> {
  /** Tells it from the other kinds. */
  readonly kind: "oneOf";
  /** All of them; frozen. */
  readonly members: readonly Member[];
}
/**
 * Any string of at most 1 024 UTF-16 code units without lone surrogates; another is refused when the
 * event is registered, and counted. Each runtime remembers `maxValues` different ones; the rest
 * become `<overflow>`.
 */
export interface LabelField {
  /** Tells it from the other kinds. */
  readonly kind: "label";
  /** How many different values a runtime remembers. */
  readonly maxValues: number;
}
/** Any string: a 64-bit hash of it is recorded, the string is not remembered. For `distinct`. */
export interface KeyField {
  /** Tells it from the other kinds. */
  readonly kind: "key";
}

/** What a field of an event can be. */
export type EventField =
  | Float64Field
  | Uint32Field
  | BooleanField
  | OneOfField
  | LabelField
  | KeyField;

/** The type of the values of a field. */
export type FieldValue<Field extends EventField> =
  Field extends OneOfField<infer Member>
    ? Member
    : Field extends LabelField | KeyField
      ? string
      : Field extends BooleanField
        ? boolean
        : number;

const FLOAT64: Float64Field = Object.freeze({ kind: "float64" });
const UINT32: Uint32Field = Object.freeze({ kind: "uint32" });
const BOOLEAN: BooleanField = Object.freeze({ kind: "boolean" });
const KEY: KeyField = Object.freeze({ kind: "key" });

/** A finite number in double precision: a duration, a share. */
export function float64(): Float64Field {
  return FLOAT64;
}

/** An integer 0 … 2^32 - 1: a size, a status. */
export function uint32(): Uint32Field {
  return UINT32;
}

/** `true` or `false`. */
export function boolean(): BooleanField {
  return BOOLEAN;
}

const MOST_MEMBERS = 10_000;

/**
 * One of a few strings that are known beforehand: an outcome, a method.
 *
 * @param members 1 … 10 000 different, non-empty strings without lone surrogates
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function oneOf<const Members extends readonly [string, ...string[]]>(
  ...members: Members
): OneOfField<Members[number]> {
  return oneOfThese(members);
}

function oneOfThese<Member extends string>(members: readonly unknown[]): OneOfField<Member> {
  const own = checkArray("members", members, 1, MOST_MEMBERS);
  const seen = new Set<unknown>();
  for (const [index, member] of own.entries()) {
    const name = `members[${index}]`;
    if (checkText(name, member) === "") throw invalidArgValue(name, "must not be empty", member);
    if (seen.has(member)) throw invalidArgValue(name, "must not be there twice", member);
    seen.add(member);
  }
  return Object.freeze({ kind: "oneOf", members: Object.freeze(own as Member[]) });
}

const DEFAULT_MAX_VALUES = 1_000;
const MOST_VALUES = 2 ** 20;

/**
 * A string of which few different ones are expected: a route, a backend.
 *
 * @param options `maxValues`: 1 … 2^20 different values, default 1 000
 * @throws RangeError `ERR_OUT_OF_RANGE`; TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function label(options?: { readonly maxValues?: number | undefined }): LabelField {
  const { maxValues = DEFAULT_MAX_VALUES } = checkOptions("options", options, ["maxValues"]);
  return Object.freeze({
    kind: "label",
    maxValues: checkInteger("options.maxValues", maxValues, 1, MOST_VALUES),
  });
}

/**
 * For what has too many values to remember each, such as a user's id, and only their number matters.
 * Equal strings have equal hashes in every process. Hashing takes some nanoseconds for each character,
 * on the thread that registers the event.
 */
export function key(): KeyField {
  return KEY;
}

/**
 * A field of our own from one that a function above has made, here or in another copy of this
 * package: each property is read once and checked, so that nothing the caller keeps can change it.
 *
 * @throws TypeError, RangeError
 */
export function ownField(name: string, value: unknown): EventField {
  if (typeof value === "object" && value !== null) {
    const { kind, members, maxValues } = value as Readonly<Record<string, unknown>>;
    if (kind === "float64") return FLOAT64;
    if (kind === "uint32") return UINT32;
    if (kind === "boolean") return BOOLEAN;
    if (kind === "key") return KEY;
    if (kind === "oneOf" && Array.isArray(members)) return oneOfThese(members);
    if (kind === "label" && typeof maxValues === "number") return label({ maxValues });
  }
  throw invalidArgType(name, "a field kind such as float64()", value);
}
