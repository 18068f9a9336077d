/** What `exposition-under-load.ts` and its worker thread agree on. */
import { defineMetricEvent, float64, type MetricsRuntimeToken, oneOf } from "metrics-runtime";

export const RECORDER = "load";
export const EVENTS_PER_MS = 500;

/** The same on both threads. */
export const Handled = defineMetricEvent("bench.handled", {
  outcome: oneOf("SUCCESS", "FAILURE"),
  durationMs: float64(),
});

/** What the `int32` of the gate says. */
export const WAIT = 0;
export const RUN = 1;
export const END = 2;

export interface LoadTask {
  readonly token: MetricsRuntimeToken;
  readonly gate: SharedArrayBuffer;
}

export interface LoadReport {
  readonly offered: number;
  readonly accepted: number;
  readonly seconds: number;
  /** The longest time between two bursts. */
  readonly longestGapMs: number;
}
