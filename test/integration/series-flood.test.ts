import { count, defineMetric, defineMetricEvent, uint32 } from "metrics-runtime";
import { expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { startedRuntime } from "../support/runtimes.js";
import { seriesOf } from "../support/snapshots.js";

const OVERFLOW = { metrics_overflow: "true" };

test("a million combinations at maxSeries 500 are counted exactly and take no memory", async () => {
  const { code, stdout, stderr } = await runFixture("series-flood.mjs", [], {
    nodeArguments: ["--expose-gc"],
    deadlineMs: 15_000,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { before, after, stats, dimensions } = JSON.parse(stdout);
  const grouped = ["count", "sum", "histogram", "distinct"];
  expect(stats).toEqual({
    accepted: 1_000_000,
    dropped: 0,
    seriesOverflowed: grouped.length * 999_500,
    labelsOverflowed: 0,
  });
  expect(dimensions.total).toBe(1_000_000);
  for (const name of grouped) {
    expect(dimensions[name]).toHaveLength(501);
    expect(dimensions[name].map(({ labels }: { labels: unknown }) => labels)).toEqual([
      ...Array.from({ length: 500 }, (_, index) => ({ path: `path-${index}`, host: "host-0" })),
      OVERFLOW,
    ]);
  }
  // The number of an event is its place, so every sum is known.
  const overflowSum = (999_999 * 1_000_000) / 2 - (499 * 500) / 2;
  expect(dimensions.count.at(-1).value).toBe(999_500);
  expect(dimensions.sum.at(-1).value).toBe(overflowSum);
  expect(dimensions.histogram.at(-1).value).toMatchObject({
    count: 999_500,
    sum: overflowSum,
    min: 500,
    max: 999_999,
    buckets: [{ count: 0 }, { count: 99_500 }, { count: 900_000 }],
  });
  expect(Math.abs(dimensions.distinct.at(-1).value / 999_500 - 1)).toBeLessThan(3 * 0.01625);
  for (let index = 0; index < 500; index++) {
    expect(dimensions.count[index].value).toBe(1);
    expect(dimensions.sum[index].value).toBe(index);
    expect(dimensions.distinct[index].value).toBe(1);
  }
  // As series the 900 000 combinations in between would take 280 MB, those of `count` alone 27 MB;
  // what the engine itself takes and gives back differs by less than 5 MB.
  expect(after - before).toBeLessThan(16e6);
});

test("as many series as there may be at most, 2 ** 20, are told apart", () => {
  const MOST = 2 ** 20;
  const Numbered = defineMetricEvent("numbered", { low: uint32(), high: uint32() });
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 65_536 });
  const metric = defineMetric("all", {
    total: count(Numbered, { by: ["low", "high"], maxSeries: MOST }),
  });
  recorder.registerMetric(metric);
  const emit = recorder.emitter(Numbered, ["low", "high"]);
  const emitEach = (step: number) => {
    for (let n = 0; n < MOST + 100; n += step) {
      emit(n % 1_024, n >>> 10);
      if (n % 65_536 === 0) recorder.registerMetric(metric); // equal: only takes its turn
    }
  };
  emitEach(1);
  emitEach(1_024);
  const series = seriesOf(recorder, "all", "total");
  expect(recorder.getStats()).toMatchObject({ dropped: 0, seriesOverflowed: 100 + 1 });
  expect(series).toHaveLength(MOST + 1);
  expect(series[MOST]).toEqual({ labels: OVERFLOW, value: 100 + 1 });
  const wrong = series.slice(0, MOST).filter(({ labels, value }, n) => {
    const expected = n % 1_024 === 0 ? 2 : 1;
    return labels.low !== `${n % 1_024}` || labels.high !== `${n >>> 10}` || value !== expected;
  });
  expect(wrong).toEqual([]);
});
