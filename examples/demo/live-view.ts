import type { MetricSnapshots } from "metrics-runtime";
import { bucketsSince, quantileOf } from "./bucket-quantile.js";
import { httpMethodMetricName, httpRequests, MEASURED_METHODS } from "./http-metrics.js";
import { histogramAt, numberAt } from "./snapshot-values.js";

/** One moment, as the recorders report it. */
export interface Reading {
  /** `performance.now()` of the reading. */
  readonly atMs: number;
  readonly http: MetricSnapshots;
  readonly storage: MetricSnapshots;
  /** Events accepted and not yet dispatched, over both recorders. */
  readonly pending: number;
  /** Events lost because a queue was full, over both recorders. */
  readonly dropped: number;
}

/** What became of one kind of request between two readings. */
export interface LiveRow {
  readonly title: string;
  readonly answered: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** A row for each method, then one for all requests. */
export function liveRows(earlier: Reading, now: Reading): LiveRow[] {
  const rows = MEASURED_METHODS.map((method) =>
    liveRow(method, httpMethodMetricName(method), earlier, now),
  );
  return [...rows, liveRow("all", httpRequests.metricName, earlier, now)];
}

function liveRow(title: string, metricName: string, earlier: Reading, now: Reading): LiveRow {
  const answered = numberAt(now.http, metricName, "answered");
  const answeredBefore = numberAt(earlier.http, metricName, "answered");
  const durations = histogramAt(now.http, metricName, "duration_ms");
  const recent = bucketsSince(
    histogramAt(earlier.http, metricName, "duration_ms").buckets,
    durations.buckets,
  );
  const max = durations.max ?? 0;
  return {
    title,
    answered,
    failed: numberAt(now.http, metricName, "failed"),
    perSecond: ((answered - answeredBefore) * 1_000) / Math.max(1, now.atMs - earlier.atMs),
    p50Ms: quantileOf(recent, 0.5, max),
    p99Ms: quantileOf(recent, 0.99, max),
  };
}
