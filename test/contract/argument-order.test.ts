import { describe, expect, test } from "vitest";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

describe("what is wrong first is reported: unknown keys, arguments in order, state, id", () => {
  test("an unknown key before a blank id", () => {
    const runtime = newRuntime();
    const error = thrownBy(() => runtime.createRecorder("", { nonsense: 1 } as never));
    expect(error.message).toContain("options.nonsense");
  });

  test("a blank id before a bad option", () => {
    const runtime = newRuntime();
    const error = thrownBy(() => runtime.createRecorder("", { queueMaxSize: 0 }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain('"id"');
  });

  test("a bad option before the state", () => {
    const runtime = newRuntime();
    expect(thrownBy(() => runtime.createRecorder("a", { queueMaxSize: 0 }))).toMatchObject(
      OUT_OF_RANGE,
    );
  });

  test.each([
    "createRecorder",
    "getRecorder",
    "tryGetRecorder",
    "stopRecorder",
    "stopAndRemoveRecorder",
  ] as const)("a bad id before the state: %s", (method) => {
    const runtime = newRuntime();
    expect(thrownBy(() => runtime[method](7 as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(thrownBy(() => runtime[method](" "))).toMatchObject(INVALID_ARG_VALUE);
    expect(thrownBy(() => runtime[method]("a")).name).toBe("MetricsRuntimeInvalidStateError");
  });

  test("a bad option before a duplicate id", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    expect(thrownBy(() => runtime.createRecorder("a", { queueMaxSize: 0 }))).toMatchObject(
      OUT_OF_RANGE,
    );
    expect(thrownBy(() => runtime.createRecorder("a")).name).toBe(
      "MetricsRuntimeRecorderAlreadyExistsError",
    );
  });

  test("something that is no event or metric before the recorder's state", () => {
    const recorder = startedRuntime().createRecorder("a");
    expect(recorder.stop().wait().success).toBe(true);
    expect(thrownBy(() => recorder.registerEvent({} as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(thrownBy(() => recorder.registerMetric({} as never))).toMatchObject(INVALID_ARG_TYPE);
  });
});
