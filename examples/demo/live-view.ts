import type { HistogramSnapshot, MetricSnapshots, Series } from "metrics-runtime";
import { bucketsSince, quantileOf } from "./bucket-quantile.js";
import { httpRequests, httpRoutes } from "./http-metrics.js";
import { titleOf, valueAt } from "./snapshot-values.js";

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

/** A row for each method and route that has come up, then one for all requests. */
export function liveRows(earlier: Reading, now: Reading): LiveRow[] {
  const before = durationsIn(earlier);
  const failures = failuresIn(now);
  const seconds = Math.max(1, now.atMs - earlier.atMs) / 1_000;
  return [...durationsIn(now)].map(([title, { count, max, buckets }]) => {
    const recent = bucketsSince(before.get(title)?.buckets ?? [], buckets);
    return {
      title,
      answered: count,
      failed: failures.get(title) ?? 0, // what has not failed yet has no series there
      perSecond: (count - (before.get(title)?.count ?? 0)) / seconds,
      p50Ms: quantileOf(recent, 0.5, max ?? 0),
      p99Ms: quantileOf(recent, 0.99, max ?? 0),
    };
  });
}

function durationsIn({ http }: Reading): Map<string, HistogramSnapshot> {
  const dimension = "duration_buckets_ms";
  return byTitle(valueAt(http, httpRoutes, dimension), valueAt(http, httpRequests, dimension));
}

function failuresIn({ http }: Reading): Map<string, number> {
  return byTitle(valueAt(http, httpRoutes, "failed"), valueAt(http, httpRequests, "failed"));
}

function byTitle<Value>(routes: readonly Series<Value>[], all: Value): Map<string, Value> {
  return new Map([...routes.map((one) => [titleOf(one), one.value] as const), ["all", all]]);
}
