import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import type { EventField } from "./field-kinds.js";

/**
 * Throws when `value` is of the wrong type for the field, or no member of a `oneOf`.
 *
 * @returns whether the value can be counted: `false` for NaN, ±Infinity, a uint32 out of range,
 * which are refused and counted rather than thrown
 */
export function checkFieldValue(name: string, field: EventField, value: unknown): boolean {
  switch (field.kind) {
    case "float64":
      if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
      return Number.isFinite(value);
    case "uint32":
      if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
      return value >>> 0 === value;
    case "boolean":
      if (typeof value !== "boolean") throw invalidArgType(name, "of type boolean", value);
      return true;
    case "label":
      if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
      return true;
    case "oneOf":
      if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
      if (!field.members.includes(value)) {
        throw invalidArgValue(name, `must be one of: ${field.members.join(", ")}`, value);
      }
      return true;
  }
}
