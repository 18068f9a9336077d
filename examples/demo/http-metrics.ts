import {
  count,
  defineMetric,
  histogram,
  type MetricsRecorderLike,
  max,
  quantiles,
  sum,
  upDown,
} from "metrics-runtime";
import { RequestAborted, RequestAnswered, RequestReceived } from "./http-events.js";

const FAILED = { statusClass: ["4xx", "5xx"] } as const;
const BY_ROUTE = ["method", "route"] as const;

/** Over the whole run. */
const QUANTILES = [0.5, 0.9, 0.99];

/** Buckets can be subtracted, which tells what happened between two snapshots. */
const BUCKETS_MS = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 1_000];

/** All requests together. */
export const httpRequests = defineMetric("http_service.requests", {
  received: count(RequestReceived),
  answered: count(RequestAnswered),
  aborted: count(RequestAborted),
  failed: count(RequestAnswered, { where: FAILED }),
  in_flight: upDown([
    [RequestReceived, +1],
    [RequestAnswered, -1],
    [RequestAborted, -1],
  ]),
  request_bytes: sum(RequestAnswered, "requestBytes"),
  response_bytes: sum(RequestAnswered, "responseBytes"),
  duration_ms: quantiles(RequestAnswered, "durationMs", { quantiles: QUANTILES }),
  duration_buckets_ms: histogram(RequestAnswered, "durationMs", { buckets: BUCKETS_MS }),
});

/** How they ended: a series for each value that comes up, none of which is named here. */
export const httpResponses = defineMetric("http_service.responses", {
  by_class: count(RequestAnswered, { by: ["statusClass"] }),
  by_status: count(RequestAnswered, { by: ["status"] }),
  slowest_ms: max(RequestAnswered, "durationMs", { by: ["status"] }),
});

/** What is asked for, how often it fails and how long it takes. */
export const httpRoutes = defineMetric("http_service.routes", {
  answered: count(RequestAnswered, { by: BY_ROUTE }),
  failed: count(RequestAnswered, { by: BY_ROUTE, where: FAILED }),
  duration_ms: quantiles(RequestAnswered, "durationMs", { quantiles: QUANTILES, by: BY_ROUTE }),
  duration_buckets_ms: histogram(RequestAnswered, "durationMs", {
    buckets: BUCKETS_MS,
    by: BY_ROUTE,
  }),
});

export function registerHttpMetrics(recorder: MetricsRecorderLike): void {
  recorder.registerMetric(httpRequests);
  recorder.registerMetric(httpResponses);
  recorder.registerMetric(httpRoutes);
}
