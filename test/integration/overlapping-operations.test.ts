import { count, defineMetric, defineMetricEvent, type MetricsRuntime } from "metrics-runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Keeps the thread of `runtime` busy for some tenths of a second, with a recorder called "busy". */
function keepBusy(runtime: MetricsRuntime) {
  const recorder = runtime.createRecorder("busy", { queueMaxSize: 20_000 });
  registerSlowMetric(recorder, 8_000);
  const emit = recorder.emitter(SlowEvent, ["number"]);
  for (let n = 0; n < 10_000; n++) emit(n);
  return recorder;
}

describe("while a stop goes on", () => {
  test("stopRecorder, stopAndRemoveRecorder and shutdown wait for the same stop", () => {
    for (const end of [
      (runtime: MetricsRuntime) => runtime.stopRecorder("busy"),
      (runtime: MetricsRuntime) => runtime.stopAndRemoveRecorder("busy"),
      (runtime: MetricsRuntime) => runtime.shutdown(),
    ]) {
      const runtime = startedRuntime();
      const recorder = keepBusy(runtime);
      const handle = recorder.stop();
      expect(recorder.getStatus()).toBe("STOPPING");
      end(runtime);
      expect(handle.wait(0)).toEqual({ opName: "STOP", success: true, error: undefined });
      expect(recorder.getStats()).toMatchObject({ accepted: 10_000, dispatched: 10_000 });
    }
  });
});

describe("while a start goes on", () => {
  /** A stopped recorder whose start the busy thread does not come to for a while. */
  function starting() {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
    recorder.stop().wait();
    keepBusy(runtime);
    const handle = recorder.start();
    expect(recorder.getStatus()).toBe("STARTING");
    return { runtime, recorder, handle };
  }

  test("events and metrics are taken", () => {
    const { recorder, handle } = starting();
    expect(recorder.registerEvent(Tick())).toBe(true);
    recorder.registerMetric(defineMetric("later", { total: count(Tick) }));
    expect(recorder.registerEvent(Tick())).toBe(true);
    expect(handle.wait()).toEqual({ opName: "START", success: true, error: undefined });
    expect(recorder.getMetricSnapshots()).toEqual({
      ticks: { name: "ticks", dimensions: { total: 2 } },
      later: { name: "later", dimensions: { total: 1 } },
    });
  });

  test("a second start attaches to it, and a stop fails", () => {
    const { recorder, handle } = starting();
    const second = recorder.start();
    const stop = recorder.stop().wait(0);
    expect(stop?.error?.message).toBe(
      "invalid metrics recorder state 'STARTING', expected 'RUNNING'",
    );
    expect(second.wait().success && handle.wait().success).toBe(true);
    expect(recorder.getStatus()).toBe("RUNNING");
  });

  test("stopRecorder lets it end and stops", () => {
    const { runtime, recorder, handle } = starting();
    recorder.registerEvent(Tick());
    runtime.stopRecorder("a");
    expect(handle.wait(0)?.success).toBe(true);
    expect(recorder.getStatus()).toBe("STOPPED");
    expect(recorder.getStats()).toMatchObject({ accepted: 1, dispatched: 1 });
  });

  test("stopAndRemoveRecorder and shutdown end it without losing an event", () => {
    for (const end of [
      (runtime: MetricsRuntime) => runtime.stopAndRemoveRecorder("a"),
      (runtime: MetricsRuntime) => runtime.shutdown(),
    ]) {
      const { runtime, recorder, handle } = starting();
      recorder.registerEvent(Tick());
      end(runtime);
      expect(handle.wait(0)).toBeDefined();
      expect(recorder.getStatus()).toBe("STOPPED");
      expect(recorder.getStats()).toMatchObject({ accepted: 1, dispatched: 1, pending: 0 });
    }
  });
});

describe("a failed call has changed nothing:", () => {
  test("an event refused for the state leaves its type unknown", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.stop().wait();
    const Refused = defineMetricEvent("refused", {});
    expect(thrownBy(() => recorder.registerEvent(Refused())).name).toBe(
      "MetricsRecorderInvalidStateError",
    );
    const Other = defineMetricEvent("refused", { n: SlowEvent.fields.number });
    expect(runtime.createRecorder("b").registerEvent(Other({ n: 1 }))).toBe(true);
  });

  test("a metric refused for one of its classes leaves the others unknown", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerEvent(Tick());
    const New = defineMetricEvent("new", {});
    const Conflict = defineMetricEvent("tick", { n: SlowEvent.fields.number });
    const metric = defineMetric("m", { first: count(New), second: count(Conflict) });
    expect(thrownBy(() => recorder.registerMetric(metric))).toMatchObject(INVALID_ARG_VALUE);
    const Other = defineMetricEvent("new", { n: SlowEvent.fields.number });
    expect(recorder.registerEvent(Other({ n: 1 }))).toBe(true);
  });

  test("a recorder whose memory is refused is not registered", () => {
    const runtime = startedRuntime();
    const refused = new RangeError("Array buffer allocation failed");
    vi.stubGlobal(
      "SharedArrayBuffer",
      class {
        constructor() {
          throw refused;
        }
      },
    );
    const error = thrownBy(() => runtime.createRecorder("a"));
    vi.unstubAllGlobals();
    expect(error).toMatchObject({
      name: "MetricsRuntimeRecorderStartupError",
      recorderId: "a",
      cause: refused,
    });
    expect(runtime.listRecorderIds()).toEqual([]);
    expect(runtime.createRecorder("a").getStatus()).toBe("RUNNING");
  });

  test("an id that is taken is refused without asking for memory", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    const made = vi.fn();
    vi.stubGlobal(
      "SharedArrayBuffer",
      class {
        constructor(bytes: number) {
          made(bytes);
          throw new RangeError("Array buffer allocation failed");
        }
      },
    );
    const error = thrownBy(() => runtime.createRecorder("a", { queueMaxSize: 2 ** 24 }));
    expect(error.name).toBe("MetricsRuntimeRecorderAlreadyExistsError");
    expect(made).not.toHaveBeenCalled();
  });
});
