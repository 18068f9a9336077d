/** Of several things that are wrong at once, where the last of them is a queue that is full. */
import { defineMetricEvent, float64, type MetricsRecorder, oneOf } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", { ms: float64(), outcome: oneOf("OK", "BAD") });

/** A recorder whose queue of 2 stays full while the thread is busy, and the stop that keeps it so. */
function full() {
  const runtime = startedRuntime({ defaultRecorderQueueOverflowPolicy: "RAISE_ERROR" });
  const busy = runtime.createRecorder("busy", { queueMaxSize: 4_000 });
  const recorder = runtime.createRecorder("a", { queueMaxSize: 2 });
  const emit = recorder.emitter(Save, ["ms", "outcome"]);
  registerSlowMetric(busy, 8_000);
  const fill = busy.emitter(SlowEvent, ["number"]);
  for (let n = 0; n < 4_000; n++) fill(n);
  const stop = busy.stop();
  expect([emit(1, "OK"), emit(2, "OK")]).toEqual([true, true]);
  expect(thrownBy(() => emit(3, "OK")).name).toBe("MetricsRecorderQueueOverflowError");
  return { recorder, emit, stop };
}

const dropped = (recorder: MetricsRecorder) => recorder.getStats().dropped;

describe("in front of a full queue that raises, what is reported is", () => {
  test("an argument of a wrong type or value, and nothing is counted", () => {
    const { recorder, emit, stop } = full();
    for (const [args, expected] of [
      [["1", "OK"], INVALID_ARG_TYPE],
      [[1, 7], INVALID_ARG_TYPE],
      [[1, "GOOD"], INVALID_ARG_VALUE],
    ] as const) {
      expect(thrownBy(() => emit(...(args as unknown as [number, "OK"])))).toMatchObject(expected);
    }
    expect(thrownBy(() => recorder.registerEvent({} as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(dropped(recorder)).toBe(1);
    expect(stop.wait(0)).toBeUndefined();
  });

  test("nothing for a value that cannot be counted: it is refused as invalid", () => {
    const { recorder, emit, stop } = full();
    expect(emit(Number.NaN, "OK")).toBe(false);
    expect(recorder.getStats()).toMatchObject({ dropped: 1, invalid: 1 });
    expect(stop.wait(0)).toBeUndefined();
  });

  test("the state, once the recorder stops, and nothing is counted", () => {
    const { recorder, emit, stop } = full();
    recorder.stop();
    const invalidState = {
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "STOPPING", expectedStates: ["STARTING", "RUNNING"] },
    };
    expect(thrownBy(() => emit(3, "OK"))).toMatchObject(invalidState);
    expect(thrownBy(() => recorder.registerEvent(Save({ ms: 3, outcome: "OK" })))).toMatchObject(
      invalidState,
    );
    expect(thrownBy(() => emit(Number.NaN, "OK"))).toMatchObject(invalidState);
    expect(recorder.getStats()).toMatchObject({ offered: 3, dropped: 1, invalid: 0 });
    expect(stop.wait(0)).toBeUndefined();
  });
});

test("an argument of a wrong type comes before the state of a recorder, also in an emitter", () => {
  const recorder = startedRuntime().createRecorder("a");
  const emit = recorder.emitter(Save, ["ms", "outcome"]);
  recorder.stop().wait();
  expect(thrownBy(() => emit("1" as never, "OK"))).toMatchObject(INVALID_ARG_TYPE);
  expect(thrownBy(() => emit(1, "GOOD" as never))).toMatchObject(INVALID_ARG_VALUE);
  expect(thrownBy(() => emit(1, "OK")).name).toBe("MetricsRecorderInvalidStateError");
});
