import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import type { EventField } from "./field-kinds.js";

/** In UTF-16 code units. What is longer is no label but a document. */
export const LONGEST_LABEL = 1_024;

/** Throws when `value` is of the wrong type for the field, or no member of a `oneOf`. */
export function checkFieldType(name: string, field: EventField, value: unknown): void {
  switch (field.kind) {
    case "float64":
    case "uint32":
      if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
      return;
    case "boolean":
      if (typeof value !== "boolean") throw invalidArgType(name, "of type boolean", value);
      return;
    case "label":
    case "key":
      if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
      return;
    case "oneOf":
      if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
      if (!field.members.includes(value)) {
        throw invalidArgValue(name, `must be one of: ${field.members.join(", ")}`, value);
      }
  }
}

/**
 * Whether a value of the right type can be counted. NaN, ±Infinity, a uint32 out of range and an
 * unacceptable label cannot: their event is refused and counted rather than thrown over, because a
 * computed value must not fail a request.
 */
export function isCountable(field: EventField, value: unknown): boolean {
  switch (field.kind) {
    case "float64":
      return Number.isFinite(value);
    case "uint32":
      return typeof value === "number" && value >>> 0 === value;
    case "label":
      return isAcceptableLabel(value as string);
    default:
      return true;
  }
}

/** With a lone surrogate a string has no UTF-8 of its own: two of them would become one label. */
export function isAcceptableLabel(value: string): boolean {
  return value.length <= LONGEST_LABEL && value.isWellFormed();
}
