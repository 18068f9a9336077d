/** Failures that no program can provoke at will, as they reach it. */
import { describe, expect, test } from "vitest";
import type { NativeFailure } from "../../dist/native/boundary.js";
import { recorderError, runtimeError } from "../../dist/native/failures.js";
import { MetricsRecorderState } from "../../dist/recorder/recorder-state.js";
import { MetricsRuntimeState } from "../../dist/runtime/runtime-state.js";

const failure = (
  kind: NativeFailure["kind"],
  more: Partial<NativeFailure> = {},
): NativeFailure => ({
  kind,
  runtimeState: 0,
  recorderState: 0,
  waitedMs: 0,
  faultKind: "NONE",
  message: "",
  recorderFaults: [],
  ...more,
});

describe("a failed call on a runtime", () => {
  test("that did not come up in time says how long it waited", () => {
    const error = runtimeError(failure("STARTUP", { waitedMs: 5000.4 }));
    expect(error).toMatchObject({
      name: "MetricsRuntimeStartupError",
      message:
        "unable to start the metrics runtime -> Error: the thread was not ready within 5000 ms",
    });
  });

  test("whose recorders failed names each with its reason", () => {
    const recorderFaults = [
      { recorderId: "a", kind: "DISPATCHER", message: "broken" },
      { recorderId: "b", kind: "DISPATCHER", message: "worse" },
    ] as const;
    const dispatcher = "MetricsRecorderDispatcherError";
    expect(runtimeError(failure("SHUTDOWN", { recorderFaults }))).toMatchObject({
      name: "MetricsRuntimeShutdownError",
      details: {
        failedRecorderIds: ["a", "b"],
        recorderErrors: {
          a: { kind: dispatcher, message: "the dispatcher failed -> Error: broken" },
          b: { kind: dispatcher, message: "the dispatcher failed -> Error: worse" },
        },
      },
      cause: { name: dispatcher },
    });
  });

  test("for a recorder in FAILURE has the reason as its cause", () => {
    const stop = failure("RECORDER_FAULT", { message: "broken" });
    expect(runtimeError(stop, { recorderId: "a" })).toMatchObject({
      name: "MetricsRuntimeRecorderStopError",
      recorderId: "a",
      cause: { name: "MetricsRecorderDispatcherError" },
    });
  });

  test("for a recorder in the wrong state names the states that are right", () => {
    const starting = Object.keys(MetricsRecorderState).indexOf("STARTING");
    const stop = failure("RECORDER_STATE", { recorderState: starting });
    expect(runtimeError(stop, { recorderId: "a" }).message).toMatch(
      /invalid metrics recorder state 'STARTING', expected 'RUNNING'$/,
    );
  });
});

describe("a failed operation on a recorder", () => {
  test.each<[NativeFailure["kind"], string]>([
    ["LOOP_UNAVAILABLE", "MetricsRuntimeLoopUnavailableError"],
    ["RUNTIME_STATE", "MetricsRuntimeInvalidStateError"],
    ["NOT_FOUND", "MetricsRuntimeRecorderNotFoundError"],
    ["OUT_OF_MEMORY", "MetricsRuntimeUnexpectedError"],
  ])("%s is a recorder's error, caused by the runtime's", (kind, cause) => {
    const error = recorderError(failure(kind, { waitedMs: 5_000 }), [], "a");
    expect(error.name).toBe("MetricsRecorderUnexpectedError");
    expect(error.cause).toMatchObject({ name: cause });
  });
});

test("states come as numbers in the order of the state machines", () => {
  for (const [index, state] of Object.values(MetricsRuntimeState).entries()) {
    const error = runtimeError(failure("RUNTIME_STATE", { runtimeState: index }));
    expect(error).toMatchObject({ details: { runtimeState: state, expectedStates: ["RUNNING"] } });
  }
  for (const [index, state] of Object.values(MetricsRecorderState).entries()) {
    const error = recorderError(failure("RECORDER_STATE", { recorderState: index }), ["RUNNING"]);
    expect(error).toMatchObject({ details: { recorderState: state } });
  }
});
