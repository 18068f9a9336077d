import type * as library from "metrics-runtime";

/** One class of error as the reference describes it. */
export interface ErrorRow {
  readonly make: (from: typeof library) => Error;
  readonly name: keyof typeof library & string;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The classes it is also an instance of. */
  readonly bases: readonly (keyof typeof library & string)[];
  readonly hasCause?: true;
}

export const CAUSE = new RangeError("no memory");

const RUNTIME = ["MetricsRuntimeError"] as const;
const RECORDER_OF_RUNTIME = ["MetricsRuntimeError", "MetricsRuntimeRecorderError"] as const;
const RECORDER = ["MetricsRecorderError"] as const;

/** Every error class there is. */
export const ERRORS: readonly ErrorRow[] = [
  {
    make: (from) => new from.MetricsRuntimeError("anything"),
    name: "MetricsRuntimeError",
    code: "ERR_METRICS_RUNTIME",
    message: "anything",
    bases: [],
  },
  {
    make: (from) => new from.MetricsRuntimeInvalidStateError("CLOSED", ["VIRGIN"]),
    name: "MetricsRuntimeInvalidStateError",
    code: "ERR_METRICS_RUNTIME_INVALID_STATE",
    message: "invalid metrics runtime state 'CLOSED', expected 'VIRGIN'",
    details: { runtimeState: "CLOSED", expectedStates: ["VIRGIN"] },
    bases: RUNTIME,
  },
  {
    make: (from) => new from.MetricsRuntimeInvalidStateError("FAILURE", ["RUNNING", "STOPPING"]),
    name: "MetricsRuntimeInvalidStateError",
    code: "ERR_METRICS_RUNTIME_INVALID_STATE",
    message: "invalid metrics runtime state 'FAILURE', expected one of: 'RUNNING', 'STOPPING'",
    details: { runtimeState: "FAILURE", expectedStates: ["RUNNING", "STOPPING"] },
    bases: RUNTIME,
  },
  {
    make: (from) =>
      new from.MetricsRuntimeStartupError(
        { osCode: "EAGAIN", errno: -11, syscall: "uv_thread_create" },
        CAUSE,
      ),
    name: "MetricsRuntimeStartupError",
    code: "ERR_METRICS_RUNTIME_STARTUP",
    message: "unable to start the metrics runtime -> RangeError: no memory",
    details: { osCode: "EAGAIN", errno: -11, syscall: "uv_thread_create" },
    bases: RUNTIME,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRuntimeStartupError({}),
    name: "MetricsRuntimeStartupError",
    code: "ERR_METRICS_RUNTIME_STARTUP",
    message: "unable to start the metrics runtime",
    bases: RUNTIME,
  },
  {
    make: (from) =>
      new from.MetricsRuntimeShutdownError([{ recorderId: "a", error: CAUSE }], CAUSE),
    name: "MetricsRuntimeShutdownError",
    code: "ERR_METRICS_RUNTIME_SHUTDOWN",
    message: "unable to shut down the metrics runtime -> RangeError: no memory",
    details: {
      failedRecorderIds: ["a"],
      recorderErrors: { a: { kind: "RangeError", message: "no memory" } },
    },
    bases: RUNTIME,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRuntimeLoopUnavailableError(5000),
    name: "MetricsRuntimeLoopUnavailableError",
    code: "ERR_METRICS_RUNTIME_LOOP_UNAVAILABLE",
    message: "the event loop of the metrics runtime is not available",
    details: { waitedMs: 5000 },
    bases: RUNTIME,
  },
  {
    make: (from) => new from.MetricsRuntimeUnexpectedError(CAUSE),
    name: "MetricsRuntimeUnexpectedError",
    code: "ERR_METRICS_RUNTIME_UNEXPECTED",
    message: "unexpected metrics runtime error -> RangeError: no memory",
    bases: RUNTIME,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRuntimeRecorderError("a", "anything"),
    name: "MetricsRuntimeRecorderError",
    code: "ERR_METRICS_RUNTIME_RECORDER",
    message: "metrics runtime recorder error -> anything",
    details: { recorderId: "a" },
    bases: RUNTIME,
  },
  {
    make: (from) => new from.MetricsRuntimeRecorderStartupError("a", CAUSE),
    name: "MetricsRuntimeRecorderStartupError",
    code: "ERR_METRICS_RUNTIME_RECORDER_STARTUP",
    message:
      "metrics runtime recorder error -> unable to start the metrics recorder -> RangeError: no memory",
    details: { recorderId: "a" },
    bases: RECORDER_OF_RUNTIME,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRuntimeRecorderStopError("a"),
    name: "MetricsRuntimeRecorderStopError",
    code: "ERR_METRICS_RUNTIME_RECORDER_STOP",
    message: "metrics runtime recorder error -> unable to stop the metrics recorder",
    details: { recorderId: "a" },
    bases: RECORDER_OF_RUNTIME,
  },
  {
    make: (from) => new from.MetricsRuntimeRecorderAlreadyExistsError("a"),
    name: "MetricsRuntimeRecorderAlreadyExistsError",
    code: "ERR_METRICS_RUNTIME_RECORDER_ALREADY_EXISTS",
    message: "metrics runtime recorder error -> metrics recorder with 'a' already exists",
    details: { recorderId: "a" },
    bases: RECORDER_OF_RUNTIME,
  },
  {
    make: (from) => new from.MetricsRuntimeRecorderNotFoundError("a"),
    name: "MetricsRuntimeRecorderNotFoundError",
    code: "ERR_METRICS_RUNTIME_RECORDER_NOT_FOUND",
    message: "metrics runtime recorder error -> metrics recorder with 'a' not found",
    details: { recorderId: "a" },
    bases: RECORDER_OF_RUNTIME,
  },
  {
    make: (from) => new from.MetricsRecorderError("anything"),
    name: "MetricsRecorderError",
    code: "ERR_METRICS_RECORDER",
    message: "anything",
    bases: [],
  },
  {
    make: (from) =>
      new from.MetricsRecorderInvalidStateError("STOPPED", ["STARTING", "RUNNING"], CAUSE),
    name: "MetricsRecorderInvalidStateError",
    code: "ERR_METRICS_RECORDER_INVALID_STATE",
    message: "invalid metrics recorder state 'STOPPED', expected one of: 'STARTING', 'RUNNING'",
    details: { recorderState: "STOPPED", expectedStates: ["STARTING", "RUNNING"] },
    bases: RECORDER,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRecorderQueueOverflowError(7),
    name: "MetricsRecorderQueueOverflowError",
    code: "ERR_METRICS_RECORDER_QUEUE_OVERFLOW",
    message: "queue overflow",
    details: { queueMaxSize: 7 },
    bases: RECORDER,
  },
  {
    make: (from) => new from.MetricsRecorderOnStartingHookFailedError(CAUSE),
    name: "MetricsRecorderOnStartingHookFailedError",
    code: "ERR_METRICS_RECORDER_ON_STARTING_HOOK",
    message: "on starting hook failed -> RangeError: no memory",
    bases: RECORDER,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRecorderOnStoppedHookFailedError(CAUSE),
    name: "MetricsRecorderOnStoppedHookFailedError",
    code: "ERR_METRICS_RECORDER_ON_STOPPED_HOOK",
    message: "on stopped hook failed -> RangeError: no memory",
    bases: RECORDER,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRecorderDispatcherError(CAUSE),
    name: "MetricsRecorderDispatcherError",
    code: "ERR_METRICS_RECORDER_DISPATCHER",
    message: "the dispatcher failed -> RangeError: no memory",
    bases: RECORDER,
    hasCause: true,
  },
  {
    make: (from) => new from.MetricsRecorderUnexpectedError(CAUSE),
    name: "MetricsRecorderUnexpectedError",
    code: "ERR_METRICS_RECORDER_UNEXPECTED",
    message: "unexpected metrics recorder error -> RangeError: no memory",
    bases: RECORDER,
    hasCause: true,
  },
  {
    make: (from) => new from.LogContextUnableToLogError(CAUSE),
    name: "LogContextUnableToLogError",
    code: "ERR_METRICS_LOG_CONTEXT_UNABLE_TO_LOG",
    message: "unable to log event -> RangeError: no memory",
    bases: [],
    hasCause: true,
  },
];
