/** Stops of recorders that a call of the runtime brings about, logged as the recorders' own. */
import { logFailed, logInvoke, logSuccess, runLogged, type Stages } from "../logging/log-stages.js";
import { MetricsRecorderUnexpectedError } from "../recorder/errors.js";
import type { MetricsRecorder } from "../recorder/metrics-recorder.js";
import type { RecorderLifecycle } from "../recorder/recorder-lifecycle.js";
import { lifecycleStages } from "../recorder/recorder-log.js";
import { MetricsRecorderState } from "../recorder/recorder-state.js";

/** @param recorder as this thread has it, if it does */
export function loggedStop<Result>(
  recorder: MetricsRecorder | undefined,
  stop: () => Result,
): Result {
  const stages = recorder === undefined ? undefined : stopStages(recorder);
  return stages === undefined ? stop() : runLogged(stages, stop);
}

/**
 * Before all of them are stopped at once: logs that they are about to.
 *
 * @returns to be called with what has failed, when they should have stopped; logs how that ended
 */
export function beginLoggedStops(
  recorders: readonly {
    readonly recorder: MetricsRecorder;
    readonly lifecycle: RecorderLifecycle;
  }[],
): (failure: Error | undefined) => void {
  const begun = recorders.flatMap(({ recorder, lifecycle }) => {
    const stages = stopStages(recorder);
    return stages === undefined ? [] : [{ stages, lifecycle }];
  });
  for (const { stages } of begun) logInvoke(stages);
  return (failure) => {
    for (const { stages, lifecycle } of begun) {
      const { fault, status } = lifecycle;
      // What is raised must not take the place of what the shutdown has to say.
      if (status === MetricsRecorderState.STOPPED) logSuccess({ ...stages, unattended: true });
      else logFailed(stages, fault ?? notStopped(failure));
    }
  };
}

/** `undefined`: nobody wants to know, or it has stopped already. */
function stopStages(recorder: MetricsRecorder): Stages | undefined {
  const state = () => recorder.getStatus();
  if (state() !== MetricsRecorderState.RUNNING) return undefined;
  return lifecycleStages("stop", recorder.getLogContext(), recorder.entityId, state);
}

function notStopped(
  failure = new Error("the recorder has not stopped"),
): MetricsRecorderUnexpectedError {
  return new MetricsRecorderUnexpectedError(failure);
}
