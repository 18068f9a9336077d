import type { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { everythingOf, refused, scene } from "../support/misuse.js";
import { newRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

/** Every method of the runtime that needs it to run. */
const NEEDS_RUNNING: [name: string, call: (runtime: MetricsRuntime) => unknown][] = [
  ["createRecorder", (runtime) => runtime.createRecorder("next")],
  ["createRecorder with options", (runtime) => runtime.createRecorder("next", { queueMaxSize: 1 })],
  ["createRecorder of an id that was there", (runtime) => runtime.createRecorder("running")],
  ["getRecorder", (runtime) => runtime.getRecorder("running")],
  ["tryGetRecorder", (runtime) => runtime.tryGetRecorder("running")],
  ["tryGetRecorder of an id that was never there", (runtime) => runtime.tryGetRecorder("none")],
  ["listRecorderIds", (runtime) => runtime.listRecorderIds()],
  ["stopRecorder", (runtime) => runtime.stopRecorder("running")],
  ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("running")],
];

const runtimeState = (state: string, expected: string) => ({
  name: "MetricsRuntimeInvalidStateError",
  code: "ERR_METRICS_RUNTIME_INVALID_STATE",
  message: `invalid metrics runtime state '${state}', expected '${expected}'`,
  details: { runtimeState: state, expectedStates: [expected] },
});

describe.each(NEEDS_RUNNING)("%s is refused, and changes nothing,", (_, call) => {
  test("in VIRGIN; the runtime can be started", () => {
    const runtime = newRuntime();
    const stats = runtime.getStats();
    expect(thrownBy(() => call(runtime))).toMatchObject(runtimeState("VIRGIN", "RUNNING"));
    expect([runtime.getStatus(), runtime.getStats()]).toEqual(["VIRGIN", stats]);
    runtime.start();
    expect(runtime.listRecorderIds()).toEqual([]);
    expect(runtime.createRecorder("next").getStatus()).toBe("RUNNING");
  });

  test("in CLOSED, where nothing can be started; what was recorded can be read", () => {
    const before = scene();
    before.runtime.shutdown();
    const error = refused(before, () => call(before.runtime));
    expect(error).toMatchObject(runtimeState("CLOSED", "RUNNING"));
    expect(refused(before, () => before.runtime.start())).toMatchObject(
      runtimeState("CLOSED", "VIRGIN"),
    );
    expect(before.recorder.getMetricSnapshots()["misuse.seen"]?.dimensions.total).toBe(4);
  });

  test("in CLOSED that came from VIRGIN", () => {
    const runtime = newRuntime();
    runtime.shutdown();
    expect(thrownBy(() => call(runtime))).toMatchObject(runtimeState("CLOSED", "RUNNING"));
    expect(thrownBy(() => runtime.start())).toMatchObject(runtimeState("CLOSED", "VIRGIN"));
    expect(runtime.getStatus()).toBe("CLOSED");
  });
});

test("start in RUNNING and shutdown in CLOSED change nothing", () => {
  const before = scene();
  const running = everythingOf(before);
  expect(before.runtime.start()).toBeUndefined();
  expect(everythingOf(before)).toEqual(running);
  before.runtime.shutdown();
  const closed = everythingOf(before);
  expect(before.runtime.shutdown()).toBeUndefined();
  before.runtime[Symbol.dispose]();
  expect(everythingOf(before)).toEqual(closed);
});
