import type { MetricSnapshots } from "metrics-runtime";
import {
  httpMethodMetricName,
  httpRequests,
  httpStatuses,
  MEASURED_METHODS,
  MEASURED_STATUSES,
} from "./http-metrics.js";
import type { LoadTotals } from "./load-totals.js";
import { numberAt } from "./snapshot-values.js";
import { storageOperations } from "./storage-metrics.js";
import { textTable } from "./text-table.js";

/** One quantity, counted on both sides of the wire. */
export interface Comparison {
  readonly quantity: string;
  readonly generator: number;
  readonly metrics: number;
}

/** What the generator counted beside what the service's events add up to. */
export function compareWithGenerator(
  load: LoadTotals,
  http: MetricSnapshots,
  storage: MetricSnapshots,
): Comparison[] {
  const requests = (dimension: string): number =>
    numberAt(http, httpRequests.metricName, dimension);
  const statuses = (dimension: string): number =>
    numberAt(http, httpStatuses.metricName, dimension);
  const operations = (dimension: string): number =>
    numberAt(storage, storageOperations.metricName, dimension);
  const byStatus = (status: number | string): number => load.responsesByStatus[status] ?? 0;
  const byClass = (statusClass: string): number => load.responsesByClass[statusClass] ?? 0;

  // A status that no metric expects must show up as a difference, not be left out.
  const unexpected = Object.keys(load.responsesByStatus).filter(
    (status) => !MEASURED_STATUSES.some((measured) => String(measured) === status),
  );
  return [
    { quantity: "requests sent", generator: load.requestsSent, metrics: requests("received") },
    { quantity: "responses", generator: load.responses, metrics: requests("answered") },
    { quantity: "errors, time-outs", generator: load.errors, metrics: requests("aborted") },
    ...["2xx", "4xx", "5xx"].map((statusClass) => ({
      quantity: `responses ${statusClass}`,
      generator: byClass(statusClass),
      metrics: statuses(`class_${statusClass}`),
    })),
    ...MEASURED_STATUSES.map((status) => ({
      quantity: `responses ${status}`,
      generator: byStatus(status),
      metrics: statuses(`status_${status}`),
    })),
    ...unexpected.map((status) => ({
      quantity: `responses ${status}`,
      generator: byStatus(status),
      metrics: 0,
    })),
    ...MEASURED_METHODS.map((method) => ({
      quantity: `responses to ${method}`,
      generator: load.responsesByMethod[method] ?? 0,
      metrics: numberAt(http, httpMethodMetricName(method), "answered"),
    })),
    {
      quantity: "request body bytes",
      generator: load.requestBodyBytes,
      metrics: requests("request_bytes"),
    },
    {
      quantity: "response bytes on the wire",
      generator: load.bytesRead,
      metrics: requests("response_bytes"),
    },
    // The storage's own recorder, which knows nothing of HTTP, must tell the same story.
    { quantity: "storage: succeeded (2xx)", generator: byClass("2xx"), metrics: operations("ok") },
    {
      quantity: "storage: conflicts (409)",
      generator: byStatus(409),
      metrics: operations("conflict"),
    },
    {
      quantity: "storage: too large (413)",
      generator: byStatus(413),
      metrics: operations("too_large"),
    },
    { quantity: "storage: broken (5xx)", generator: byClass("5xx"), metrics: operations("broken") },
    {
      quantity: "storage: not found, unknown routes (404)",
      generator: byStatus(404),
      metrics: operations("not_found") + requests("unknown_route"),
    },
  ];
}

export function allEqual(comparisons: readonly Comparison[]): boolean {
  return comparisons.every(({ generator, metrics }) => generator === metrics);
}

export function comparisonTable(comparisons: readonly Comparison[]): string[] {
  return textTable(
    ["", "generator", "metrics", ""],
    comparisons.map(({ quantity, generator, metrics }) => [
      quantity,
      String(generator),
      String(metrics),
      generator === metrics ? "equal" : `DIFFERS by ${metrics - generator}`,
    ]),
  );
}
