import {
  count,
  defineMetric,
  histogram,
  type MetricsRecorderLike,
  sum,
  upDown,
} from "metrics-runtime";
import { RequestAborted, RequestAnswered, RequestReceived } from "./http-events.js";
import type { HttpMethod } from "./http-routes.js";

const DURATION_BUCKETS_MS = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 1_000];

export const MEASURED_METHODS = ["GET", "PUT", "DELETE"] as const satisfies readonly HttpMethod[];
export const MEASURED_STATUSES = [200, 201, 204, 400, 404, 409, 413, 500] as const;

export const httpRequests = defineMetric("http_service.requests", {
  received: count(RequestReceived),
  answered: count(RequestAnswered),
  aborted: count(RequestAborted),
  failed: count(RequestAnswered, { where: { statusClass: ["4xx", "5xx"] } }),
  unknown_route: count(RequestAnswered, { where: { route: "unknown" } }),
  in_flight: upDown([
    [RequestReceived, +1],
    [RequestAnswered, -1],
    [RequestAborted, -1],
  ]),
  request_bytes: sum(RequestAnswered, "requestBytes"),
  response_bytes: sum(RequestAnswered, "responseBytes"),
  duration_ms: histogram(RequestAnswered, "durationMs", { buckets: DURATION_BUCKETS_MS }),
});

export const httpStatuses = defineMetric("http_service.statuses", {
  class_2xx: count(RequestAnswered, { where: { statusClass: "2xx" } }),
  class_4xx: count(RequestAnswered, { where: { statusClass: "4xx" } }),
  class_5xx: count(RequestAnswered, { where: { statusClass: "5xx" } }),
  status_200: count(RequestAnswered, { where: { status: 200 } }),
  status_201: count(RequestAnswered, { where: { status: 201 } }),
  status_204: count(RequestAnswered, { where: { status: 204 } }),
  status_400: count(RequestAnswered, { where: { status: 400 } }),
  status_404: count(RequestAnswered, { where: { status: 404 } }),
  status_409: count(RequestAnswered, { where: { status: 409 } }),
  status_413: count(RequestAnswered, { where: { status: 413 } }),
  status_500: count(RequestAnswered, { where: { status: 500 } }),
});

export function httpMethodMetricName(method: HttpMethod): string {
  return `http_service.requests.${method.toLowerCase()}`;
}

export function registerHttpMetrics(recorder: MetricsRecorderLike): void {
  recorder.registerMetric(httpRequests);
  recorder.registerMetric(httpStatuses);
  for (const method of MEASURED_METHODS) {
    recorder.registerMetric(
      defineMetric(httpMethodMetricName(method), {
        answered: count(RequestAnswered, { where: { method } }),
        failed: count(RequestAnswered, { where: { method, statusClass: ["4xx", "5xx"] } }),
        duration_ms: histogram(RequestAnswered, "durationMs", {
          buckets: DURATION_BUCKETS_MS,
          where: { method },
        }),
      }),
    );
  }
}
