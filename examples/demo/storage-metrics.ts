import { count, defineMetric, histogram, type MetricsRecorderLike, sum } from "metrics-runtime";
import { StorageOperationFinished } from "./storage-events.js";

/** What the storage's events mean to whoever runs it. */
export const storageOperations = defineMetric("document_storage.operations", {
  total: count(StorageOperationFinished),
  ok: count(StorageOperationFinished, { where: { outcome: "ok" } }),
  invalid_request: count(StorageOperationFinished, { where: { outcome: "invalid_request" } }),
  not_found: count(StorageOperationFinished, { where: { outcome: "not_found" } }),
  conflict: count(StorageOperationFinished, { where: { outcome: "conflict" } }),
  too_large: count(StorageOperationFinished, { where: { outcome: "too_large" } }),
  broken: count(StorageOperationFinished, { where: { outcome: ["damaged", "io_error"] } }),
});

/** How much work it was: only what succeeded moved a document. */
export const storageTraffic = defineMetric("document_storage.traffic", {
  bytes_read: sum(StorageOperationFinished, "documentBytes", {
    where: { operation: "read", outcome: "ok" },
  }),
  bytes_written: sum(StorageOperationFinished, "documentBytes", {
    where: { operation: "write", outcome: "ok" },
  }),
  write_ms: histogram(StorageOperationFinished, "durationMs", {
    buckets: [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250],
    where: { operation: "write", outcome: "ok" },
  }),
});

export function registerStorageMetrics(recorder: MetricsRecorderLike): void {
  recorder.registerMetric(storageOperations);
  recorder.registerMetric(storageTraffic);
}
