/** The one place where the native side's failures become typed errors. */
import {
  MetricsRecorderDispatcherError,
  type MetricsRecorderError,
  MetricsRecorderInvalidStateError,
  MetricsRecorderUnexpectedError,
} from "../recorder/errors.js";
import { MetricsRecorderState } from "../recorder/recorder-state.js";
import {
  MetricsRuntimeInvalidStateError,
  MetricsRuntimeLoopUnavailableError,
  MetricsRuntimeRecorderAlreadyExistsError,
  MetricsRuntimeRecorderNotFoundError,
  MetricsRuntimeRecorderStopError,
  MetricsRuntimeShutdownError,
  MetricsRuntimeStartupError,
  MetricsRuntimeUnexpectedError,
} from "../runtime/errors.js";
import { MetricsRuntimeState } from "../runtime/runtime-state.js";
import type { NativeFailure } from "./boundary.js";

const RUNTIME_STATES = Object.values(MetricsRuntimeState);
const RECORDER_STATES = Object.values(MetricsRecorderState);

export function runtimeStateAt(index: number): MetricsRuntimeState {
  return RUNTIME_STATES[index] ?? MetricsRuntimeState.FAILURE;
}

export function recorderStateAt(index: number): MetricsRecorderState {
  return RECORDER_STATES[index] ?? MetricsRecorderState.FAILURE;
}

/** What the caller knows and the native side does not need to. */
interface RuntimeCall {
  readonly expectedStates?: readonly MetricsRuntimeState[];
  readonly recorderId?: string;
}

/** For a failed call on the runtime. */
export function runtimeError(failure: NativeFailure, call: RuntimeCall = {}): Error {
  const recorderId = call.recorderId ?? "";
  switch (failure.kind) {
    case "RUNTIME_STATE":
      return new MetricsRuntimeInvalidStateError(
        runtimeStateAt(failure.runtimeState),
        call.expectedStates ?? [MetricsRuntimeState.RUNNING],
      );
    case "STARTUP":
      return startupError(failure);
    case "SHUTDOWN":
      return shutdownError(failure);
    case "LOOP_UNAVAILABLE":
      return new MetricsRuntimeLoopUnavailableError(failure.waitedMs);
    case "ALREADY_EXISTS":
      return new MetricsRuntimeRecorderAlreadyExistsError(recorderId);
    case "NOT_FOUND":
      return new MetricsRuntimeRecorderNotFoundError(recorderId);
    case "RECORDER_STATE":
    case "RECORDER_FAULT":
      return new MetricsRuntimeRecorderStopError(
        recorderId,
        recorderError(failure, [MetricsRecorderState.RUNNING]),
      );
    case "OUT_OF_MEMORY":
      return new MetricsRuntimeUnexpectedError(new Error("the native side is out of memory"));
  }
}

/** For a failed operation on a recorder. */
export function recorderError(
  failure: NativeFailure,
  expectedStates: readonly MetricsRecorderState[],
  recorderId = "",
): MetricsRecorderError {
  switch (failure.kind) {
    case "RECORDER_STATE":
      return new MetricsRecorderInvalidStateError(
        recorderStateAt(failure.recorderState),
        expectedStates,
      );
    case "RECORDER_FAULT":
      return faultError(failure.message);
    default:
      return new MetricsRecorderUnexpectedError(runtimeError(failure, { recorderId }));
  }
}

/** Why a recorder is in FAILURE. */
export function faultError(message: string): MetricsRecorderError {
  return new MetricsRecorderDispatcherError(new Error(message));
}

function startupError(failure: NativeFailure): MetricsRuntimeStartupError {
  const { osCode, errno, syscall, waitedMs } = failure;
  if (osCode === undefined) {
    const cause = new Error(`the thread was not ready within ${Math.round(waitedMs)} ms`);
    return new MetricsRuntimeStartupError({ waitedMs }, cause);
  }
  const cause = new Error(`${syscall} failed: ${osCode}`);
  return new MetricsRuntimeStartupError({ osCode, errno, syscall }, cause);
}

function shutdownError(failure: NativeFailure): MetricsRuntimeShutdownError {
  const faults = failure.recorderFaults.map(({ recorderId, message }) => ({
    recorderId,
    error: faultError(message),
  }));
  const cause =
    faults[0]?.error ??
    new Error(`the thread did not end within ${Math.round(failure.waitedMs)} ms`);
  return new MetricsRuntimeShutdownError(faults, cause);
}
