/** Declarative checks of arguments. Each returns what it checked, typed, or throws. */
import { invalidArgType, invalidArgValue, outOfRange } from "./argument-errors.js";

/** A plain options object (absent: empty) with no key but the known ones. */
export function checkOptions<Key extends string>(
  name: string,
  value: unknown,
  knownKeys: readonly Key[],
): { readonly [K in Key]?: unknown } {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidArgType(name, "of type object", value);
  }
  for (const key of Object.keys(value)) {
    if (!(knownKeys as readonly string[]).includes(key)) {
      throw invalidArgValue(`${name}.${key}`, `is unknown; known: ${knownKeys.join(", ")}`, key);
    }
  }
  return value as { readonly [K in Key]?: unknown };
}

/** An object literal, also of another realm; or one without a prototype. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A string that is not blank, trimmed. */
export function checkName(name: string, value: unknown): string {
  const trimmed = checkText(name, value).trim();
  if (trimmed === "") throw invalidArgValue(name, "must not be blank", value);
  return trimmed;
}

/** A string that stays itself as UTF-8: lone surrogates of different strings would become one. */
export function checkText(name: string, value: unknown): string {
  if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
  if (!value.isWellFormed()) throw invalidArgValue(name, "must not have lone surrogates", value);
  return value;
}

/** The elements of an array, copied by index: a subclass may iterate over something else. */
export function checkArray(name: string, value: unknown, least: number, most: number): unknown[] {
  if (!Array.isArray(value)) throw invalidArgType(name, "an array", value);
  const { length } = value;
  if (length < least) throw invalidArgValue(name, "must not be empty", value);
  if (length > most) throw invalidArgValue(name, `must have at most ${most} elements`, length);
  return Array.from({ length }, (_, index): unknown => value[index]);
}

/** An integer between two bounds, both included. */
export function checkInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw outOfRange(name, `an integer >= ${least} and <= ${most}`, value);
  }
  return value;
}

/** A finite number. */
export function checkFinite(name: string, value: unknown): number {
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!Number.isFinite(value)) throw outOfRange(name, "a finite number", value);
  return value;
}

/** `true` or `false`, and nothing that is merely truthy. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalidArgType(name, "of type boolean", value);
  return value;
}

/** A function. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw invalidArgType(name, "of type function", value);
}

/** One of a fixed set of strings. */
export function checkMember<Member extends string>(
  name: string,
  value: unknown,
  members: readonly Member[],
): Member {
  if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
  if (!(members as readonly string[]).includes(value)) {
    throw invalidArgValue(name, `must be one of: ${members.join(", ")}`, value);
  }
  return value as Member;
}
