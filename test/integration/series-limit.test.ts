import {
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  histogram,
  label,
  last,
  max,
  mean,
  min,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf, rowsOf, seriesOf } from "../support/snapshots.js";

const Hit = defineMetricEvent("hit", { path: label(), number: uint32() });
const OVERFLOW = { metrics_overflow: "true" };

function recorderWith(dimensions: Record<string, Dimension>) {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("hits", dimensions));
  const emit = recorder.emitter(Hit, ["path", "number"]);
  return { recorder, emit };
}

describe.each([1, 2, 500])("at maxSeries %i", (maxSeries) => {
  const limit = { by: ["path"], maxSeries } as const;

  test("the first combinations keep their series, the rest are one overflow series, last", () => {
    const { recorder, emit } = recorderWith({ number: sum(Hit, "number", limit) });
    const paths = Array.from({ length: maxSeries + 300 }, (_, index) => `/${index}`);
    for (let round = 1; round <= 3; round++) {
      for (const [number, path] of paths.entries()) expect(emit(path, number)).toBe(true);
      const beyond = paths.map((_, number) => number).slice(maxSeries);
      expect(seriesOf(recorder, "hits", "number")).toEqual([
        ...paths
          .slice(0, maxSeries)
          .map((path, number) => ({ labels: { path }, value: number * round })),
        { labels: OVERFLOW, value: beyond.reduce((a, b) => a + b, 0) * round },
      ]);
      expect(recorder.getStats().seriesOverflowed).toBe(300 * round);
    }
  });

  test("there is no overflow series while no combination is beyond it", () => {
    const { recorder, emit } = recorderWith({ total: count(Hit, limit) });
    for (let n = 0; n < 2 * maxSeries; n++) emit(`/${n % maxSeries}`, n);
    const rows = Array.from({ length: maxSeries }, (_, index) => [`/${index}`, 2]);
    expect(rowsOf(recorder, "hits", "total")).toEqual(rows);
    expect(recorder.getStats().seriesOverflowed).toBe(0);
    emit("/new", 0);
    expect(rowsOf(recorder, "hits", "total")).toEqual([...rows, ["true", 1]]);
    expect(recorder.getStats().seriesOverflowed).toBe(1);
  });
});

test("the overflow series aggregates what went to it, as any other series does", () => {
  const limit = { by: ["path"], maxSeries: 1 } as const;
  const { recorder, emit } = recorderWith({
    count: count(Hit, limit),
    sum: sum(Hit, "number", limit),
    up_down: upDown([[Hit, -1]], limit),
    min: min(Hit, "number", limit),
    max: max(Hit, "number", limit),
    mean: mean(Hit, "number", limit),
    last: last(Hit, "number", limit),
    histogram: histogram(Hit, "number", { buckets: [4], ...limit }),
    exponential: exponentialHistogram(Hit, "number", { maxSize: 2, ...limit }),
    quantiles: quantiles(Hit, "number", { quantiles: [0, 1], ...limit }),
    distinct: distinct(Hit, "number", limit),
  });
  emit("/known", 1_000);
  for (const [index, number] of [8, 2, 4, 2, 3].entries()) emit(`/${index}`, number);
  emit("/known", 1_000);
  const all = { count: 5, sum: 19, min: 2, max: 8 };
  const expected = {
    count: 5,
    sum: 19,
    up_down: -5,
    min: 2,
    max: 8,
    mean: 19 / 5,
    last: 3,
    histogram: {
      ...all,
      buckets: [
        { le: 4, count: 4 },
        { le: Number.POSITIVE_INFINITY, count: 1 },
      ],
    },
    // 2, 2, 3, 4 in (1, 4], 8 in (4, 16].
    exponential: { ...all, scale: -1, zeroCount: 0, positive: { offset: 0, counts: [4, 1] } },
    quantiles: { ...all, quantiles: { 0: 2, 1: 8 } },
    distinct: 4,
  };
  for (const [name, value] of Object.entries(expected)) {
    const [known, overflow, ...others] = seriesOf(recorder, "hits", name);
    expect(known?.labels, name).toEqual({ path: "/known" });
    expect(overflow, name).toMatchObject({ labels: OVERFLOW, value });
    expect(others, name).toEqual([]);
  }
  expect(recorder.getStats().seriesOverflowed).toBe(5 * Object.keys(expected).length);
});

test("only what a dimension takes counts as overflow, and only where there is a by", () => {
  const { recorder, emit } = recorderWith({
    all: count(Hit),
    even: count(Hit, { where: { number: [0, 2] }, by: ["path"], maxSeries: 1 }),
    every: count(Hit, { by: ["path"], maxSeries: 2 }),
  });
  for (let number = 0; number < 4; number++) emit(`/${number}`, number);
  expect(recorder.registerEvent(Hit({ path: "/refused", number: -1 }))).toBe(false);
  expect(numberOf(recorder, "hits", "all")).toBe(4);
  expect(rowsOf(recorder, "hits", "even")).toEqual([
    ["/0", 1],
    ["true", 1],
  ]);
  expect(rowsOf(recorder, "hits", "every")).toEqual([
    ["/0", 1],
    ["/1", 1],
    ["true", 2],
  ]);
  expect(recorder.getStats().seriesOverflowed).toBe(1 + 2);
});

test("series, overflow and their count survive a stop and a start of the recorder", () => {
  const { recorder, emit } = recorderWith({ total: count(Hit, { by: ["path"], maxSeries: 2 }) });
  for (const path of ["/a", "/b", "/c"]) emit(path, 0);
  expect(recorder.stop().wait()).toMatchObject({ success: true });
  expect(recorder.start().wait()).toMatchObject({ success: true });
  for (const path of ["/d", "/b", "/c", "/b"]) expect(emit(path, 0)).toBe(true);
  expect(rowsOf(recorder, "hits", "total")).toEqual([
    ["/a", 1],
    ["/b", 3],
    ["true", 3],
  ]);
  expect(recorder.getStats().seriesOverflowed).toBe(3);
});

test("a metric that is replaced begins without series, and the count of overflows goes on", () => {
  const { recorder, emit } = recorderWith({ total: count(Hit, { by: ["path"], maxSeries: 1 }) });
  for (const path of ["/a", "/b", "/c"]) emit(path, 0);
  recorder.registerMetric(
    defineMetric("hits", { total: count(Hit, { by: ["path"], maxSeries: 2 }) }),
  );
  for (const path of ["/c", "/b", "/a"]) emit(path, 0);
  expect(rowsOf(recorder, "hits", "total")).toEqual([
    ["/c", 1],
    ["/b", 1],
    ["true", 1],
  ]);
  expect(recorder.getStats().seriesOverflowed).toBe(2 + 1);
});

test("by default there are 2 000 series", () => {
  const Numbered = defineMetricEvent("numbered", { number: uint32() });
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("all", { total: count(Numbered, { by: ["number"] }) }));
  const emit = recorder.emitter(Numbered, ["number"]);
  for (let number = 0; number < 2_003; number++) emit(number);
  expect(seriesOf(recorder, "all", "total")).toHaveLength(2_001);
  expect(recorder.getStats().seriesOverflowed).toBe(3);
});
