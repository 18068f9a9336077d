import { checkFinite, checkOptions } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { definitionOfClass, type EventClassDeclaration } from "../events/define-metric-event.js";
import type { EventDefinition, EventFields } from "../events/event-definition.js";
import { Dimension, type DimensionSource } from "./dimension.js";
import type { HistogramSnapshot } from "./snapshot.js";
import { checkWhere, type Where } from "./where.js";

/** The fields of a class that are numbers. */
export type NumericName<Fields extends EventFields> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly kind: "float64" | "uint32" }
    ? Name
    : never;
}[keyof Fields] &
  string;

export interface AggregationOptions<Fields extends EventFields> {
  /** Only events for which every condition holds. */
  readonly where?: Where<Fields> | undefined;
}

export interface HistogramOptions<Fields extends EventFields> extends AggregationOptions<Fields> {
  /** Upper bounds, included in their bucket: finite, strictly increasing, 1 … 1 000 of them. */
  readonly buckets: readonly number[];
}

const MOST_BUCKETS = 1_000;

/**
 * The number of events. Snapshot: a number, 0 when there was none.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function count<Class extends EventClassDeclaration>(
  event: Class,
  options?: AggregationOptions<Class["fields"]>,
): Dimension<number> {
  const { where } = checkOptions("options", options, ["where"]);
  return new Dimension("count", [source(event, where, { step: 1 })]);
}

/**
 * The sum of a numeric field, in double precision. Snapshot: a number, 0 when there was no event.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function sum<Class extends EventClassDeclaration>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options?: AggregationOptions<Class["fields"]>,
): Dimension<number> {
  const { where } = checkOptions("options", options, ["where"]);
  return new Dimension("sum", [source(event, where, { field })]);
}

/**
 * A number that some events raise and others lower, such as requests in flight.
 * Snapshot: a number, 0 when there was no event.
 *
 * @param steps event classes, each with the finite number that one of its events adds
 * @param options `where`: on fields that all the classes declare alike
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function upDown<const Steps extends readonly (readonly [EventClassDeclaration, number])[]>(
  steps: Steps,
  options?: AggregationOptions<Steps[number][0]["fields"]>,
): Dimension<number> {
  if (!Array.isArray(steps)) throw invalidArgType("steps", "an array", steps);
  if (steps.length === 0) throw invalidArgValue("steps", "must not be empty", steps);
  const { where } = checkOptions("options", options, ["where"]);
  const sources = Array.from(steps, (pair: unknown, index) => {
    const name = `steps[${index}]`;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalidArgType(name, "a pair of an event class and a number", pair);
    }
    const step = checkFinite(`${name}[1]`, pair[1]);
    return source(pair[0], where, { step }, `${name}[0]`);
  });
  checkDeclaredAlike(sources);
  return new Dimension("upDown", sources);
}

/**
 * The distribution of a numeric field over explicit buckets. Snapshot: {@link HistogramSnapshot}.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` (unsorted or duplicate
 * buckets); RangeError `ERR_OUT_OF_RANGE` (a bound that is not finite)
 */
export function histogram<Class extends EventClassDeclaration>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options: HistogramOptions<Class["fields"]>,
): Dimension<HistogramSnapshot> {
  const { where, buckets } = checkOptions("options", options, ["where", "buckets"]);
  return new Dimension("histogram", [source(event, where, { field })], checkBuckets(buckets));
}

function source(
  event: unknown,
  where: unknown,
  contributes: DimensionSource["contributes"],
  name = "event",
): DimensionSource {
  const definition = definitionOfClass(name, event);
  if ("field" in contributes) checkNumeric(definition, contributes.field);
  return Object.freeze({
    event: definition,
    where: checkWhere("options.where", where, definition),
    contributes: Object.freeze(contributes),
  });
}

function checkNumeric(definition: EventDefinition, name: unknown): void {
  if (typeof name !== "string") throw invalidArgType("field", "of type string", name);
  const field = definition.field(name);
  if (field === undefined) {
    throw invalidArgValue("field", `is no field of ${definition.eventType}`, name);
  }
  if (field.kind !== "float64" && field.kind !== "uint32") {
    throw invalidArgValue("field", "must be a float64 or uint32 field", name);
  }
}

/** A condition means the same for every class only where they declare its field alike. */
function checkDeclaredAlike(sources: readonly DimensionSource[]): void {
  const [first, ...others] = sources;
  for (const { fieldName } of first?.where ?? []) {
    const declared = JSON.stringify(first?.event.field(fieldName));
    for (const { event } of others) {
      if (JSON.stringify(event.field(fieldName)) !== declared) {
        throw invalidArgValue(
          `options.where.${fieldName}`,
          "must be declared alike by all the event classes",
          fieldName,
        );
      }
    }
  }
}

function checkBuckets(value: unknown): readonly number[] {
  const name = "options.buckets";
  if (!Array.isArray(value)) throw invalidArgType(name, "an array", value);
  if (value.length === 0 || value.length > MOST_BUCKETS) {
    throw invalidArgValue(name, `must have 1 to ${MOST_BUCKETS} bounds`, value.length);
  }
  const bounds = Array.from(value, (bound: unknown, index) =>
    checkFinite(`${name}[${index}]`, bound),
  );
  for (const [index, bound] of bounds.entries()) {
    const before = bounds[index - 1];
    if (before !== undefined && before >= bound) {
      throw invalidArgValue(name, `must be strictly increasing, not ${before}, ${bound}`, value);
    }
  }
  return Object.freeze(bounds);
}
