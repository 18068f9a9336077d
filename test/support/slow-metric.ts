import {
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  uint32,
} from "metrics-runtime";

/** An event class whose events keep the runtime thread busy: see {@link registerSlowMetric}. */
export const SlowEvent = defineMetricEvent("test.slow", { number: uint32() });

/**
 * Makes each `SlowEvent` cost the runtime thread about a nanosecond for each of `dimensions`, so
 * that a queue fills although the thread works. There is no way to stop that thread from outside.
 */
export function registerSlowMetric(recorder: MetricsRecorder, dimensions: number): void {
  const named: [string, Dimension][] = Array.from({ length: dimensions }, (_, index) => [
    `d${index}`,
    count(SlowEvent),
  ]);
  recorder.registerMetric(defineMetric("slow", Object.fromEntries(named)));
}
