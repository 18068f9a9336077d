import type { MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import { expect } from "vitest";
import { EventLog, Numbered } from "./event-log.js";
import { startedRuntime } from "./runtimes.js";

/** What `inside` gives when the metric `log` is given its first event; what it throws is thrown here. */
export function fromHandleEvent<Result>(
  inside: (recorder: MetricsRecorder, runtime: MetricsRuntime) => Result,
) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const results: Result[] = [];
  const errors: unknown[] = [];
  const log = new EventLog("log", () => {
    if (log.events.length > 1) return true;
    try {
      results.push(inside(recorder, runtime));
    } catch (error) {
      errors.push(error);
    }
    return true;
  });
  recorder.registerMetric(log);
  for (const n of [1, 2, 3]) recorder.registerEvent(Numbered({ n }));
  recorder.getMetricSnapshots();
  if (errors.length > 0) throw errors[0];
  expect(results).toHaveLength(1);
  return { runtime, recorder, log, result: results[0] as Result };
}
