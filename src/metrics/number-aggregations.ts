/** The aggregations whose value is one number. */
import { checkArray, checkFinite } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import { definitionOfClass, type EventClassDeclaration } from "../events/define-metric-event.js";
import { type AggregationOptions, checkAggregationOptions } from "./aggregation-options.js";
import type { Dimension } from "./dimension.js";
import type { GroupBy, Grouped } from "./group-by.js";
import { fieldOf, makeDimension, type NumericName } from "./make-dimension.js";

const MOST_STEPS = 1_000;

/**
 * The number of events. Snapshot: a number, 0 when there was none.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function count<
  Class extends EventClassDeclaration,
  const By extends GroupBy<Class["fields"]> = undefined,
>(event: Class, options?: AggregationOptions<Class["fields"], By>): Dimension<Grouped<number, By>> {
  const checked = checkAggregationOptions(options);
  const definition = definitionOfClass("event", event);
  return makeDimension(
    { kind: "count" },
    [{ event: definition, contributes: { step: 1 } }],
    checked,
  );
}

/**
 * The sum of a numeric field, in double precision. Snapshot: a number, 0 when there was no event.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function sum<
  Class extends EventClassDeclaration,
  const By extends GroupBy<Class["fields"]> = undefined,
>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options?: AggregationOptions<Class["fields"], By>,
): Dimension<Grouped<number, By>> {
  const checked = checkAggregationOptions(options);
  return makeDimension({ kind: "sum" }, [fieldOf(event, field)], checked);
}

/**
 * A number that some events raise and others lower, such as requests in flight.
 * Snapshot: a number, 0 when there was no event.
 *
 * @param steps event classes, each with the finite number that one of its events adds
 * @param options `where` and `by`: fields that all the classes declare alike
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function upDown<
  const Steps extends readonly (readonly [EventClassDeclaration, number])[],
  const By extends GroupBy<Steps[number][0]["fields"]> = undefined,
>(
  steps: Steps,
  options?: AggregationOptions<Steps[number][0]["fields"], By>,
): Dimension<Grouped<number, By>> {
  const checked = checkAggregationOptions(options);
  const sources = checkArray("steps", steps, 1, MOST_STEPS).map((pair, index) => {
    const name = `steps[${index}]`;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalidArgType(name, "a pair of an event class and a number", pair);
    }
    const event = definitionOfClass(`${name}[0]`, pair[0]);
    return { event, contributes: { step: checkFinite(`${name}[1]`, pair[1]) } };
  });
  return makeDimension({ kind: "upDown" }, sources, checked);
}

type OfField = <
  Class extends EventClassDeclaration,
  const By extends GroupBy<Class["fields"]> = undefined,
>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options?: AggregationOptions<Class["fields"], By>,
) => Dimension<Grouped<number | null, By>>;

function numberOrNull(kind: "min" | "max" | "mean" | "last"): OfField {
  return (event, field, options) => {
    const checked = checkAggregationOptions(options);
    return makeDimension({ kind }, [fieldOf(event, field)], checked);
  };
}

/**
 * The smallest value of a numeric field. Snapshot: a number, `null` when there was no event.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 * @function
 */
export const min: OfField = numberOrNull("min");

/**
 * The largest value of a numeric field. Snapshot: a number, `null` when there was no event.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 * @function
 */
export const max: OfField = numberOrNull("max");

/**
 * The sum of a numeric field divided by the number of events, in double precision. Snapshot: a
 * number, `null` when there was no event.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 * @function
 */
export const mean: OfField = numberOrNull("mean");

/**
 * The value of a numeric field in the latest event. Snapshot: a number, `null` when there was no
 * event.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 * @function
 */
export const last: OfField = numberOrNull("last");
