/** Which calls of a recorder are logged, and as what. */
import { channelOf } from "../logging/log-channel.js";
import type { LogContext } from "../logging/log-context.js";
import { logInvocation, logMethods } from "../logging/log-invocation.js";
import type { Stages } from "../logging/log-stages.js";
import type { MetricsRecorder } from "./metrics-recorder.js";
import type { RegisteredMetric } from "./recorder-like.js";
import type { MetricsRecorderState } from "./recorder-state.js";

export function logRecorderCalls(prototype: MetricsRecorder): void {
  const logged = (operation: string, kwargs?: (...args: readonly never[]) => object) =>
    logInvocation<MetricsRecorder, never>(`metrics_recorder.${operation}`, {
      logContext: (recorder) => recorder.getLogContext(),
      entityId: (recorder) => recorder.entityId,
      fields: (recorder) => ({ state: recorder.getStatus() }),
      kwargs: kwargs as (() => Record<string, unknown>) | undefined,
    });
  logMethods(prototype, {
    start: logged("start"),
    stop: logged("stop"),
    registerMetric: logged("register_metric", (metric: RegisteredMetric) => ({
      metricName: nameOf(metric),
    })),
    getMetricSnapshots: logged("get_metric_snapshots"),
    iterMetrics: logged("iter_metrics"),
  });
}

/** A start or stop that a call of the runtime brings about. */
export function lifecycleStages(
  operation: "start" | "stop",
  logContext: LogContext | undefined,
  entityId: string,
  state: () => MetricsRecorderState,
): Stages | undefined {
  const eventName = `metrics_recorder.${operation}`;
  const channel = channelOf(eventName);
  if (logContext === undefined && !channel.hasSubscribers) return undefined;
  return {
    eventName,
    channel,
    context: logContext,
    entityId: () => entityId,
    fields: () => ({ state: state() }),
  };
}

/** It has not been checked yet, and its getter has not thrown yet: both are for the call itself. */
function nameOf(metric: RegisteredMetric | undefined): unknown {
  try {
    return metric?.metricName;
  } catch {
    return undefined;
  }
}
