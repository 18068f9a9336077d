/** The aggregations that describe how the values of a field are distributed. */
import { checkArray, checkFinite, checkInteger } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue, outOfRange } from "../errors/argument-errors.js";
import type { EventClassDeclaration } from "../events/define-metric-event.js";
import type { EventFields } from "../events/event-definition.js";
import { type AggregationOptions, checkAggregationOptions } from "./aggregation-options.js";
import type { Dimension } from "./dimension.js";
import type { GroupBy, Grouped } from "./group-by.js";
import { fieldOf, makeDimension, type NumericName } from "./make-dimension.js";
import type {
  ExponentialHistogramSnapshot,
  HistogramSnapshot,
  QuantilesSnapshot,
} from "./snapshot.js";

export interface HistogramOptions<
  Fields extends EventFields,
  By extends GroupBy<Fields> = GroupBy<Fields>,
> extends AggregationOptions<Fields, By> {
  /** Upper bounds, included in their bucket: finite, strictly increasing, 1 … 1 000 of them. */
  readonly buckets: readonly number[];
}

export interface ExponentialHistogramOptions<
  Fields extends EventFields,
  By extends GroupBy<Fields> = GroupBy<Fields>,
> extends AggregationOptions<Fields, By> {
  /** As many buckets as there may be for each sign, 2 … 4 096, default 160. */
  readonly maxSize?: number | undefined;
}

export interface QuantilesOptions<
  Fields extends EventFields,
  By extends GroupBy<Fields> = GroupBy<Fields>,
> extends AggregationOptions<Fields, By> {
  /** Which ones: different numbers 0 … 1, at most 100 of them. */
  readonly quantiles: readonly number[];
  /**
   * How far an answer may be from the exact one, relative to it: 1e-4 … 1 (excluded), default 0.01.
   * The smaller, the more memory: at most 16 KiB for each sign at 0.01, 1 MiB at 1e-4.
   */
  readonly relativeError?: number | undefined;
}

const MOST_BUCKETS = 1_000;
const LEAST_SIZE = 2;
const MOST_SIZE = 4_096;
const DEFAULT_SIZE = 160;
const MOST_QUANTILES = 100;
const LEAST_RELATIVE_ERROR = 1e-4;
const DEFAULT_RELATIVE_ERROR = 0.01;

/**
 * The distribution of a numeric field over explicit buckets. Snapshot: {@link HistogramSnapshot}.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` (unsorted or duplicate
 * buckets); RangeError `ERR_OUT_OF_RANGE` (a bound that is not finite)
 */
export function histogram<
  Class extends EventClassDeclaration,
  const By extends GroupBy<Class["fields"]> = undefined,
>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options: HistogramOptions<Class["fields"], By>,
): Dimension<Grouped<HistogramSnapshot, By>> {
  const checked = checkAggregationOptions(options, ["buckets"]);
  const sources = [fieldOf(event, field)];
  const buckets = checkBuckets(checked.buckets);
  return makeDimension({ kind: "histogram", buckets }, sources, checked);
}

/**
 * The distribution of a numeric field over buckets whose bounds are powers of a base, after the
 * OpenTelemetry data model. They need not be chosen: the histogram begins with a base of 2^(1/256)
 * and squares it whenever the values seen would need more than `maxSize` buckets. Snapshot:
 * {@link ExponentialHistogramSnapshot}.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function exponentialHistogram<
  Class extends EventClassDeclaration,
  const By extends GroupBy<Class["fields"]> = undefined,
>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options?: ExponentialHistogramOptions<Class["fields"], By>,
): Dimension<Grouped<ExponentialHistogramSnapshot, By>> {
  const checked = checkAggregationOptions(options, ["maxSize"]);
  const sources = [fieldOf(event, field)];
  const maxSize = checkMaxSize(checked.maxSize);
  return makeDimension({ kind: "exponentialHistogram", maxSize }, sources, checked);
}

/**
 * Quantiles of a numeric field, each within `relativeError` of the exact one (DDSketch: Masson, Rim,
 * Lee, VLDB 2019). The q-quantile of n values is the one with floor(q * (n - 1)) values before it.
 * Of magnitudes more than 10^9 times smaller than the largest one the bound may no longer hold.
 * Snapshot: {@link QuantilesSnapshot}.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function quantiles<
  Class extends EventClassDeclaration,
  const By extends GroupBy<Class["fields"]> = undefined,
>(
  event: Class,
  field: NumericName<Class["fields"]>,
  options: QuantilesOptions<Class["fields"], By>,
): Dimension<Grouped<QuantilesSnapshot, By>> {
  const checked = checkAggregationOptions(options, ["quantiles", "relativeError"]);
  const sources = [fieldOf(event, field)];
  return makeDimension(
    {
      kind: "quantiles",
      quantiles: checkQuantiles(checked.quantiles),
      relativeError: checkRelativeError(checked.relativeError),
    },
    sources,
    checked,
  );
}

/** @throws TypeError, RangeError that name `options.buckets` */
export function checkBuckets(value: unknown): readonly number[] {
  const name = "options.buckets";
  const bounds = checkNumbers(name, value, MOST_BUCKETS, checkFinite);
  for (const [index, bound] of bounds.entries()) {
    const before = bounds[index - 1];
    if (before !== undefined && before >= bound) {
      throw invalidArgValue(name, `must be strictly increasing, not ${before}, ${bound}`, value);
    }
  }
  return bounds;
}

/** @internal */
export function checkMaxSize(value: unknown = DEFAULT_SIZE, options = "options"): number {
  return checkInteger(`${options}.maxSize`, value, LEAST_SIZE, MOST_SIZE);
}

function checkQuantiles(value: unknown): readonly number[] {
  const name = "options.quantiles";
  const quantiles = checkNumbers(name, value, MOST_QUANTILES, (item, quantile) => {
    if (typeof quantile !== "number") throw invalidArgType(item, "of type number", quantile);
    if (!(quantile >= 0 && quantile <= 1)) throw outOfRange(item, ">= 0 and <= 1", quantile);
    return quantile + 0; // -0 is 0
  });
  if (new Set(quantiles).size !== quantiles.length) {
    throw invalidArgValue(name, "must not have a quantile twice", value);
  }
  return quantiles;
}

function checkRelativeError(value: unknown = DEFAULT_RELATIVE_ERROR): number {
  const name = "options.relativeError";
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!(value >= LEAST_RELATIVE_ERROR && value < 1)) {
    throw outOfRange(name, `>= ${LEAST_RELATIVE_ERROR} and < 1`, value);
  }
  return value;
}

function checkNumbers(
  name: string,
  value: unknown,
  most: number,
  check: (item: string, value: unknown) => number,
): readonly number[] {
  const items = checkArray(name, value, 1, most);
  return Object.freeze(items.map((item, index) => check(`${name}[${index}]`, item)));
}
