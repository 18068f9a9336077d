import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  MetricsRecorderError,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", { size: uint32() });
const steps = defineMetric("steps", { total: count(Step), size: sum(Step, "size") });
const others = defineMetric("others", { total: count(Step) });

const invalidState = (recorderState: string, ...expectedStates: string[]) => ({
  name: "MetricsRecorderInvalidStateError",
  details: { recorderState, expectedStates },
});

function recording(recorder: MetricsRecorder): MetricsRecorder {
  recorder.registerMetric(steps);
  for (const size of [1, 2, 3]) expect(recorder.registerEvent(Step({ size }))).toBe(true);
  return recorder;
}

function expectTakesNothing(recorder: MetricsRecorder, state: string): void {
  const before = recorder.getStats();
  const expected = invalidState(state, "STARTING", "RUNNING");
  expect(thrownBy(() => recorder.registerEvent(Step({ size: 1 })))).toMatchObject(expected);
  expect(thrownBy(() => recorder.registerEvent(Step({ size: -1 })))).toMatchObject(expected);
  expect(thrownBy(() => recorder.registerMetric(others))).toMatchObject(expected);
  expect(recorder.getStats()).toEqual(before);
  expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["steps"]);
  expect([...recorder.iterMetrics()]).toEqual([steps]);
}

function expectWholeStateReadable(recorder: MetricsRecorder): void {
  expect(dimensionsOf(recorder, "steps")).toEqual({ total: 3, size: 6 });
  expect(recorder.getStats()).toMatchObject({ accepted: 3, dispatched: 3, pending: 0 });
}

describe("a stopped recorder", () => {
  test("has dispatched everything, takes nothing, and can still be read", () => {
    const recorder = recording(startedRuntime().createRecorder("a"));
    expect(recorder.stop().wait()).toEqual({ opName: "STOP", success: true, error: undefined });
    expect(recorder.getStatus()).toBe("STOPPED");
    expectTakesNothing(recorder, "STOPPED");
    expectWholeStateReadable(recorder);
  });

  test("starts again with its metrics and their state", () => {
    const recorder = recording(startedRuntime().createRecorder("a"));
    const emit = recorder.emitter(Step, ["size"]);
    recorder.stop().wait();
    expect(thrownBy(() => emit(10))).toMatchObject(invalidState("STOPPED", "STARTING", "RUNNING"));
    expect(recorder.start().wait()).toEqual({ opName: "START", success: true, error: undefined });
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(emit(10)).toBe(true);
    expect(dimensionsOf(recorder, "steps")).toEqual({ total: 4, size: 16 });
    recorder.registerMetric(others);
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["steps", "others"]);
  });

  test("can stop and start many times; counts never go down", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 64 });
    recorder.registerMetric(steps);
    const emit = recorder.emitter(Step, ["size"]);
    let accepted = 0;
    for (let round = 0; round < 100; round++) {
      for (let n = 0; n < 20; n++) accepted += emit(n) ? 1 : 0;
      expect(recorder.stop().wait().success).toBe(true);
      expect(recorder.getStats()).toMatchObject({ accepted, dispatched: accepted, pending: 0 });
      expect(recorder.start().wait().success).toBe(true);
    }
    expect(dimensionsOf(recorder, "steps").total).toBe(accepted);
  });
});

describe("after its end it cannot start again, but can be read for ever:", () => {
  test.each<[string, end: (recorder: MetricsRecorder) => void]>([
    ["a removed recorder", () => {}],
    ["a recorder of a closed runtime", () => {}],
  ])("%s", (what) => {
    const runtime = startedRuntime();
    const recorder = recording(runtime.createRecorder("a"));
    if (what.includes("removed")) runtime.stopAndRemoveRecorder("a");
    else runtime.shutdown();
    expect(recorder.getStatus()).toBe("STOPPED");
    expectTakesNothing(recorder, "STOPPED");
    expectWholeStateReadable(recorder);

    const started = recorder.start().wait();
    expect(started).toMatchObject({ opName: "START", success: false });
    expect(started.error).toBeInstanceOf(MetricsRecorderError);
    const stopped = recorder.stop().wait();
    expect(stopped.error).toMatchObject(invalidState("STOPPED", "RUNNING"));
    expect(recorder.getStatus()).toBe("STOPPED");
    runtime.shutdown();
    expectWholeStateReadable(recorder);
  });
});

test("a shutdown dispatches what was accepted before it", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 100_000 });
  recorder.registerMetric(steps);
  const emit = recorder.emitter(Step, ["size"]);
  let accepted = 0;
  for (let n = 0; n < 50_000; n++) accepted += emit(1) ? 1 : 0;
  expect(accepted).toBe(50_000);
  runtime.shutdown();
  expect(recorder.getStats()).toMatchObject({ accepted, dispatched: accepted, pending: 0 });
  expect(dimensionsOf(recorder, "steps")).toEqual({ total: accepted, size: accepted });
});
