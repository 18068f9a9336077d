import { checkArray, checkInteger } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { type EventDefinition, type EventFields, MOST_FIELDS } from "../events/event-definition.js";
import { type ComparableNames, isComparable } from "./comparable-fields.js";

/** The fields that tell the series of a dimension apart. */
export type GroupBy<Fields extends EventFields> = readonly ComparableNames<Fields>[] | undefined;

/** One of the series of a grouped dimension. */
export interface Series<Value = unknown> {
  /**
   * Field names to values as text (`"true"`, `"200"`), in the order of `by`. Those of the overflow
   * series are `{ metrics_overflow: "true" }`.
   */
  readonly labels: Readonly<Record<string, string>>;
  /** What it has come to. */
  readonly value: Value;
}

/** What a snapshot holds for an aggregation of `Value`s: with `by` frozen, in order of appearance. */
export type Grouped<Value, By> = By extends readonly unknown[] ? readonly Series<Value>[] : Value;

const DEFAULT_MAX_SERIES = 2_000;
const MOST_SERIES = 2 ** 20;

/** @throws TypeError that names the field, unless every class declares it and it can be compared */
export function checkBy(value: unknown, classes: readonly EventDefinition[]): readonly string[] {
  if (value === undefined) return [];
  const names = checkArray("options.by", value, 1, MOST_FIELDS).map((name, index) => {
    const argument = `options.by[${index}]`;
    if (typeof name !== "string") throw invalidArgType(argument, "of type string", name);
    for (const definition of classes) checkGroupable(argument, name, definition);
    return name;
  });
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) {
      throw invalidArgValue(`options.by[${index}]`, "must not be there twice", name);
    }
  }
  return names;
}

function checkGroupable(argument: string, name: string, definition: EventDefinition): void {
  const field = definition.field(name);
  if (field === undefined) {
    throw invalidArgValue(argument, `is no field of ${definition.eventType}`, name);
  }
  if (!isComparable(field)) {
    throw invalidArgValue(argument, `is a ${field.kind}, which cannot tell series apart`, name);
  }
}

export function checkMaxSeries(value: unknown = DEFAULT_MAX_SERIES): number {
  return checkInteger("options.maxSeries", value, 1, MOST_SERIES);
}
