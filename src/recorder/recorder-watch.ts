import { channelOf } from "../logging/log-channel.js";
import type { LogContext } from "../logging/log-context.js";
import { LogLevel } from "../logging/log-level.js";
import { logMachinery } from "../logging/log-machinery.js";
import type { NativeRecorder } from "../native/boundary.js";
import type { MetricsRecorderError } from "./errors.js";
import { MetricsRecorderState } from "./recorder-state.js";

const PERIOD_MS = 1_000;
/** A queue that nobody empties for so long is worth a line. */
const STALLED_MS = 2_000;

const EVENTS = {
  DISPATCH_ERROR: "metrics_recorder.dispatch_error",
  CLEANUP_FAILED: "metrics_recorder.cleanup.failed",
  INVALID_VALUE: "metrics_recorder.invalid_value",
  EVENTS_DROPPED: "metrics_recorder.events_dropped",
  HOOK_FAILED: "metrics_recorder.hook_failed",
  QUARANTINED: "metrics_recorder.quarantined",
  UNDELIVERED: "metrics_recorder.events_undelivered",
  OBSERVATIONS_FAILED: "metrics_recorder.observations_failed",
  DRAIN_STALLED: "metrics_recorder.drain_stalled",
} as const;

/** Counts of `NativeRecorderStats` whose growth is logged. */
const COUNTED = [
  ["invalid", EVENTS.INVALID_VALUE, LogLevel.WARNING],
  ["dropped", EVENTS.EVENTS_DROPPED, LogLevel.WARNING],
  ["undelivered", EVENTS.UNDELIVERED, LogLevel.WARNING],
  ["observationsFailed", EVENTS.OBSERVATIONS_FAILED, LogLevel.WARNING],
] as const;
type Counted = (typeof COUNTED)[number][0] | "hookFailures";

/** A recorder as its watch sees it. */
export interface WatchedRecorder {
  readonly native: NativeRecorder;
  readonly entityId: string;
  readonly logContext: LogContext | undefined;
  readonly status: () => MetricsRecorderState;
  /** Why it is in FAILURE. */
  readonly fault: () => MetricsRecorderError | undefined;
}

/**
 * Logs what goes wrong in a recorder without being the result of a call: on its native thread, in hooks and
 * custom metrics, over all threads. Once a second on a timer of the thread that created it, which keeps no process
 * alive, and at its stops; of what happened more often meanwhile, how often. Nobody waits for it, and it looks at
 * nothing but counts that are kept anyway.
 */
export class RecorderWatch {
  readonly #recorder: WatchedRecorder;
  readonly #told: Record<Counted, number> = {
    invalid: 0,
    dropped: 0,
    undelivered: 0,
    observationsFailed: 0,
    hookFailures: 0,
  };
  readonly #quarantined = new Set<string>();
  /** What hooks and custom metrics of this thread have thrown since it was told. */
  #hookError: unknown;
  readonly #metricErrors = new Map<string, unknown>();
  #toldFault: MetricsRecorderError["message"] | undefined;
  #dispatched = 0;
  #stalledSince: number | undefined;
  #stallTold = false;
  #timer: NodeJS.Timeout | undefined;

  /** `undefined`: nobody wants to know. */
  static of(recorder: WatchedRecorder): RecorderWatch | undefined {
    const wanted =
      recorder.logContext !== undefined ||
      Object.values(EVENTS).some((name) => channelOf(name).hasSubscribers);
    return wanted ? new RecorderWatch(recorder) : undefined;
  }

  private constructor(recorder: WatchedRecorder) {
    this.#recorder = recorder;
    const weak = new WeakRef(this);
    const timer = setInterval(() => {
      const watch = weak.deref();
      if (watch === undefined) clearInterval(timer);
      else watch.tell();
    }, PERIOD_MS).unref();
    this.#timer = timer;
  }

  /** A hook of this thread has thrown, without any other consequence. */
  noteHookError(error: unknown): void {
    this.#hookError = error;
  }

  /** `onStopped` has, after another thread's stop: nobody else is told. It was counted as a hook's failure. */
  noteCleanupError(error: unknown): void {
    this.#told.hookFailures++;
    this.#log(EVENTS.CLEANUP_FAILED, LogLevel.ERROR, { error });
  }

  noteMetricError(metricName: string, error: unknown): void {
    this.#metricErrors.set(metricName, error);
  }

  /** What has happened since it was told the last time. Never throws. */
  tell(): void {
    try {
      this.#tell();
    } catch {
      // The system refuses memory for what there is to say: another time.
    }
    // Removed, or closed, maybe by another thread: nothing will happen any more.
    if (this.#recorder.native.letGo()) clearInterval(this.#timer);
  }

  #tell(): void {
    const { native } = this.#recorder;
    const stats = native.stats();
    for (const [counted, eventName, level] of COUNTED) {
      const count = this.#more(counted, stats[counted]);
      if (count > 0) this.#log(eventName, level, { count });
    }
    const failedHooks = this.#more("hookFailures", stats.hookFailures);
    if (failedHooks > 0) {
      const error = this.#hookError;
      this.#hookError = undefined;
      this.#log(EVENTS.HOOK_FAILED, LogLevel.ERROR, { count: failedHooks, error });
    }
    this.#tellQuarantined(native.quarantined());
    if (stats.faultKind === "DISPATCHER") this.#tellFault();
    this.#tellStall(stats.pending, stats.dispatched);
  }

  /** The recorder is gone. */
  end(): void {
    this.tell();
    clearInterval(this.#timer);
  }

  #more(counted: Counted, now: number): number {
    const more = now - this.#told[counted];
    this.#told[counted] = now;
    return more;
  }

  #tellQuarantined(names: readonly string[]): void {
    for (const metricName of names) {
      // Told already, unless it was registered anew and has thrown again.
      if (this.#quarantined.has(metricName) && !this.#metricErrors.has(metricName)) continue;
      const error = this.#metricErrors.get(metricName);
      this.#log(EVENTS.QUARANTINED, LogLevel.ERROR, { metricName, error });
    }
    this.#metricErrors.clear();
    this.#quarantined.clear();
    for (const name of names) this.#quarantined.add(name);
  }

  #tellFault(): void {
    const fault = this.#recorder.fault();
    if (fault === undefined || fault.message === this.#toldFault) return;
    this.#toldFault = fault.message;
    this.#log(EVENTS.DISPATCH_ERROR, LogLevel.ERROR, { error: fault.toLogPayload() });
  }

  #tellStall(pending: number, dispatched: number): void {
    const moves =
      pending === 0 ||
      dispatched !== this.#dispatched ||
      this.#recorder.status() !== MetricsRecorderState.RUNNING;
    this.#dispatched = dispatched;
    if (moves) {
      this.#stalledSince = undefined;
      this.#stallTold = false;
      return;
    }
    this.#stalledSince ??= performance.now();
    const stalledMs = Math.round(performance.now() - this.#stalledSince);
    if (this.#stallTold || stalledMs < STALLED_MS) return;
    this.#stallTold = true;
    this.#log(EVENTS.DRAIN_STALLED, LogLevel.WARNING, { pending, stalledMs });
  }

  #log(eventName: string, level: LogLevel, more: Readonly<Record<string, unknown>>): void {
    const { logContext, entityId, status } = this.#recorder;
    const payload = { state: status(), ...more };
    logMachinery(logContext, { level, eventName, entityId, payload });
  }
}
