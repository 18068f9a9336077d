import { count, defineMetric, defineMetricEvent, float64, label } from "metrics-runtime";
import { expect, test } from "vitest";
import { holdAt } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const AT_ONCE_MS = 1_000;
const Tick = defineMetricEvent("tick", {});
const Fresh = defineMetricEvent("fresh", { place: label(), ms: float64() });
const ticks = defineMetric("ticks", { total: count(Tick) });

/** Two recorders, with room for 8 events, of a runtime whose loop stays held for the whole test. */
function held() {
  const runtime = startedRuntime({ defaultRecorderQueueMaxSize: 8 });
  const recorder = runtime.createRecorder("a");
  const raising = runtime.createRecorder("b", { queueOverflowPolicy: "RAISE_ERROR" });
  for (const one of [recorder, raising]) one.registerMetric(ticks);
  holdAt("turn", 60_000);
  return { runtime, recorder, raising };
}

function atOnce<Result>(call: () => Result): Result {
  const begin = performance.now();
  const result = call();
  expect(performance.now() - begin).toBeLessThan(AT_ONCE_MS);
  return result;
}

test("what looks at a runtime or recorder does not need the loop", () => {
  const { runtime, recorder } = held();
  atOnce(() => {
    expect(runtime.getStatus()).toBe("RUNNING");
    expect(runtime.getStats().threadId).toBeGreaterThan(0);
    expect(runtime.listRecorderIds()).toEqual(["a", "b"]);
    expect(runtime.getRecorder("a")).toBe(recorder);
    expect(runtime.tryGetRecorder("c")).toBeUndefined();
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(recorder.getStats()).toMatchObject({ accepted: 0, pending: 0 });
    expect([...recorder.iterMetrics()]).toEqual([ticks]);
  });
});

test("events are taken until the queue is full, and every one of them is counted later", () => {
  const { recorder, raising } = held();
  const emit = recorder.emitter(Tick, []);
  atOnce(() => {
    for (let n = 0; n < 8; n++) {
      expect(n % 2 === 0 ? recorder.registerEvent(Tick()) : emit()).toBe(true);
      expect(raising.registerEvent(Tick())).toBe(true);
    }
    expect(recorder.registerEvent(Tick())).toBe(false);
    expect(emit()).toBe(false);
    expect(thrownBy(() => raising.registerEvent(Tick()))).toMatchObject({
      name: "MetricsRecorderQueueOverflowError",
      details: { queueMaxSize: 8 },
    });
  });
  expect(recorder.getStats()).toMatchObject({ accepted: 8, dropped: 2, pending: 8 });
  expect(raising.getStats()).toMatchObject({ accepted: 8, dropped: 1, pending: 8 });
  holdAt("turn", 0);
  for (const one of [recorder, raising]) {
    expect(numberOf(one, "ticks", "total")).toBe(8);
    expect(one.getStats()).toMatchObject({ accepted: 8, dispatched: 8, pending: 0 });
    expect(one.registerEvent(Tick())).toBe(true);
  }
});

test("a new event class and new labels do not need the loop", () => {
  const { recorder } = held();
  atOnce(() => {
    const emit = recorder.emitter(Fresh, ["place", "ms"]);
    for (const place of ["x", "y", "z"]) expect(emit(place, 1)).toBe(true);
    expect(recorder.registerEvent(Fresh({ place: "home", ms: Number.NaN }))).toBe(false);
  });
  expect(recorder.getStats()).toMatchObject({ accepted: 3, invalid: 1, pending: 3 });
});

test("stop() gives a handle at once, and the recorder takes no further event", () => {
  const { recorder } = held();
  expect(recorder.registerEvent(Tick())).toBe(true);
  const handle = atOnce(() => recorder.stop());
  expect(recorder.getStatus()).toBe("STOPPING");
  expect(thrownBy(() => recorder.registerEvent(Tick()))).toMatchObject({
    name: "MetricsRecorderInvalidStateError",
    details: { recorderState: "STOPPING" },
  });
  expect(atOnce(() => handle.wait(0))).toBeUndefined();
  holdAt("turn", 0);
  expect(handle.wait(5_000)?.success).toBe(true);
  expect(recorder.getStats()).toMatchObject({ accepted: 1, dispatched: 1 });
  expect(numberOf(recorder, "ticks", "total")).toBe(1);
});
