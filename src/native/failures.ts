/** The one place where the native side's failures become typed errors. */
import { isArgumentError } from "../errors/argument-errors.js";
import { MetricsError } from "../errors/metrics-error.js";
import {
  MetricsRecorderDispatcherError,
  MetricsRecorderError,
  MetricsRecorderInvalidStateError,
  MetricsRecorderOnStartingHookFailedError,
  MetricsRecorderOnStoppedHookFailedError,
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
  type RecorderFault,
} from "../runtime/errors.js";
import { MetricsRuntimeState } from "../runtime/runtime-state.js";
import type { NativeFailure, NativeFaultKind } from "./boundary.js";

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
  /** Why the recorder is in FAILURE, where this thread knows more than the text of it. */
  readonly fault?: MetricsRecorderError | undefined;
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
    case "NAME_TAKEN":
      return new MetricsRuntimeUnexpectedError(new Error("the name of a metric is taken"));
    case "SAMPLE_NAME_TAKEN":
    case "LABEL_NAME_TAKEN":
      return new MetricsRuntimeUnexpectedError(new Error(`taken: ${failure.message}`));
    case "NOT_FOUND":
      return new MetricsRuntimeRecorderNotFoundError(recorderId);
    case "RECORDER_STATE":
    case "RECORDER_FAULT":
      return new MetricsRuntimeRecorderStopError(
        recorderId,
        call.fault ?? recorderError(failure, [MetricsRecorderState.RUNNING]),
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
  fault?: MetricsRecorderError,
): MetricsRecorderError {
  switch (failure.kind) {
    case "RECORDER_STATE":
      return new MetricsRecorderInvalidStateError(
        recorderStateAt(failure.recorderState),
        expectedStates,
        fault,
      );
    case "RECORDER_FAULT":
      return faultError(failure.faultKind, failure.message);
    default:
      return new MetricsRecorderUnexpectedError(runtimeError(failure, { recorderId }));
  }
}

/** Why a recorder is in FAILURE. */
export function faultError(kind: NativeFaultKind, message: string): MetricsRecorderError {
  const cause = new Error(message);
  switch (kind) {
    case "ON_STARTING_HOOK":
      return new MetricsRecorderOnStartingHookFailedError(cause);
    case "ON_STOPPED_HOOK":
      return new MetricsRecorderOnStoppedHookFailedError(cause);
    case "UNFINISHED_START":
      return new MetricsRecorderUnexpectedError(new Error("the start could not be finished"));
    default:
      return new MetricsRecorderDispatcherError(cause);
  }
}

/** Why a metric cannot be exposed beside the others, to follow its name; `undefined`: it is something else. */
export function whyNotExposed(failure: NativeFailure | undefined): string | undefined {
  if (failure?.kind === "SAMPLE_NAME_TAKEN") {
    return `is exposed as ${failure.message}`;
  }
  if (failure?.kind === "LABEL_NAME_TAKEN") {
    return `has two labels that are exposed as ${failure.message}`;
  }
  return undefined;
}

/** The error itself when it is one of ours or about an argument, else that in our own. */
export function wrapForeign<Wrapped extends Error>(
  error: unknown,
  wrap: new (cause: unknown) => Wrapped,
): unknown {
  return error instanceof MetricsError || isArgumentError(error) ? error : new wrap(error);
}

/** As a call on a recorder tells it: an error of the runtime is the cause of one of its own. */
export function ofRecorder(error: unknown): unknown {
  const own = error instanceof MetricsRecorderError || isArgumentError(error);
  return own ? error : new MetricsRecorderUnexpectedError(error);
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

/**
 * For a failed shutdown.
 *
 * @param failure of the native side, if it failed there
 * @param known faults that this thread knows by their errors, those of hooks it ran among them
 */
export function shutdownError(
  failure: NativeFailure | undefined,
  known: readonly RecorderFault[] = [],
): MetricsRuntimeShutdownError {
  const told = (failure?.recorderFaults ?? [])
    .filter(({ recorderId }) => !known.some((fault) => fault.recorderId === recorderId))
    .map(({ recorderId, kind, message }) => ({ recorderId, error: faultError(kind, message) }));
  const faults = [...known, ...told];
  return new MetricsRuntimeShutdownError(faults, faults[0]?.error ?? whyNotEnded(failure));
}

function whyNotEnded(failure: NativeFailure | undefined): Error {
  return new Error(
    failure?.osCode === undefined
      ? `the thread did not end within ${Math.round(failure?.waitedMs ?? 0)} ms`
      : `the system refused: ${failure.osCode}`,
  );
}
