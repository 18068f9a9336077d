/** The texts of a log payload that stand for what is not in it, or has no form in JSON. */
import { describeCause } from "../errors/metrics-error.js";

/** A text of at most so many characters (as `length` counts them), and how many are left out. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = splitsPair(text, most) ? most - 1 : most;
  return `${text.slice(0, end)}… (+${text.length - end} characters)`;
}

function splitsPair(text: string, at: number): boolean {
  return isWithin(text.charCodeAt(at - 1), 0xd800) && isWithin(text.charCodeAt(at), 0xdc00);
}

function isWithin(unit: number, least: number): boolean {
  return unit >= least && unit < least + 0x400;
}

/** For what lies beyond a limit: the last of a list, or the value of the key {@link MORE_KEY}. */
export const more = (count: number): string => `… (+${count} more)`;
export const MORE_KEY = "…";

export const CIRCULAR = "[Circular]";

/** For what threw when it was looked at. */
export function threwMark(error: unknown): string {
  const { kind, message } = describeCause(error);
  return `[threw ${kind}: ${message}]`;
}

/** For a container of which only the kind and size are kept. */
export const sizeMark = (kind: string, size: number): string => `[${kind}(${size})]`;

/** For what has nothing else to show. */
export const kindMark = (kind: string): string => `[${kind}]`;

/** Many digits take long to make; nobody reads them. */
const MAX_DIGITS = 1_000;
const BIGINT_LIMIT = 10n ** BigInt(MAX_DIGITS);

export function bigintText(value: bigint): string {
  if (value < BIGINT_LIMIT && value > -BIGINT_LIMIT) return `${value}n`;
  return `[bigint of more than ${MAX_DIGITS} digits]`;
}

export function functionMark(value: object): string {
  try {
    const name: unknown = Reflect.get(value, "name");
    return typeof name === "string" && name !== ""
      ? `[Function ${name}]`
      : "[Function (anonymous)]";
  } catch {
    return "[Function]";
  }
}

/** The name of the class that an object is of; `Object` when it has none. May throw. */
export function classNameOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return "Object";
  const made: unknown = Reflect.get(prototype, "constructor");
  const name: unknown = typeof made === "function" ? Reflect.get(made, "name") : undefined;
  return typeof name === "string" && name !== "" ? name : "Object";
}
