import { checkArray, isPlainObject } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue, outOfRange } from "../errors/argument-errors.js";
import type { EventDefinition, EventFields } from "../events/event-definition.js";
import { isAcceptableLabel, LONGEST_LABEL } from "../events/field-check.js";
import type { EventField, FieldValue } from "../events/field-kinds.js";
import { type ComparableNames, isComparable } from "./comparable-fields.js";

const MOST_VALUES = 10_000;

/** Conditions on fields, all of which must hold; an array means any of its values. */
export type Where<Fields extends EventFields> = {
  readonly [Name in ComparableNames<Fields>]?:
    | FieldValue<Fields[Name]>
    | readonly FieldValue<Fields[Name]>[]
    | undefined;
};

/** One condition, checked: the field takes one of these values. */
export interface Condition {
  readonly fieldName: string;
  /** Strings for label fields, else the numbers that records carry. */
  readonly values: readonly (string | number)[];
}

/** @throws TypeError, RangeError that name the field; `option` is the name of the whole. */
export function checkWhere(
  option: string,
  value: unknown,
  definition: EventDefinition,
): readonly Condition[] {
  if (value === undefined) return [];
  // Of anything but a plain object, a Map say, the conditions would not be seen: all would match.
  if (!isPlainObject(value)) throw invalidArgType(option, "a plain object", value);
  return Object.entries(value)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([fieldName, wanted]) => {
      const name = `${option}.${fieldName}`;
      const field = definition.field(fieldName);
      if (field === undefined) {
        throw invalidArgValue(name, `is no field of ${definition.eventType}`, fieldName);
      }
      if (!isComparable(field)) {
        throw invalidArgValue(name, `is a ${field.kind}, which cannot be compared`, fieldName);
      }
      const values = Array.isArray(wanted) ? checkArray(name, wanted, 1, MOST_VALUES) : [wanted];
      return { fieldName, values: values.map((one) => comparable(name, field, one)) };
    });
}

function comparable(name: string, field: EventField, value: unknown): string | number {
  switch (field.kind) {
    case "boolean":
      if (typeof value !== "boolean") throw invalidArgType(name, "of type boolean", value);
      return value ? 1 : 0;
    case "uint32":
      if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
      if (value >>> 0 !== value) throw outOfRange(name, "an integer >= 0 and < 2 ** 32", value);
      return value;
    case "oneOf": {
      if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
      const index = field.members.indexOf(value);
      if (index < 0) {
        throw invalidArgValue(name, `must be one of: ${field.members.join(", ")}`, value);
      }
      return index;
    }
    default:
      if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
      if (!isAcceptableLabel(value)) {
        const reason = `must have at most ${LONGEST_LABEL} characters and no lone surrogates`;
        throw invalidArgValue(name, reason, value);
      }
      return value;
  }
}
