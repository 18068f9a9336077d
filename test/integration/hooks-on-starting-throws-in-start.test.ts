import {
  type AggregationOptions,
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
  type MetricsRecorder,
  MetricsRecorderOnStartingHookFailedError,
  max,
  mean,
  min,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", {
  ms: float64(),
  size: uint32(),
  user: key(),
  place: label({ maxValues: 6 }),
});

/** A dimension of each kind there is. */
function dimensionsBy(options: AggregationOptions<typeof Save.fields>): Record<string, Dimension> {
  return {
    count: count(Save, options),
    sum: sum(Save, "ms", options),
    up_down: upDown([[Save, 1.5]], options),
    min: min(Save, "ms", options),
    max: max(Save, "ms", options),
    mean: mean(Save, "ms", options),
    last: last(Save, "size", options),
    histogram: histogram(Save, "ms", { ...options, buckets: [-5, 0, 5] }),
    exponential: exponentialHistogram(Save, "ms", options),
    quantiles: quantiles(Save, "ms", { ...options, quantiles: [0.1, 0.5, 0.99] }),
    distinct: distinct(Save, "user", options),
  };
}
const single = defineMetric("single", dimensionsBy({}));
const grouped = defineMetric("grouped", dimensionsBy({ by: ["place"] }));
const overflowing = defineMetric("overflowing", dimensionsBy({ by: ["size"], maxSeries: 3 }));
const later = defineMetric("later", { total: count(Save) });

/** Records what is like nothing else: with each seed other numbers, users and places. */
function record(recorder: MetricsRecorder, seed: number, events: number): void {
  const random = seededRandom(seed);
  for (let n = 0; n < events; n++) {
    const ms = (random() - 0.3) * 10 ** (seed + 3 * random());
    const size = Math.floor(random() * 8 + seed);
    const place = `place ${seed} ${Math.floor(random() * 5)}`;
    recorder.registerEvent(Save({ ms, size, user: `${seed}-${n}`, place }));
  }
}

/** A stopped recorder with a past in every aggregation, whose next start does `inside` and throws. */
function failedStart(thrown: unknown, inside: (recorder: MetricsRecorder) => void = () => {}) {
  const runtime = startedRuntime();
  let fails = false;
  const onStarting = (self: MetricsRecorder): void => {
    if (!fails) return;
    inside(self);
    throw thrown;
  };
  const recorder = runtime.createRecorder("a", { hooks: { onStarting } });
  for (const metric of [single, grouped, overflowing]) recorder.registerMetric(metric);
  record(recorder, 1, 400);
  recorder.registerEvent(Save({ ms: Number.NaN, size: 1, user: "u", place: "p" }));
  recorder.stop().wait();
  const before = { snapshots: recorder.getMetricSnapshots(), stats: recorder.getStats() };
  fails = true;
  onTestFinished(() => {
    // It fails, for the recorder has.
    if (runtime.getStatus() === "RUNNING") expect(() => runtime.shutdown()).toThrow();
  });
  return { runtime, recorder, before, handle: recorder.start() };
}

describe("when onStarting throws in start", () => {
  test("the handle has failed with it, whoever asks and however", async () => {
    const thrown = new RangeError("too many");
    const { recorder, handle } = failedStart(thrown);
    expect(recorder.getStatus()).toBe("FAILURE");
    const result = handle.wait(0);
    expect(result).toMatchObject({ opName: "START", success: false, error: { cause: thrown } });
    expect(result?.error).toBeInstanceOf(MetricsRecorderOnStartingHookFailedError);
    expect(result?.error?.message).toBe("on starting hook failed -> RangeError: too many");
    expect(handle.wait()).toBe(result);
    expect(await handle).toBe(result);
    expect(recorder.getStats().lastError).toBe(result?.error);
  });

  test.each([undefined, null, "text", 0, Symbol("s")])("also with %s", (thrown) => {
    const { recorder, handle } = failedStart(thrown);
    const { error } = handle.wait();
    expect(error).toBeInstanceOf(MetricsRecorderOnStartingHookFailedError);
    expect(error?.cause).toBe(thrown);
    expect(recorder.getStatus()).toBe("FAILURE");
  });

  test("every metric is exactly what it was, and the events of the hook count as dropped", () => {
    const { recorder, before } = failedStart(new Error("no"), (self) => {
      record(self, 2, 300);
      self.registerMetric(later);
      self.registerMetric(defineMetric("single", { total: count(Save) }));
      record(self, 3, 100);
      const now = self.getMetricSnapshots();
      expect(Object.keys(now)).toEqual(["single", "grouped", "overflowing", "later"]);
      expect(now.later?.dimensions).toEqual({ total: 100 });
      record(self, 4, 50); // on their way, not dispatched
    });
    expect(recorder.getMetricSnapshots()).toEqual(before.snapshots);
    expect([...recorder.iterMetrics()]).toEqual([single, grouped, overflowing]);
    const { lastError: _, ...stats } = recorder.getStats();
    const { lastError: __, ...statsBefore } = before.stats;
    expect(stats).toEqual({
      ...statsBefore,
      offered: statsBefore.offered + 450,
      dropped: statsBefore.dropped + 450,
    });
    expect(statsBefore).toMatchObject({ accepted: 400, dispatched: 400, pending: 0, invalid: 1 });
    expect(statsBefore.seriesOverflowed).toBeGreaterThan(0);
  });

  test("it stays so after the runtime has ended", () => {
    const { runtime, recorder, before } = failedStart(new Error("no"), (self) => {
      record(self, 2, 100);
    });
    const stats = recorder.getStats();
    expect(() => runtime.shutdown()).toThrow();
    expect(recorder.getMetricSnapshots()).toEqual(before.snapshots);
    expect(recorder.getStats()).toEqual(stats);
    expect(stats.offered).toBe(stats.accepted + stats.dropped);
  });

  test("it takes nothing more, and no start or stop, for that reason", () => {
    const { recorder, handle } = failedStart(new Error("no"));
    const { error: cause } = handle.wait();
    const state = { recorderState: "FAILURE", expectedStates: ["STARTING", "RUNNING"] };
    const event = Save({ ms: 1, size: 1, user: "u", place: "p" });
    for (const call of [
      () => recorder.registerEvent(event),
      () => recorder.registerMetric(later),
      () => recorder.emitter(Save, ["ms", "size", "user", "place"])(1, 1, "u", "p"),
    ]) {
      const error = thrownBy(call);
      expect(error).toMatchObject({ name: "MetricsRecorderInvalidStateError", details: state });
      expect(error.cause).toBe(cause);
    }
    for (const again of [recorder.start().wait(), recorder.stop().wait()]) {
      expect(again.error?.name).toBe("MetricsRecorderInvalidStateError");
      expect(again.error?.cause).toBe(cause);
    }
  });

  test("it stays registered; stopRecorder and stopAndRemoveRecorder say why they fail", () => {
    const { runtime, recorder, handle } = failedStart(new RangeError("too many"));
    const { error: cause } = handle.wait();
    expect(runtime.getRecorder("a")).toBe(recorder);
    for (const call of ["stopRecorder", "stopAndRemoveRecorder"] as const) {
      const error = thrownBy(() => runtime[call]("a"));
      expect(error.name).toBe("MetricsRuntimeRecorderStopError");
      expect(error.cause).toMatchObject({ name: cause?.name, message: cause?.message });
      expect(error.cause).toBe(cause);
    }
    expect(runtime.listRecorderIds()).toEqual([]);
    runtime.shutdown();
    expect(runtime.getStatus()).toBe("CLOSED");
  });

  test("the shutdown stops the others, then says which failed and why", () => {
    const { runtime, recorder, handle } = failedStart(new RangeError("too many"));
    const { error: cause } = handle.wait();
    const other = runtime.createRecorder("other");
    const error = thrownBy(() => runtime.shutdown());
    expect(error).toMatchObject({
      name: "MetricsRuntimeShutdownError",
      details: {
        failedRecorderIds: ["a"],
        recorderErrors: { a: { kind: cause?.name, message: cause?.message } },
      },
    });
    expect(error.cause).toBe(cause);
    expect(runtime.getStatus()).toBe("FAILURE");
    expect([recorder.getStatus(), other.getStatus()]).toEqual(["FAILURE", "STOPPED"]);
  });
});
