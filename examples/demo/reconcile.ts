import type { MetricSnapshots } from "metrics-runtime";
import { httpRequests, httpResponses, httpRoutes } from "./http-metrics.js";
import type { LoadTotals } from "./load-totals.js";
import { sampleSum } from "./scrape.js";
import { totalsBy, valueAt } from "./snapshot-values.js";
import { storageDocuments, storageOperations } from "./storage-metrics.js";
import { textTable } from "./text-table.js";

/** One quantity, counted on both sides of the wire. */
export interface Comparison {
  readonly quantity: string;
  readonly generator: number;
  readonly metrics: number;
}

const ANSWERED = "demo_http_service_requests_answered_total";

type Totals = Readonly<Record<string, number>>;

/** What the generator counted beside what the service's events add up to. */
export function compareWithGenerator(
  load: LoadTotals,
  http: MetricSnapshots,
  storage: MetricSnapshots,
  scraped: string,
): Comparison[] {
  const routes = valueAt(http, httpRoutes, "answered");
  const outcomes = totalsBy("outcome", valueAt(storage, storageOperations, "finished"));
  const outcome = (name: string): number => outcomes[name] ?? 0;
  const status = (code: string): number => load.responsesByStatus[code] ?? 0;
  const statusClass = (name: string): number => load.responsesByClass[name] ?? 0;

  return [
    compare("requests sent", load.requestsSent, valueAt(http, httpRequests, "received")),
    compare("responses", load.responses, valueAt(http, httpRequests, "answered")),
    // By the way of a scraper: rendered on the runtime's thread, over HTTP, parsed.
    compare("responses, as scraped", load.responses, sampleSum(scraped, ANSWERED)),
    compare("errors, time-outs", load.errors, valueAt(http, httpRequests, "aborted")),
    ...compareEach(
      "responses",
      load.responsesByClass,
      totalsBy("statusClass", valueAt(http, httpResponses, "by_class")),
    ),
    ...compareEach(
      "responses",
      load.responsesByStatus,
      totalsBy("status", valueAt(http, httpResponses, "by_status")),
    ),
    ...compareEach("responses to", load.responsesByMethod, totalsBy("method", routes)),
    compare(
      "request body bytes",
      load.requestBodyBytes,
      valueAt(http, httpRequests, "request_bytes"),
    ),
    compare(
      "response bytes on the wire",
      load.bytesRead,
      valueAt(http, httpRequests, "response_bytes"),
    ),
    // The storage's own recorder, which knows nothing of HTTP, must tell the same story.
    compare("storage: succeeded (2xx)", statusClass("2xx"), outcome("ok")),
    compare("storage: invalid (400)", status("400"), outcome("invalid_request")),
    compare("storage: conflicts (409)", status("409"), outcome("conflict")),
    compare("storage: too large (413)", status("413"), outcome("too_large")),
    compare("storage: broken (5xx)", statusClass("5xx"), outcome("damaged") + outcome("io_error")),
    compare(
      "storage: not found, unknown routes (404)",
      status("404"),
      outcome("not_found") + (totalsBy("route", routes).unknown ?? 0),
    ),
    compare(
      "different documents asked for",
      load.documentsAskedFor,
      valueAt(storage, storageDocuments, "asked_for"),
    ),
    compare(
      "different documents written",
      load.documentsWritten,
      valueAt(storage, storageDocuments, "written"),
    ),
  ];
}

function compare(quantity: string, generator: number, metrics: number): Comparison {
  return { quantity, generator, metrics };
}

/** A row for whatever either side has counted: what only one of them knows is a difference. */
function compareEach(title: string, generator: Totals, metrics: Totals): Comparison[] {
  return Object.keys({ ...generator, ...metrics }).map((key) =>
    compare(`${title} ${key}`, generator[key] ?? 0, metrics[key] ?? 0),
  );
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
