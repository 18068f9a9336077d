import type { MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import { EventLog } from "./event-log.js";

/** Calls that block, on a runtime and its recorder "a"; the last three stop that. */
export const BLOCKING_CALLS: [
  name: string,
  call: (runtime: MetricsRuntime, recorder: MetricsRecorder) => unknown,
][] = [
  ["getMetricSnapshots", (_, recorder) => recorder.getMetricSnapshots()],
  ["registerMetric", (_, recorder) => recorder.registerMetric(new EventLog("more"))],
  ["createRecorder", (runtime) => runtime.createRecorder("new")],
  ["stopRecorder", (runtime) => runtime.stopRecorder("a")],
  ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("a")],
  ["shutdown", (runtime) => runtime.shutdown()],
];
