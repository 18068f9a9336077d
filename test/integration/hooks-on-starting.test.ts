import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  type MetricsRecorderHooks,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test, vi } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", { size: uint32() });
const steps = defineMetric("steps", { total: count(Step), size: sum(Step, "size") });
const later = defineMetric("later", { total: count(Step) });

describe("in createRecorder, onStarting", () => {
  test("runs once, with the recorder, which is STARTING, and before createRecorder returns", () => {
    const onStarting = vi.fn((recorder: MetricsRecorder) => recorder.getStatus());
    const recorder = startedRuntime().createRecorder("a", { hooks: { onStarting } });
    expect(onStarting.mock.calls).toEqual([[recorder]]);
    expect(onStarting.mock.calls[0]?.[0]).toBe(recorder);
    expect(onStarting.mock.results).toEqual([{ type: "return", value: "STARTING" }]);
    expect(recorder.getStatus()).toBe("RUNNING");
  });

  test("sees a recorder that is not registered yet, but whose id is taken", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("first");
    const onStarting = vi.fn(() => {
      expect(runtime.listRecorderIds()).toEqual(["first"]);
      expect(runtime.tryGetRecorder("a")).toBeUndefined();
      for (const look of ["getRecorder", "stopRecorder", "stopAndRemoveRecorder"] as const) {
        expect(() => runtime[look]("a")).toThrow();
      }
      expect(thrownBy(() => runtime.getRecorder("a")).name).toMatch(/NotFoundError$/);
      expect(thrownBy(() => runtime.createRecorder("a"))).toMatchObject({
        name: "MetricsRuntimeRecorderAlreadyExistsError",
        recorderId: "a",
      });
    });
    const recorder = runtime.createRecorder("a", { hooks: { onStarting } });
    expect(onStarting).toHaveBeenCalledTimes(1);
    expect(runtime.listRecorderIds()).toEqual(["first", "a"]);
    expect(runtime.getRecorder("a")).toBe(recorder);
  });

  test("has the hooks object as its this, also one of a class", () => {
    class Hooks implements MetricsRecorderHooks {
      readonly #seen: string[] = [];
      onStarting(recorder: MetricsRecorder): void {
        this.#seen.push(`starting ${recorder.recorderId}`);
      }
      onStopped(recorder: MetricsRecorder): void {
        this.#seen.push(`stopped ${recorder.recorderId}`);
      }
      get seen(): readonly string[] {
        return this.#seen;
      }
    }
    const hooks = new Hooks();
    const runtime = startedRuntime();
    for (const id of ["a", "b"]) runtime.createRecorder(id, { hooks });
    runtime.stopRecorder("b");
    expect(hooks.seen).toEqual(["starting a", "starting b", "stopped b"]);
  });

  test("may register metrics and events, and read: all in the order of the calls", () => {
    const onStarting = vi.fn((recorder: MetricsRecorder) => {
      expect(recorder.getMetricSnapshots()).toEqual({});
      expect(recorder.registerEvent(Step({ size: 100 }))).toBe(true);
      recorder.registerMetric(steps);
      expect(recorder.registerEvent(Step({ size: 1 }))).toBe(true);
      const emit = recorder.emitter(Step, ["size"]);
      expect(emit(2)).toBe(true);
      expect(recorder.getMetricSnapshots()).toEqual({
        steps: { name: "steps", dimensions: { total: 2, size: 3 } },
      });
      recorder.registerMetric(later);
      expect(emit(4)).toBe(true);
      expect(dimensionsOf(recorder, "later")).toEqual({ total: 1 });
      expect([...recorder.iterMetrics()]).toEqual([steps, later]);
      expect(recorder.getStats()).toMatchObject({ offered: 4, accepted: 4, dropped: 0 });
    });
    const recorder = startedRuntime().createRecorder("a", { hooks: { onStarting } });
    expect(onStarting).toHaveBeenCalledTimes(1);
    expect(recorder.registerEvent(Step({ size: 8 }))).toBe(true);
    expect(dimensionsOf(recorder, "steps")).toEqual({ total: 4, size: 15 });
    expect(dimensionsOf(recorder, "later")).toEqual({ total: 2 });
    expect(recorder.getStats()).toMatchObject({ accepted: 5, dispatched: 5, pending: 0 });
    expect(recorder.getStats().lastError).toBeUndefined();
  });

  test("has the bound of the queue too, and what goes beyond it counts as dropped", () => {
    const onStarting = vi.fn((recorder: MetricsRecorder) => {
      recorder.registerMetric(later);
      for (let n = 0; n < 10_000; n++) recorder.registerEvent(Step({ size: n }));
    });
    const recorder = startedRuntime().createRecorder("a", {
      queueMaxSize: 4,
      hooks: { onStarting },
    });
    const { total } = dimensionsOf(recorder, "later");
    const { offered, accepted, dropped } = recorder.getStats();
    expect([offered, total]).toEqual([10_000, accepted]);
    expect(accepted + dropped).toBe(10_000);
  });

  test("is not missed where there is none", () => {
    const runtime = startedRuntime();
    for (const [index, hooks] of [undefined, {}, { onStarting: undefined }].entries()) {
      expect(runtime.createRecorder(`${index}`, { hooks }).getStatus()).toBe("RUNNING");
    }
  });
});

describe("in start of a stopped recorder, onStarting", () => {
  /** A stopped recorder with a past of three events, and what its hook saw of the start. */
  function stopped() {
    const seen: unknown[] = [];
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", {
      hooks: {
        onStarting: (self) => {
          const { accepted } = self.getStats();
          seen.push([self.getStatus(), accepted, Object.keys(self.getMetricSnapshots())]);
          if (accepted === 0) self.registerMetric(steps);
          self.registerEvent(Step({ size: 10 }));
        },
      },
    });
    for (const size of [1, 2]) recorder.registerEvent(Step({ size }));
    recorder.stop().wait();
    return { runtime, recorder, seen };
  }

  test("runs again, before the recorder runs, with the metrics and their state", () => {
    const { runtime, recorder, seen } = stopped();
    const handle = recorder.start();
    expect(seen).toEqual([
      ["STARTING", 0, []],
      ["STARTING", 3, ["steps"]],
    ]);
    expect(handle.wait()).toEqual({ opName: "START", success: true, error: undefined });
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(runtime.getRecorder("a")).toBe(recorder);
    expect(dimensionsOf(recorder, "steps")).toEqual({ total: 4, size: 23 });
    expect(recorder.getStats()).toMatchObject({ accepted: 4, dispatched: 4, dropped: 0 });
  });

  test("runs once for each start that begins, and for no start that is refused", () => {
    const { recorder, seen } = stopped();
    for (let round = 1; round <= 20; round++) {
      expect(recorder.start().wait().success).toBe(true);
      expect(recorder.start().wait().success).toBe(false);
      expect(recorder.stop().wait().success).toBe(true);
      expect(seen).toHaveLength(1 + round);
    }
    expect(dimensionsOf(recorder, "steps")).toEqual({ total: 23, size: 213 });
  });

  test("does not run for a recorder that can never start again", () => {
    const { runtime, recorder, seen } = stopped();
    runtime.stopAndRemoveRecorder("a");
    expect(recorder.start().wait().success).toBe(false);
    runtime.shutdown();
    expect(recorder.start().wait().success).toBe(false);
    expect(seen).toHaveLength(1);
  });
});
