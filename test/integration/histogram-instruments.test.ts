/** Histograms that are written directly: the same values as an event metric gives for the same data. */
import { defineMetric, defineMetricEvent, float64, histogram } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { histogramOf, rowsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";
import { startThreads } from "../support/workers.js";

const Took = defineMetricEvent("took", { ms: float64() });

describe("a histogram", () => {
  test("is empty at first", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.histogram("h", { help: "", buckets: [1] });
    expect(recorder.getMetricSnapshots().h?.dimensions.value).toEqual({
      count: 0,
      sum: 0,
      min: null,
      max: null,
      buckets: [
        { le: 1, count: 0 },
        { le: Number.POSITIVE_INFINITY, count: 0 },
      ],
    });
  });

  test.each([1, 2, 11, 16, 17, 18, 33, 100, 1_000])(
    "of %i bounds counts as an event metric does",
    (bounds) => {
      const random = seededRandom(bounds);
      const buckets = Array.from({ length: bounds }, (_, n) => n * 3 - bounds);
      const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 20_000 });
      const instrument = recorder.histogram("h", { help: "", buckets });
      recorder.registerMetric(defineMetric("m", { value: histogram(Took, "ms", { buckets }) }));
      const took = recorder.emitter(Took, ["ms"]);
      const span = 4 * bounds + 10;
      const values = [
        ...buckets,
        ...buckets.map((bound) => bound + 1e-9),
        -0,
        Number.MAX_SAFE_INTEGER,
        ...Array.from({ length: 5_000 }, () => Math.round((random() - 0.5) * span * 64) / 64),
      ];
      for (const value of values) expect(instrument.record(value) && took(value)).toBe(true);
      const { sum, ...exact } = histogramOf(recorder, "m", "value");
      expect(histogramOf(recorder, "h", "value")).toMatchObject(exact);
      expect(histogramOf(recorder, "h", "value").sum).toBeCloseTo(sum, 0);
    },
  );

  test("refuses and counts what cannot be counted", () => {
    const recorder = startedRuntime().createRecorder("a");
    const instrument = recorder.histogram("h", { help: "", buckets: [1] });
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(bad.map((value) => instrument.record(value))).toEqual([false, false, false]);
    expect(recorder.getStats().invalid).toBe(3);
    expect(recorder.getMetricSnapshots().h?.dimensions.value).toMatchObject({ count: 0, sum: 0 });
  });

  test("takes the time: the seconds since, each time the function is called", async () => {
    const recorder = startedRuntime().createRecorder("a");
    const instrument = recorder.histogram("h", { help: "", labels: ["a"], buckets: [60] });
    const begin = performance.now();
    const stop = instrument.startTimer({ a: "x" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const first = stop();
    const second = instrument.labels({ a: "x" }).startTimer()();
    const passed = (performance.now() - begin) / 1_000;
    expect(first).toBeGreaterThanOrEqual(0.019);
    expect(first).toBeLessThanOrEqual(passed);
    expect(second).toBeLessThanOrEqual(passed);
    const [row] = rowsOf(recorder, "h", "value");
    expect(row?.[1]).toMatchObject({ count: 2, sum: first + second, max: first });
  });

  test("that has no labels is its own series of no labels, and there is no other", () => {
    const recorder = startedRuntime().createRecorder("a");
    const instrument = recorder.histogram("h", { help: "", buckets: [1] });
    expect(instrument.labels({})).toBe(instrument);
    const other = { a: "x" } as never;
    expect(thrownBy(() => instrument.labels(other))).toMatchObject(INVALID_ARG_VALUE);
    const untyped: { startTimer(labels: unknown): unknown } = instrument;
    expect(thrownBy(() => untyped.startTimer(other))).toMatchObject(INVALID_ARG_VALUE);
  });

  test("adds up over threads, also those that have ended", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const mine = recorder.histogram("h", { help: "", buckets: [1, 2] });
    mine.record(-3);
    const threads = await startThreads(2, runtime);
    for (const [index, thread] of threads.entries()) {
      await thread.run(({ runtime }, index) => {
        const instrument = runtime.getRecorder("a").histogram("h", { help: "", buckets: [1, 2] });
        for (let n = 0; n < 100; n++) instrument.record(index + 1);
      }, index);
    }
    await threads[0]?.worker.terminate();
    expect(recorder.getMetricSnapshots().h?.dimensions.value).toEqual({
      count: 201,
      sum: 297,
      min: -3,
      max: 2,
      buckets: [
        { le: 1, count: 101 },
        { le: 2, count: 100 },
        { le: Number.POSITIVE_INFINITY, count: 0 },
      ],
    });
  });
});

test.each([
  ["no buckets", undefined, INVALID_ARG_TYPE],
  ["none in the list", [], INVALID_ARG_VALUE],
  ["no list", 5, INVALID_ARG_TYPE],
  ["unsorted", [2, 1], INVALID_ARG_VALUE],
  ["twice the same", [1, 1], INVALID_ARG_VALUE],
  ["NaN", [1, Number.NaN], OUT_OF_RANGE],
  ["Infinity", [1, Number.POSITIVE_INFINITY], OUT_OF_RANGE],
  ["text", [1, "2"], INVALID_ARG_TYPE],
  ["too many", Array.from({ length: 1_001 }, (_, n) => n), INVALID_ARG_VALUE],
])("buckets that are none are refused: %s", (_, buckets, expected) => {
  const recorder = startedRuntime().createRecorder("a");
  const error = thrownBy(() => recorder.histogram("h", { help: "", buckets: buckets as never }));
  expect(error).toMatchObject(expected);
  expect(error.message).toContain('"options.buckets');
  expect(recorder.getMetricSnapshots()).toEqual({});
});
