import { checkFunction, checkOptions } from "../errors/argument-checks.js";
import type { MetricEvent } from "../events/metric-event.js";
import type { MetricsRecorder } from "./metrics-recorder.js";
import type { RegisteredMetric } from "./recorder-like.js";

/** An event that mattered to a metric. */
export interface MetricChange {
  /** The one to which it mattered. */
  readonly metric: RegisteredMetric;
  /** A `key` field holds the hash of what was given, as 16 hexadecimal digits. */
  readonly event: MetricEvent;
}

/**
 * Called synchronously, on the thread that created the recorder. Inside, events and metrics may be
 * registered and snapshots read; what would block (`wait`, `stopRecorder`, `stopAndRemoveRecorder`,
 * `shutdown`) fails with an invalid-state error. A promise that a hook gives is not waited for; when
 * it is rejected, that is counted in `getStats().hookFailures` and logged.
 */
export interface MetricsRecorderHooks {
  /**
   * Before the recorder runs: in `createRecorder` and in `start()`; it is STARTING. A throw fails the
   * start with `MetricsRecorderOnStartingHookFailedError`: the recorder is in FAILURE, metrics are as
   * they were before, and the events registered meanwhile count as dropped.
   */
  readonly onStarting?: ((recorder: MetricsRecorder) => void) | undefined;
  /**
   * After the recorder has stopped; it is STOPPED. A throw fails the stop with
   * `MetricsRecorderOnStoppedHookFailedError`: the recorder is in FAILURE. Not called for what the end
   * of the process or worker stops. When another thread has stopped it, it is called on a later turn
   * of this thread's loop, and its throw is counted and logged: the stop has succeeded.
   */
  readonly onStopped?: ((recorder: MetricsRecorder) => void) | undefined;
  /**
   * With the events of this thread that metrics registered by this thread have accepted, in order, at
   * most 64 events at a time; when custom metrics of this thread get theirs, and likewise until then
   * each event takes its place in the queue. A throw is counted in `getStats().hookFailures`, and logged.
   */
  readonly onMetricChanged?: ((changes: readonly MetricChange[]) => void) | undefined;
}

const NAMES = ["onStarting", "onStopped", "onMetricChanged"] as const;

export function checkHooks(name: string, value: unknown): MetricsRecorderHooks | undefined {
  if (value === undefined) return undefined;
  const hooks = checkOptions(name, value, NAMES);
  for (const hook of NAMES) {
    if (hooks[hook] !== undefined) checkFunction(`${name}.${hook}`, hooks[hook]);
  }
  return hooks as MetricsRecorderHooks;
}
