import {
  boolean,
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  distinct,
  type ExponentialHistogramSnapshot,
  exponentialHistogram,
  float64,
  type HistogramSnapshot,
  histogram,
  key,
  label,
  last,
  type MetricsRecorderLike,
  max,
  mean,
  min,
  oneOf,
  type QuantilesSnapshot,
  quantiles,
  type Series,
  type SeriesValue,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const Save = defineMetricEvent("save", {
  ms: float64(),
  bytes: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
  user: key(),
});

type SeriesOf<Value> = Dimension<readonly Series<Value>[]>;

test("with by a snapshot holds series of what it holds without", () => {
  const by = ["backend"] as const;
  expectTypeOf(count(Save, { by })).toEqualTypeOf<SeriesOf<number>>();
  expectTypeOf(sum(Save, "ms", { by })).toEqualTypeOf<SeriesOf<number>>();
  expectTypeOf(upDown([[Save, 1]], { by })).toEqualTypeOf<SeriesOf<number>>();
  expectTypeOf(distinct(Save, "user", { by })).toEqualTypeOf<SeriesOf<number>>();
  for (const make of [min, max, mean, last]) {
    expectTypeOf(make(Save, "ms", { by })).toEqualTypeOf<SeriesOf<number | null>>();
  }
  expectTypeOf(histogram(Save, "ms", { buckets: [1], by })).toEqualTypeOf<
    SeriesOf<HistogramSnapshot>
  >();
  expectTypeOf(exponentialHistogram(Save, "ms", { by })).toEqualTypeOf<
    SeriesOf<ExponentialHistogramSnapshot>
  >();
  expectTypeOf(quantiles(Save, "ms", { quantiles: [0.5], by })).toEqualTypeOf<
    SeriesOf<QuantilesSnapshot>
  >();
});

test("without by, or with undefined for it, there are no series", () => {
  expectTypeOf(count(Save, {})).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(count(Save, { maxSeries: 5 })).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(count(Save, { where: { cached: true } })).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(count(Save, { by: undefined })).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(distinct(Save, "user")).toEqualTypeOf<Dimension<number>>();
  for (const make of [min, max, mean, last]) {
    expectTypeOf(make(Save, "ms")).toEqualTypeOf<Dimension<number | null>>();
  }
  expectTypeOf(exponentialHistogram(Save, "ms")).toEqualTypeOf<
    Dimension<ExponentialHistogramSnapshot>
  >();
  expectTypeOf(quantiles(Save, "ms", { quantiles: [0.5] })).toEqualTypeOf<
    Dimension<QuantilesSnapshot>
  >();
});

test("by takes fields that can be compared, written out or from a variable", () => {
  expectTypeOf(count(Save, { by: ["outcome", "backend", "cached", "bytes"] })).toEqualTypeOf<
    SeriesOf<number>
  >();
  const by: ("backend" | "cached")[] = ["backend"];
  expectTypeOf(count(Save, { by, maxSeries: 500, where: { outcome: "OK" } })).toEqualTypeOf<
    SeriesOf<number>
  >();
  // @ts-expect-error a float64 has no equality
  count(Save, { by: ["ms"] });
  // @ts-expect-error a key is only to be counted
  count(Save, { by: ["user"] });
  // @ts-expect-error an unknown field
  sum(Save, "ms", { by: ["backend", "zone"] });
  // @ts-expect-error an unknown field
  histogram(Save, "ms", { buckets: [1], by: ["Backend"] });
  // @ts-expect-error an unknown field
  exponentialHistogram(Save, "ms", { by: ["zone"] });
  // @ts-expect-error an unknown field
  quantiles(Save, "ms", { quantiles: [0.5], by: ["zone"] });
  // @ts-expect-error an unknown field
  distinct(Save, "user", { by: ["zone"] });
  // @ts-expect-error an unknown field
  min(Save, "ms", { by: ["zone"] });
  // @ts-expect-error a name that is not in an array
  count(Save, { by: "backend" });
  // @ts-expect-error null
  count(Save, { by: null });
  // @ts-expect-error text for a number
  count(Save, { by: ["backend"], maxSeries: "5" });
});

test("option keys that do not exist are refused, with by as without", () => {
  // @ts-expect-error a misspelt option
  count(Save, { by: ["backend"], maxseries: 5 });
  // @ts-expect-error a misspelt option
  sum(Save, "ms", { groupBy: ["backend"] });
  // @ts-expect-error a misspelt option
  upDown([[Save, 1]], { by: ["backend"], max: 5 });
  // @ts-expect-error an option of another aggregation
  mean(Save, "ms", { by: ["backend"], buckets: [1] });
  // @ts-expect-error an option of another aggregation
  histogram(Save, "ms", { by: ["backend"], buckets: [1], maxSize: 5 });
  // @ts-expect-error an option of another aggregation
  exponentialHistogram(Save, "ms", { by: ["backend"], buckets: [1] });
  // @ts-expect-error an option of another aggregation
  quantiles(Save, "ms", { quantiles: [0.5], maxSize: 5 });
  // @ts-expect-error an option of another aggregation
  distinct(Save, "user", { relativeError: 0.1 });
  // @ts-expect-error no quantiles
  quantiles(Save, "ms", {});
  // @ts-expect-error no options
  quantiles(Save, "ms");
});

test("a key is for distinct alone, which takes numbers too but nothing whose values are known", () => {
  distinct(Save, "user");
  distinct(Save, "ms");
  distinct(Save, "bytes");
  // @ts-expect-error a label
  distinct(Save, "backend");
  // @ts-expect-error a oneOf
  distinct(Save, "outcome");
  // @ts-expect-error a boolean
  distinct(Save, "cached");
  // @ts-expect-error no number
  sum(Save, "user");
  // @ts-expect-error no number
  last(Save, "user");
  // @ts-expect-error no number
  quantiles(Save, "user", { quantiles: [0.5] });
  // @ts-expect-error not remembered, so it cannot be compared
  count(Save, { where: { user: "a" } });
  // @ts-expect-error a number for a key
  Save({ ms: 1, bytes: 1, cached: true, outcome: "OK", backend: "s3", user: 7 });
  expectTypeOf(Save).returns.toHaveProperty("user").toEqualTypeOf<string>();
});

test("upDown groups by fields that all its classes have", () => {
  const Started = defineMetricEvent("started", { queue: label(), only_here: boolean() });
  const Finished = defineMetricEvent("finished", { ms: float64(), queue: label(), id: key() });
  const steps = [
    [Started, +1],
    [Finished, -1],
  ] as const;
  expectTypeOf(upDown(steps, { by: ["queue"] })).toEqualTypeOf<SeriesOf<number>>();
  expectTypeOf(upDown([[Started, 1]], { by: ["only_here", "queue"] })).toEqualTypeOf<
    SeriesOf<number>
  >();
  // @ts-expect-error only one of the classes has it
  upDown(steps, { by: ["queue", "only_here"] });
  // @ts-expect-error only one of the classes has it, and it cannot be compared
  upDown(steps, { by: ["ms"] });
});

test("a snapshot's series are data to read, with text for labels", () => {
  const metric = defineMetric("saves", { by_backend: count(Save, { by: ["backend"] }) });
  expectTypeOf(metric.dimensions.by_backend).toEqualTypeOf<SeriesOf<number>>();
  const value = ({} as MetricsRecorderLike).getMetricSnapshots().saves?.dimensions.by_backend;
  if (!Array.isArray(value)) return;
  const series: readonly Series<SeriesValue>[] = value;
  expectTypeOf(series[0]?.labels.backend).toEqualTypeOf<string | undefined>();
  expectTypeOf(series[0]?.value).toEqualTypeOf<SeriesValue | undefined>();
  // @ts-expect-error it is frozen
  series.push({ labels: {}, value: 1 });
});
