import type { MetricsRecorder, MetricsRecorderWaitHandle } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { INVALID_ARG_TYPE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const STOPPED = { opName: "STOP", success: true, error: undefined };
const STARTED = { opName: "START", success: true, error: undefined };

/** A recorder with so much accepted that stopping it takes some tenths of a second. */
function busyRecorder(): MetricsRecorder {
  const recorder = startedRuntime().createRecorder("busy", { queueMaxSize: 20_000 });
  registerSlowMetric(recorder, 8_000);
  const emit = recorder.emitter(SlowEvent, ["number"]);
  for (let n = 0; n < 10_000; n++) emit(n);
  return recorder;
}

/** The stop of a busy recorder, seen to go on. */
function stopping(recorder: MetricsRecorder): MetricsRecorderWaitHandle {
  const handle = recorder.stop();
  expect(handle.wait(0)).toBeUndefined();
  expect(recorder.getStatus()).toBe("STOPPING");
  return handle;
}

describe("the handle of an operation that has ended", () => {
  test("gives one frozen result, however it is asked", async () => {
    const recorder = startedRuntime().createRecorder("a");
    const handle = recorder.stop();
    const result = handle.wait();
    expect(result).toEqual(STOPPED);
    expect(Object.isFrozen(result)).toBe(true);
    expect(handle.wait(0)).toBe(result);
    expect(handle.wait(1_000)).toBe(result);
    expect(handle.wait(undefined)).toBe(result);
    expect(await handle).toBe(result);
    expect(await handle.then(({ opName }) => opName)).toBe("STOP");
  });

  test("can be awaited without ever having been waited for", async () => {
    const recorder = startedRuntime().createRecorder("a");
    expect(await recorder.stop()).toEqual(STOPPED);
    expect(recorder.getStatus()).toBe("STOPPED");
    expect(await recorder.start()).toEqual(STARTED);
    expect(recorder.getStatus()).toBe("RUNNING");
  });

  test("can be combined as any promise", async () => {
    const runtime = startedRuntime();
    const handles = ["a", "b", "c"].map((id) => runtime.createRecorder(id).stop());
    expect(await Promise.all(handles)).toEqual([STOPPED, STOPPED, STOPPED]);
  });
});

describe("while a stop goes on", () => {
  test("wait(0) polls and wait(1) gives up; the stop goes on", () => {
    const recorder = busyRecorder();
    const handle = stopping(recorder);
    const begin = performance.now();
    expect(handle.wait(1)).toBeUndefined();
    expect(performance.now() - begin).toBeGreaterThanOrEqual(0.9);
    expect(handle.wait()).toEqual(STOPPED);
    const { accepted, dispatched } = recorder.getStats();
    expect([accepted, dispatched]).toEqual([10_000, 10_000]);
  });

  test("a second stop attaches to it", async () => {
    const recorder = busyRecorder();
    const first = stopping(recorder);
    const second = stopping(recorder);
    expect(await second).toEqual(STOPPED);
    expect(first.wait(0)).toEqual(STOPPED);
  });

  test("a start fails, and the recorder takes no events", () => {
    const recorder = busyRecorder();
    const handle = stopping(recorder);
    const start = recorder.start().wait(0);
    expect(start).toMatchObject({ opName: "START", success: false });
    expect(start?.error).toMatchObject({
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "STOPPING", expectedStates: ["VIRGIN", "STOPPED"] },
    });
    expect(thrownBy(() => recorder.registerEvent(SlowEvent({ number: 1 })))).toMatchObject({
      details: { recorderState: "STOPPING" },
    });
    expect(handle.wait()).toEqual(STOPPED);
  });

  test("awaiting leaves the JavaScript thread free", async () => {
    const recorder = busyRecorder();
    const handle = stopping(recorder);
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    expect(await handle).toEqual(STOPPED);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
  });
});

describe("in the wrong state the handle has failed already", () => {
  test("stop of a stopped recorder", async () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.stop().wait();
    const handle = recorder.stop();
    const result = handle.wait(0);
    expect(result).toMatchObject({ opName: "STOP", success: false });
    expect(result?.error).toMatchObject({
      name: "MetricsRecorderInvalidStateError",
      message: "invalid metrics recorder state 'STOPPED', expected 'RUNNING'",
    });
    expect(Object.isFrozen(result)).toBe(true);
    expect(await handle).toBe(result);
  });

  test("start of a running recorder", () => {
    const recorder = startedRuntime().createRecorder("a");
    const result = recorder.start().wait(0);
    expect(result).toMatchObject({ opName: "START", success: false });
    expect(result?.error?.message).toBe(
      "invalid metrics recorder state 'RUNNING', expected one of: 'VIRGIN', 'STOPPED'",
    );
    expect(recorder.getStatus()).toBe("RUNNING");
  });
});

test.each([
  [null, INVALID_ARG_TYPE],
  ["5", INVALID_ARG_TYPE],
  [5n, INVALID_ARG_TYPE],
  [true, INVALID_ARG_TYPE],
  [-1, OUT_OF_RANGE],
  [1.5, OUT_OF_RANGE],
  [Number.NaN, OUT_OF_RANGE],
  [Number.POSITIVE_INFINITY, OUT_OF_RANGE],
  [2 ** 31, OUT_OF_RANGE],
])("wait refuses the limit %o, also when the operation has ended", (limit, expected) => {
  const handle = startedRuntime().createRecorder("a").stop();
  expect(thrownBy(() => handle.wait(limit as never))).toMatchObject(expected);
  expect(handle.wait()).toEqual(STOPPED);
  expect(thrownBy(() => handle.wait(limit as never))).toMatchObject(expected);
});
