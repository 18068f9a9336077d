import {
  boolean,
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  key,
  label,
  last,
  max,
  mean,
  min,
  oneOf,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf, seriesOf } from "../support/snapshots.js";

const Call = defineMetricEvent("call", {
  ms: float64(),
  status: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
  user: key(),
});

type CallValues = Parameters<typeof Call>[0];
const CALLS: CallValues[] = [
  { ms: 4, status: 503, cached: false, outcome: "BAD", backend: "s3", user: "a" },
  { ms: 1, status: 200, cached: true, outcome: "OK", backend: "gcs", user: "a" },
  { ms: 2, status: 200, cached: false, outcome: "OK", backend: "s3", user: "b" },
  { ms: 8, status: 0, cached: true, outcome: "BAD", backend: "s3", user: "a" },
  { ms: 16, status: 2 ** 32 - 1, cached: true, outcome: "OK", backend: "gcs", user: "a" },
];

function recorderWith(dimensions: Record<string, Dimension>, calls: readonly CallValues[] = CALLS) {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("calls", dimensions));
  for (const values of calls) expect(recorder.registerEvent(Call(values))).toBe(true);
  return recorder;
}

const EVERY_AGGREGATION = {
  count: count(Call, { by: ["backend"] }),
  sum: sum(Call, "ms", { by: ["backend"] }),
  up_down: upDown([[Call, -2]], { by: ["backend"] }),
  min: min(Call, "ms", { by: ["backend"] }),
  max: max(Call, "ms", { by: ["backend"] }),
  mean: mean(Call, "ms", { by: ["backend"] }),
  last: last(Call, "ms", { by: ["backend"] }),
  histogram: histogram(Call, "ms", { buckets: [4], by: ["backend"] }),
  exponential: exponentialHistogram(Call, "ms", { maxSize: 2, by: ["backend"] }),
  quantiles: quantiles(Call, "ms", { quantiles: [0, 1], by: ["backend"] }),
  distinct: distinct(Call, "user", { by: ["backend"] }),
};

describe("by gives one series for each value", () => {
  test.each<[keyof typeof EVERY_AGGREGATION, s3: unknown, gcs: unknown]>([
    ["count", 3, 2],
    ["sum", 14, 17],
    ["up_down", -6, -4],
    ["min", 2, 1],
    ["max", 8, 16],
    ["mean", 14 / 3, 8.5],
    ["last", 8, 16],
    ["histogram", { count: 3, sum: 14, min: 2, max: 8 }, { count: 2, sum: 17, min: 1, max: 16 }],
    ["exponential", { count: 3, sum: 14, min: 2, max: 8 }, { count: 2, sum: 17, min: 1, max: 16 }],
    ["quantiles", { count: 3, quantiles: { 0: 2, 1: 8 } }, { quantiles: { 0: 1, 1: 16 } }],
    ["distinct", 2, 1],
  ])("of %s", (name, s3, gcs) => {
    const recorder = recorderWith({ [name]: EVERY_AGGREGATION[name] });
    expect(dimensionsOf(recorder, "calls")[name]).toMatchObject([
      { labels: { backend: "s3" }, value: s3 },
      { labels: { backend: "gcs" }, value: gcs },
    ]);
  });

  test("and none before the first event, frozen", () => {
    const dimensions = dimensionsOf(recorderWith(EVERY_AGGREGATION, []), "calls");
    for (const [name, series] of Object.entries(dimensions)) {
      expect(series, name).toEqual([]);
      expect(Object.isFrozen(series), name).toBe(true);
    }
  });

  test("of every kind of field, as text", () => {
    const recorder = recorderWith({
      oneOf: count(Call, { by: ["outcome"] }),
      label: count(Call, { by: ["backend"] }),
      boolean: count(Call, { by: ["cached"] }),
      uint32: count(Call, { by: ["status"] }),
    });
    const [Bad, Ok] = [["BAD", 2] as const, ["OK", 3] as const];
    expect(rowsOf(recorder, "calls", "oneOf")).toEqual([Bad, Ok]);
    expect(rowsOf(recorder, "calls", "label")).toEqual([
      ["s3", 3],
      ["gcs", 2],
    ]);
    expect(rowsOf(recorder, "calls", "boolean")).toEqual([
      ["false", 2],
      ["true", 3],
    ]);
    expect(rowsOf(recorder, "calls", "uint32")).toEqual([
      ["503", 1],
      ["200", 2],
      ["0", 1],
      ["4294967295", 1],
    ]);
  });

  test("of several fields together, in order of appearance, with the labels in the order of by", () => {
    const recorder = recorderWith({
      two: sum(Call, "ms", { by: ["outcome", "backend"] }),
      three: sum(Call, "ms", { by: ["status", "cached", "outcome"] }),
      four: sum(Call, "ms", { by: ["cached", "backend", "status", "outcome"] }),
    });
    expect(rowsOf(recorder, "calls", "two")).toEqual([
      ["BAD", "s3", 4 + 8],
      ["OK", "gcs", 1 + 16],
      ["OK", "s3", 2],
    ]);
    expect(rowsOf(recorder, "calls", "three")).toEqual([
      ["503", "false", "BAD", 4],
      ["200", "true", "OK", 1],
      ["200", "false", "OK", 2],
      ["0", "true", "BAD", 8],
      ["4294967295", "true", "OK", 16],
    ]);
    expect(seriesOf(recorder, "calls", "four").map(({ labels }) => Object.keys(labels))).toEqual(
      CALLS.map(() => ["cached", "backend", "status", "outcome"]),
    );
  });

  test("that where lets through, and no other", () => {
    const recorder = recorderWith({
      ms: sum(Call, "ms", { where: { cached: true }, by: ["outcome"] }),
      same_field: sum(Call, "ms", { where: { outcome: "OK" }, by: ["outcome"] }),
      nothing: count(Call, { where: { backend: "azure" }, by: ["outcome"] }),
    });
    expect(rowsOf(recorder, "calls", "ms")).toEqual([
      ["OK", 17],
      ["BAD", 8],
    ]);
    expect(rowsOf(recorder, "calls", "same_field")).toEqual([["OK", 19]]);
    expect(rowsOf(recorder, "calls", "nothing")).toEqual([]);
  });
});

test("by takes all fifteen fields of a class, each of which tells series apart", () => {
  const names = Array.from({ length: 15 }, (_, index) => `f${index}`);
  const kinds = [uint32(), boolean(), oneOf("A", "B"), label()] as const;
  const values = [
    [7, 8],
    [true, false],
    ["A", "B"],
    ["x", "y"],
  ] as const;
  const Wide = defineMetricEvent(
    "wide",
    Object.fromEntries(names.map((name, index) => [name, kinds[index % 4] ?? uint32()])),
  );
  const recorder = startedRuntime().createRecorder("a");
  const by = names.toReversed();
  recorder.registerMetric(defineMetric("wide", { total: count(Wide, { by }) }));
  // The first event, and then fifteen that differ from it in one field each; all of them twice.
  const events = Array.from({ length: 16 }, (_, changed) =>
    Object.fromEntries(
      names.map((name, index) => [name, values[index % 4]?.[index + 1 === changed ? 1 : 0] ?? 0]),
    ),
  );
  for (const event of [...events, ...events]) {
    expect(recorder.registerEvent(Wide(event))).toBe(true);
  }
  expect(seriesOf(recorder, "wide", "total")).toEqual(
    events.map((event) => ({
      labels: Object.fromEntries(by.map((name) => [name, String(event[name])])),
      value: 2,
    })),
  );
});
