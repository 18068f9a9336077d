import { brand } from "../errors/brand.js";
import { describeExpected } from "../errors/expected-states.js";
import { MetricsError, withCause } from "../errors/metrics-error.js";
import type { MetricsRecorderState } from "./recorder-state.js";

/** Base of everything that a recorder throws or reports, apart from argument errors. */
export class MetricsRecorderError extends MetricsError {
  readonly code: string = "ERR_METRICS_RECORDER";
}

/**
 * The call is not for the state the recorder is in. `details`: `recorderState`, `expectedStates`.
 * `cause`: why the recorder failed, when it is in FAILURE.
 */
export class MetricsRecorderInvalidStateError extends MetricsRecorderError {
  override readonly code = "ERR_METRICS_RECORDER_INVALID_STATE";

  constructor(
    recorderState: MetricsRecorderState,
    expectedStates: readonly MetricsRecorderState[],
    cause?: unknown,
    note = "",
  ) {
    super(
      `invalid metrics recorder state '${recorderState}', ${describeExpected(expectedStates)}${note}`,
      {
        details: { recorderState, expectedStates: [...expectedStates] },
        cause,
      },
    );
  }
}

/** The queue is full and its policy is RAISE_ERROR. `details`: `queueMaxSize`. */
export class MetricsRecorderQueueOverflowError extends MetricsRecorderError {
  override readonly code = "ERR_METRICS_RECORDER_QUEUE_OVERFLOW";

  constructor(queueMaxSize: number) {
    super("queue overflow", { details: { queueMaxSize } });
  }
}

/** The `onStarting` hook threw; the recorder did not start. */
export class MetricsRecorderOnStartingHookFailedError extends MetricsRecorderError {
  override readonly code = "ERR_METRICS_RECORDER_ON_STARTING_HOOK";

  constructor(cause: unknown) {
    super(withCause("on starting hook failed", cause), { cause });
  }
}

/** The `onStopped` hook threw, after the recorder had stopped. */
export class MetricsRecorderOnStoppedHookFailedError extends MetricsRecorderError {
  override readonly code = "ERR_METRICS_RECORDER_ON_STOPPED_HOOK";

  constructor(cause: unknown) {
    super(withCause("on stopped hook failed", cause), { cause });
  }
}

/** Native dispatch failed; the recorder is in FAILURE. */
export class MetricsRecorderDispatcherError extends MetricsRecorderError {
  override readonly code = "ERR_METRICS_RECORDER_DISPATCHER";

  constructor(cause: unknown) {
    super(withCause("the dispatcher failed", cause), { cause });
  }
}

/** Wraps every failure that is not the recorder's own. */
export class MetricsRecorderUnexpectedError extends MetricsRecorderError {
  override readonly code = "ERR_METRICS_RECORDER_UNEXPECTED";

  constructor(cause: unknown) {
    super(withCause("unexpected metrics recorder error", cause), { cause });
  }
}

for (const errorClass of [
  MetricsRecorderError,
  MetricsRecorderInvalidStateError,
  MetricsRecorderQueueOverflowError,
  MetricsRecorderOnStartingHookFailedError,
  MetricsRecorderOnStoppedHookFailedError,
  MetricsRecorderDispatcherError,
  MetricsRecorderUnexpectedError,
]) {
  brand(errorClass);
}
