import {
  boolean,
  count,
  type Dimension,
  type DimensionValue,
  defineMetric,
  defineMetricEvent,
  float64,
  type HistogramSnapshot,
  histogram,
  label,
  type MetricsRecorderLike,
  oneOf,
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
});

test("where compares fields that can be compared, with values of their type", () => {
  count(Save, {
    where: { bytes: 1, cached: true, outcome: ["OK", "BAD"], backend: ["s3", "gcs"] },
  });
  count(Save, { where: {} });
  count(Save, { where: undefined });
  // @ts-expect-error a float64 has no equality
  count(Save, { where: { ms: 1 } });
  // @ts-expect-error an unknown field
  count(Save, { where: { result: "OK" } });
  // @ts-expect-error no member of oneOf
  count(Save, { where: { outcome: "GOOD" } });
  // @ts-expect-error an array with something that is no member
  count(Save, { where: { outcome: ["OK", "GOOD"] } });
  // @ts-expect-error text for a boolean
  count(Save, { where: { cached: "true" } });
  // @ts-expect-error text for a number
  sum(Save, "ms", { where: { bytes: "1" } });
  // @ts-expect-error an option that does not exist
  count(Save, { were: {} });
});

test("sum and histogram take numeric fields", () => {
  sum(Save, "ms");
  sum(Save, "bytes");
  histogram(Save, "ms", { buckets: [1, 2] as const });
  // @ts-expect-error a label
  sum(Save, "backend");
  // @ts-expect-error a boolean
  sum(Save, "cached");
  // @ts-expect-error a oneOf
  histogram(Save, "outcome", { buckets: [1] });
  // @ts-expect-error an unknown field
  sum(Save, "msec");
  // @ts-expect-error no field
  sum(Save);
  // @ts-expect-error no buckets
  histogram(Save, "ms");
  // @ts-expect-error no buckets
  histogram(Save, "ms", {});
  // @ts-expect-error text for a bound
  histogram(Save, "ms", { buckets: ["1"] });
});

test("upDown compares fields that all its classes have", () => {
  const Started = defineMetricEvent("started", { kind: oneOf("A", "B"), only_here: boolean() });
  const Finished = defineMetricEvent("finished", { kind: oneOf("A", "B"), ms: float64() });
  const steps = [
    [Started, +1],
    [Finished, -1],
  ] as const;
  upDown(steps);
  upDown([[Started, 1]], { where: { only_here: true } });
  upDown(steps, { where: { kind: "A" } });
  // @ts-expect-error only one of the classes has it
  upDown(steps, { where: { only_here: true } });
  // @ts-expect-error no member
  upDown(steps, { where: { kind: "C" } });
  // @ts-expect-error a step that is no number
  upDown([[Started, "1"]]);
  // @ts-expect-error a class without a step
  upDown([Started]);
});

test("a dimension knows what a snapshot holds for it", () => {
  expectTypeOf(count(Save)).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(sum(Save, "ms")).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(upDown([[Save, 1]])).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(histogram(Save, "ms", { buckets: [1] })).toEqualTypeOf<
    Dimension<HistogramSnapshot>
  >();
});

test("a metric has dimensions, each an aggregation", () => {
  const metric = defineMetric("saves", { total: count(Save), ms: sum(Save, "ms") });
  expectTypeOf(metric.dimensions.total).toEqualTypeOf<Dimension<number>>();
  expectTypeOf(metric.metricName).toEqualTypeOf<string>();
  // @ts-expect-error an event class
  defineMetric("saves", { total: Save });
  // @ts-expect-error an aggregation not called
  defineMetric("saves", { total: count });
  // @ts-expect-error no name
  defineMetric({ total: count(Save) });
});

test("production code depends on the narrow interface", () => {
  const recorder = {} as MetricsRecorderLike;
  recorder.registerMetric(defineMetric("saves", { total: count(Save) }));
  const snapshot = recorder.getMetricSnapshots().saves;
  expectTypeOf(snapshot?.dimensions.total).toEqualTypeOf<DimensionValue | undefined>();
  // @ts-expect-error not for production code
  recorder.stop();
});
