import {
  checkArray,
  checkInteger,
  checkMember,
  checkOptions,
  checkText,
} from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { checkBuckets, checkMaxSize } from "../metrics/distributions.js";
import { checkMaxSeries } from "../metrics/group-by.js";

/** What every instrument is made with. */
export interface InstrumentOptions<LabelName extends string = string> {
  /** What it measures, for people who read an exposition. No part of the definition: the first one is shown. */
  readonly help: string;
  /** In which unit, such as `"seconds"` or `"bytes"`; it becomes a part of the name in expositions. */
  readonly unit?: string | undefined;
  /** The names of its labels: one series for each combination of their values. At most 15. */
  readonly labels?: readonly LabelName[] | undefined;
  /**
   * With labels: as many series as there may be over all threads, 1 … 2^20, default 2 000. What comes
   * beyond goes to one overflow series and is counted in `getStats().seriesOverflowed`.
   */
  readonly maxSeries?: number | undefined;
  /**
   * With labels: a series that was not written to for so long ends, at the latest after twice the time,
   * 1 … 2^31 - 1 milliseconds; absent: never. One that `labels()` has given does not end. When it is
   * written to again, it begins from nothing.
   */
  readonly expireAfterMs?: number | undefined;
}

/**
 * How the values of several threads come to one: the one that was set last on any thread, their sum,
 * the least, the greatest. When a thread ends, its value stays under `"last"` and leaves otherwise.
 */
export type GaugeCombine = "last" | "sum" | "min" | "max";

export interface GaugeOptions<LabelName extends string = string>
  extends InstrumentOptions<LabelName> {
  /** Default `"last"`. */
  readonly combine?: GaugeCombine | undefined;
}

/** A series ends when its thread does not observe it any more. */
export type ObservableGaugeOptions<LabelName extends string = string> = Omit<
  GaugeOptions<LabelName>,
  "expireAfterMs"
>;

/** A histogram's buckets: explicit ones, or exponential ones, which need not be chosen. */
export type HistogramInstrumentOptions<LabelName extends string = string> =
  | ExplicitHistogramInstrumentOptions<LabelName>
  | ExponentialHistogramInstrumentOptions<LabelName>;

/** Of a histogram whose buckets are chosen. */
export interface ExplicitHistogramInstrumentOptions<LabelName extends string = string>
  extends InstrumentOptions<LabelName> {
  /** Upper bounds, included in their bucket: finite, strictly increasing, 1 … 1 000 of them. */
  readonly buckets: readonly number[];
  /** Either these or `buckets`. */
  readonly exponential?: undefined;
}

/** Of a histogram that makes its buckets as the values come. */
export interface ExponentialHistogramInstrumentOptions<LabelName extends string = string>
  extends InstrumentOptions<LabelName> {
  /** Either these or `exponential`. */
  readonly buckets?: undefined;
  /** `true`: with the defaults. */
  readonly exponential:
    | true
    | {
        /** As many buckets as there may be for each sign, 2 … 4 096, default 160. */
        readonly maxSize?: number | undefined;
      };
}

/** Checked. */
export interface InstrumentSettings {
  readonly help: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly maxSeries: number;
  readonly expireAfterMs: number | undefined;
  readonly combine: GaugeCombine;
  /** Empty: exponential ones. */
  readonly buckets: readonly number[];
  readonly maxSize: number;
}

const COMMON = ["help", "unit", "labels", "maxSeries", "expireAfterMs"] as const;
/** As long as a timer can run. */
const LONGEST_MS = 2 ** 31 - 1;
/** In the order of the native numbers. */
export const COMBINES = ["last", "sum", "min", "max"] as const satisfies readonly GaugeCombine[];
const MOST_LABELS = 15;
const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names the overflow series. */
const RESERVED_NAME = "metrics_overflow";

/** @throws TypeError, RangeError that name the option; likewise the other two */
export function checkInstrumentOptions(options: unknown): InstrumentSettings {
  return checkCommon(optionsOf(options, COMMON));
}

export function checkGaugeOptions(options: unknown): InstrumentSettings {
  const { combine, ...common } = optionsOf(options, [...COMMON, "combine"]);
  const checked = checkCommon(common);
  if (combine === undefined) return checked;
  return { ...checked, combine: checkMember("options.combine", combine, COMBINES) };
}

/** Its series need no time to end: they go when they are not observed. */
export function checkObservableGaugeOptions(options: unknown): InstrumentSettings {
  const { combine, help, unit, labels, maxSeries } = optionsOf(options, [
    ...COMMON.filter((name) => name !== "expireAfterMs"),
    "combine",
  ]);
  return checkGaugeOptions({ combine, help, unit, labels, maxSeries });
}

export function checkHistogramOptions(options: unknown): InstrumentSettings {
  const known = [...COMMON, "buckets", "exponential"] as const;
  const { buckets, exponential, ...common } = optionsOf(options, known);
  const checked = checkCommon(common);
  if (exponential === undefined) return { ...checked, buckets: checkBuckets(buckets) };
  if (buckets !== undefined) {
    const name = "options.exponential";
    throw invalidArgValue(name, "must not be there beside options.buckets", exponential);
  }
  return { ...checked, maxSize: checkExponential(exponential) };
}

function checkExponential(value: unknown): number {
  const name = "options.exponential";
  if (value === true) return checkMaxSize(undefined);
  if (value === false) throw invalidArgType(name, "true or of type object", value);
  return checkMaxSize(checkOptions(name, value, ["maxSize"]).maxSize, name);
}

type Unchecked<Key extends string> = { readonly [Name in Key]?: unknown };

function optionsOf<Key extends string>(options: unknown, keys: readonly Key[]): Unchecked<Key> {
  if (options === undefined) throw invalidArgType("options", "of type object", options);
  return checkOptions("options", options, keys);
}

function checkCommon({
  help,
  unit,
  labels,
  maxSeries,
  expireAfterMs,
}: Unchecked<(typeof COMMON)[number]>): InstrumentSettings {
  return {
    help: checkText("options.help", help),
    unit: unit === undefined ? "" : checkText("options.unit", unit),
    labels: labels === undefined ? [] : checkLabelNames(labels),
    maxSeries: checkMaxSeries(maxSeries),
    expireAfterMs:
      expireAfterMs === undefined
        ? undefined
        : checkInteger("options.expireAfterMs", expireAfterMs, 1, LONGEST_MS),
    combine: "last",
    buckets: [],
    maxSize: 0,
  };
}

function checkLabelNames(value: unknown): readonly string[] {
  const names = checkArray("options.labels", value, 0, MOST_LABELS);
  return names.map((name, index) => {
    const argument = `options.labels[${index}]`;
    if (typeof name !== "string") throw invalidArgType(argument, "of type string", name);
    if (!LABEL_NAME.test(name)) throw invalidArgValue(argument, `must match ${LABEL_NAME}`, name);
    if (name === RESERVED_NAME) throw invalidArgValue(argument, "is a reserved name", name);
    if (names.indexOf(name) !== index) {
      throw invalidArgValue(argument, "must not be there twice", name);
    }
    return name;
  });
}
