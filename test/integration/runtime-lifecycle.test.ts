import { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const invalidState = (runtimeState: string, ...expectedStates: string[]) => ({
  name: "MetricsRuntimeInvalidStateError",
  details: { runtimeState, expectedStates },
});

/** A call to each member that needs a running runtime. */
const REGISTRY_CALLS: [name: string, call: (runtime: MetricsRuntime) => unknown][] = [
  ["createRecorder", (runtime) => runtime.createRecorder("a")],
  ["getRecorder", (runtime) => runtime.getRecorder("a")],
  ["tryGetRecorder", (runtime) => runtime.tryGetRecorder("a")],
  ["listRecorderIds", (runtime) => runtime.listRecorderIds()],
  ["stopRecorder", (runtime) => runtime.stopRecorder("a")],
  ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("a")],
];

describe("start", () => {
  test("goes from VIRGIN to RUNNING", () => {
    const runtime = newRuntime();
    expect(runtime.getStatus()).toBe("VIRGIN");
    runtime.start();
    expect(runtime.getStatus()).toBe("RUNNING");
  });

  test("does nothing in RUNNING", () => {
    const runtime = startedRuntime();
    const { threadId } = runtime.getStats();
    runtime.createRecorder("a");
    runtime.start();
    expect(runtime.getStats().threadId).toBe(threadId);
    expect(runtime.listRecorderIds()).toEqual(["a"]);
  });

  test.each([
    ["that had started", startedRuntime],
    ["that had not", newRuntime],
  ])("is refused after the shutdown of a runtime %s", (_, make) => {
    const runtime = make();
    runtime.shutdown();
    expect(thrownBy(() => runtime.start())).toMatchObject(invalidState("CLOSED", "VIRGIN"));
    expect(runtime.getStatus()).toBe("CLOSED");
  });
});

describe("shutdown", () => {
  test("goes from RUNNING to CLOSED, and may be called again", () => {
    const runtime = startedRuntime();
    runtime.shutdown();
    expect(runtime.getStatus()).toBe("CLOSED");
    runtime.shutdown();
    expect(runtime.getStatus()).toBe("CLOSED");
  });

  test("goes from VIRGIN to CLOSED without a thread", () => {
    const runtime = newRuntime();
    runtime.shutdown();
    expect(runtime.getStatus()).toBe("CLOSED");
    expect(runtime.getStats()).toMatchObject({ threadId: undefined, loopTurns: 0 });
  });

  test("stops every recorder", () => {
    const runtime = startedRuntime();
    const recorders = ["a", "b", "c"].map((id) => runtime.createRecorder(id));
    recorders[1]?.stop().wait();
    runtime.shutdown();
    expect(recorders.map((recorder) => recorder.getStatus())).toEqual([
      "STOPPED",
      "STOPPED",
      "STOPPED",
    ]);
  });

  test("is what leaving a `using` block calls, in whatever state", () => {
    for (const prepare of [
      () => {},
      (runtime: MetricsRuntime) => runtime.start(),
      (runtime: MetricsRuntime) => runtime.shutdown(),
    ]) {
      const runtime = new MetricsRuntime({ namespace: "test" });
      prepare(runtime);
      runtime[Symbol.dispose]();
      expect(runtime.getStatus()).toBe("CLOSED");
    }
  });
});

describe.each(REGISTRY_CALLS)("%s", (_, call) => {
  test("is refused before the start and after the shutdown", () => {
    const runtime = newRuntime();
    expect(thrownBy(() => call(runtime))).toMatchObject(invalidState("VIRGIN", "RUNNING"));
    expect(runtime.getStatus()).toBe("VIRGIN");
    runtime.start();
    runtime.createRecorder("a");
    runtime.shutdown();
    expect(thrownBy(() => call(runtime))).toMatchObject(invalidState("CLOSED", "RUNNING"));
  });
});

test("stats can be read in every state and keep what was counted", () => {
  const runtime = newRuntime();
  expect(runtime.getStats()).toEqual({
    threadId: undefined,
    loopTurns: 0,
    wakeUps: 0,
    eventsDrained: 0,
    deepestQueue: 0,
    drainTimeMs: 0,
  });
  runtime.start();
  runtime.createRecorder("a");
  const running = runtime.getStats();
  expect(running.loopTurns).toBeGreaterThan(0);
  expect(running.wakeUps).toBeGreaterThan(0);
  runtime.shutdown();
  expect(runtime.getStats().loopTurns).toBeGreaterThanOrEqual(running.loopTurns);
});

test("one exit listener serves all the runtimes of an environment", () => {
  startedRuntime();
  const listeners = process.listenerCount("exit");
  for (let n = 0; n < 20; n++) startedRuntime();
  expect(process.listenerCount("exit")).toBe(listeners);
});
