import { checkFunction, checkOptions } from "../errors/argument-checks.js";
import type { MetricsRecorder } from "./metrics-recorder.js";

/**
 * Called synchronously, on the thread that created the recorder. Inside, events and metrics may be
 * registered and snapshots read; what would block (`wait`, `stopRecorder`, `stopAndRemoveRecorder`,
 * `shutdown`) fails with an invalid-state error.
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
   * of the process or worker stops.
   */
  readonly onStopped?: ((recorder: MetricsRecorder) => void) | undefined;
}

const NAMES = ["onStarting", "onStopped"] as const;

export function checkHooks(name: string, value: unknown): MetricsRecorderHooks | undefined {
  if (value === undefined) return undefined;
  const hooks = checkOptions(name, value, NAMES);
  for (const hook of NAMES) {
    if (hooks[hook] !== undefined) checkFunction(`${name}.${hook}`, hooks[hook]);
  }
  return hooks as MetricsRecorderHooks;
}
