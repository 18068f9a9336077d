import { brand } from "../errors/brand.js";
import { describeExpected } from "../errors/expected-states.js";
import {
  describeCause,
  type ErrorDetails,
  MetricsError,
  type MetricsErrorOptions,
  withCause,
} from "../errors/metrics-error.js";
import type { MetricsRuntimeState } from "./runtime-state.js";

/** Base of everything that {@link MetricsRuntime} throws, apart from argument errors. */
export class MetricsRuntimeError extends MetricsError {
  readonly code: string = "ERR_METRICS_RUNTIME";
}

/** The call is not for the state the runtime is in. `details`: `runtimeState`, `expectedStates`. */
export class MetricsRuntimeInvalidStateError extends MetricsRuntimeError {
  override readonly code = "ERR_METRICS_RUNTIME_INVALID_STATE";

  constructor(
    runtimeState: MetricsRuntimeState,
    expectedStates: readonly MetricsRuntimeState[],
    cause?: unknown,
    note = "",
  ) {
    super(
      `invalid metrics runtime state '${runtimeState}', ${describeExpected(expectedStates)}${note}`,
      {
        details: { runtimeState, expectedStates: [...expectedStates] },
        cause,
      },
    );
  }
}

/** `start()` failed. `details`, where the system refused: `osCode`, `errno`, `syscall`. */
export class MetricsRuntimeStartupError extends MetricsRuntimeError {
  override readonly code = "ERR_METRICS_RUNTIME_STARTUP";

  constructor(details: ErrorDetails, cause?: unknown) {
    super(withCause("unable to start the metrics runtime", cause), { details, cause });
  }
}

/** One recorder's share in a failed shutdown. */
export interface RecorderFault {
  readonly recorderId: string;
  readonly error: Error;
}

/** `shutdown()` failed. `details`: `failedRecorderIds`, `recorderErrors`. */
export class MetricsRuntimeShutdownError extends MetricsRuntimeError {
  override readonly code = "ERR_METRICS_RUNTIME_SHUTDOWN";

  constructor(faults: readonly RecorderFault[], cause?: unknown) {
    super(withCause("unable to shut down the metrics runtime", cause), {
      details: {
        failedRecorderIds: faults.map((fault) => fault.recorderId),
        recorderErrors: Object.fromEntries(
          faults.map((fault) => [fault.recorderId, describeCause(fault.error)]),
        ),
      },
      cause,
    });
  }
}

/** The loop has ended, or did not take the command in time. `details`: `waitedMs`. */
export class MetricsRuntimeLoopUnavailableError extends MetricsRuntimeError {
  override readonly code = "ERR_METRICS_RUNTIME_LOOP_UNAVAILABLE";

  constructor(waitedMs: number) {
    super("the event loop of the metrics runtime is not available", { details: { waitedMs } });
  }
}

/** Wraps every failure that is not the runtime's own. */
export class MetricsRuntimeUnexpectedError extends MetricsRuntimeError {
  override readonly code = "ERR_METRICS_RUNTIME_UNEXPECTED";

  constructor(cause: unknown, details: ErrorDetails = {}) {
    super(withCause("unexpected metrics runtime error", cause), { details, cause });
  }
}

/** Base of the errors about one recorder of the runtime. `details`: `recorderId`. */
export class MetricsRuntimeRecorderError extends MetricsRuntimeError {
  override readonly code: string = "ERR_METRICS_RUNTIME_RECORDER";
  /** Of the recorder that it is about. */
  readonly recorderId: string;

  constructor(recorderId: string, what: string, options: MetricsErrorOptions = {}) {
    super(`metrics runtime recorder error -> ${what}`, {
      details: { recorderId, ...options.details },
      cause: options.cause,
    });
    this.recorderId = recorderId;
  }
}

/**
 * The recorder could not be created and started; it is not registered. `details`, where the system
 * refused memory: `osCode`, `errno`.
 */
export class MetricsRuntimeRecorderStartupError extends MetricsRuntimeRecorderError {
  override readonly code = "ERR_METRICS_RUNTIME_RECORDER_STARTUP";

  constructor(recorderId: string, cause?: unknown, details: ErrorDetails = {}) {
    super(recorderId, withCause("unable to start the metrics recorder", cause), { details, cause });
  }
}

/** The recorder could not be stopped. */
export class MetricsRuntimeRecorderStopError extends MetricsRuntimeRecorderError {
  override readonly code = "ERR_METRICS_RUNTIME_RECORDER_STOP";

  constructor(recorderId: string, cause?: unknown) {
    super(recorderId, withCause("unable to stop the metrics recorder", cause), { cause });
  }
}

/** The id is registered, being created or being removed. */
export class MetricsRuntimeRecorderAlreadyExistsError extends MetricsRuntimeRecorderError {
  override readonly code = "ERR_METRICS_RUNTIME_RECORDER_ALREADY_EXISTS";

  constructor(recorderId: string) {
    super(recorderId, `metrics recorder with '${recorderId}' already exists`);
  }
}

/** No recorder has that id, or it is being removed. */
export class MetricsRuntimeRecorderNotFoundError extends MetricsRuntimeRecorderError {
  override readonly code = "ERR_METRICS_RUNTIME_RECORDER_NOT_FOUND";

  constructor(recorderId: string) {
    super(recorderId, `metrics recorder with '${recorderId}' not found`);
  }
}

for (const errorClass of [
  MetricsRuntimeError,
  MetricsRuntimeInvalidStateError,
  MetricsRuntimeStartupError,
  MetricsRuntimeShutdownError,
  MetricsRuntimeLoopUnavailableError,
  MetricsRuntimeUnexpectedError,
  MetricsRuntimeRecorderError,
  MetricsRuntimeRecorderStartupError,
  MetricsRuntimeRecorderStopError,
  MetricsRuntimeRecorderAlreadyExistsError,
  MetricsRuntimeRecorderNotFoundError,
]) {
  brand(errorClass);
}
