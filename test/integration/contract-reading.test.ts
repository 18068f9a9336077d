/** What can be read of a recorder, and when: snapshots and counts in every state of its life. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricsRecorder,
  MetricsRecorderError,
  type MetricsRecorderStats,
  MetricsRuntime,
  sum,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", { size: float64() });
const steps = defineMetric("steps", { total: count(Step), size: sum(Step, "size") });

const boom = () => {
  throw new Error("boom");
};

/** What every reading of the snapshots must be while `total` steps have been accepted. */
function expectReadable(recorder: MetricsRecorder, total: number): void {
  const snapshots = recorder.getMetricSnapshots();
  expect(Object.getPrototypeOf(snapshots)).toBe(null);
  expect(snapshots).toEqual({
    steps: { name: "steps", dimensions: { total, size: 2 * total } },
  });
  expect([...recorder.iterMetrics()]).toEqual([steps]);
}

describe("snapshots can be read in every state of the recorder", () => {
  test("STARTING, RUNNING, STOPPED, and STARTING again", () => {
    const seen: string[] = [];
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", {
      queueMaxSize: 50_000,
      hooks: {
        onStarting: (self) => {
          if (seen.length === 0) self.registerMetric(steps);
          seen.push(self.getStatus());
          expectReadable(self, self.getStats().accepted);
        },
      },
    });
    const emit = recorder.emitter(Step, ["size"]);
    for (let n = 0; n < 50_000; n++) emit(2);
    expectReadable(recorder, 50_000);
    const stop = recorder.stop();
    expectReadable(recorder, 50_000);
    expect(stop.wait().success).toBe(true);
    expectReadable(recorder, 50_000);
    expect(recorder.start().wait().success).toBe(true);
    expectReadable(recorder, 50_000);
    expect(seen).toEqual(["STARTING", "STARTING"]);
  });

  test("STOPPING, while the stop goes on", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 4_000 });
    registerSlowMetric(recorder, 8_000);
    const emit = recorder.emitter(SlowEvent, ["number"]);
    for (let n = 0; n < 4_000; n++) emit(n);
    const stop = recorder.stop();
    expect(recorder.getStatus()).toBe("STOPPING");
    const { slow } = recorder.getMetricSnapshots();
    expect(slow?.dimensions.d7999).toBe(4_000);
    expect(stop.wait().success).toBe(true);
  });

  test("FAILURE, and after a shutdown that failed, as after one that did not", () => {
    const runtime = newRuntime();
    runtime.start();
    const [failed, fails, runs] = (["failed", "fails", "runs"] as const).map((id) => {
      const hooks = id === "runs" ? undefined : { onStopped: boom };
      const recorder = runtime.createRecorder(id, { hooks });
      recorder.registerMetric(steps);
      for (let n = 0; n < 3; n++) recorder.registerEvent(Step({ size: 2 }));
      return recorder;
    }) as [MetricsRecorder, MetricsRecorder, MetricsRecorder];
    expect(failed.stop().wait().success).toBe(false);
    expect(failed.getStatus()).toBe("FAILURE");
    expectReadable(failed, 3);
    expect(thrownBy(() => runtime.shutdown()).name).toBe("MetricsRuntimeShutdownError");
    expect(runtime.getStatus()).toBe("FAILURE");
    for (const recorder of [failed, fails, runs]) {
      expectReadable(recorder, 3);
      expect(recorder.getStats()).toMatchObject({ accepted: 3, dispatched: 3, pending: 0 });
    }
    expect(fails.getStats().lastError).toBeInstanceOf(MetricsRecorderError);
    expect(runs.getStats().lastError).toBeUndefined();
  });
});

test("leaving a `using` block does nothing when the runtime has failed", () => {
  const runtime = new MetricsRuntime({ namespace: "test" });
  runtime.start();
  runtime.createRecorder("a", { hooks: { onStopped: boom } });
  expect(thrownBy(() => runtime.shutdown()).name).toBe("MetricsRuntimeShutdownError");
  expect(runtime.getStatus()).toBe("FAILURE");
  expect(runtime[Symbol.dispose]()).toBeUndefined();
  expect(runtime.getStatus()).toBe("FAILURE");
});

describe("counts", () => {
  const TOTALS = [
    "offered",
    "accepted",
    "dropped",
    "dispatched",
    "invalid",
    "seriesOverflowed",
    "labelsOverflowed",
  ] as const;

  /** Takes readings, each of which must add up and go down in nothing. */
  class Readings {
    readonly #recorder: MetricsRecorder;
    #last: MetricsRecorderStats;
    #taken = 0;

    constructor(recorder: MetricsRecorder) {
      this.#recorder = recorder;
      this.#last = recorder.getStats();
    }

    take(): MetricsRecorderStats {
      const now = this.#recorder.getStats();
      expect(now.offered).toBe(now.accepted + now.dropped);
      expect(now.accepted).toBe(now.dispatched + now.pending);
      const fell = TOTALS.filter((total) => now[total] < this.#last[total]);
      expect(fell, `in reading ${this.#taken}`).toEqual([]);
      this.#last = now;
      this.#taken++;
      return now;
    }
  }

  test("add up and never go down, from the creation to after the end of the runtime", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: 64 });
    recorder.registerMetric(steps);
    const emit = recorder.emitter(Step, ["size"]);
    const readings = new Readings(recorder);
    expect(readings.take()).toMatchObject({ offered: 0, invalid: 0, pending: 0 });
    for (let life = 0; life < 5; life++) {
      for (let n = 0; n < 3_000; n++) {
        emit(n % 11 === 0 ? Number.NaN : n);
        readings.take();
      }
      recorder.registerMetric(defineMetric(`from ${life}`, { total: count(Step) }));
      readings.take();
      const stop = recorder.stop();
      readings.take();
      expect(stop.wait().success).toBe(true);
      expect(thrownBy(() => emit(1)).name).toBe("MetricsRecorderInvalidStateError");
      const { accepted, dispatched, pending } = readings.take();
      expect([dispatched, pending]).toEqual([accepted, 0]);
      expect(recorder.start().wait().success).toBe(true);
      readings.take();
    }
    runtime.stopAndRemoveRecorder("a");
    const removed = readings.take();
    runtime.shutdown();
    expect(readings.take()).toEqual(removed);
    expect(removed.offered + removed.invalid).toBe(5 * 3_000);
  });

  test("are exactly those that are documented, and begin at nothing", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 7 });
    expect(recorder.getStats()).toEqual({
      offered: 0,
      accepted: 0,
      dropped: 0,
      dispatched: 0,
      pending: 0,
      invalid: 0,
      undelivered: 0,
      hookFailures: 0,
      observationsFailed: 0,
      queueMaxSize: 7,
      seriesOverflowed: 0,
      labelsOverflowed: 0,
      quarantined: [],
      lastError: undefined,
    });
    expect(Object.keys(recorder.getStats())).toHaveLength(14);
  });
});
