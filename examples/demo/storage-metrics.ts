import {
  count,
  defineMetric,
  distinct,
  type MetricsRecorderLike,
  quantiles,
  sum,
} from "metrics-runtime";
import { StorageOperationFinished } from "./storage-events.js";

/** What the storage's events mean to whoever runs it. Only what succeeded moved a document. */
export const storageOperations = defineMetric("document_storage.operations", {
  finished: count(StorageOperationFinished, { by: ["operation", "outcome"] }),
  bytes: sum(StorageOperationFinished, "documentBytes", {
    where: { operation: ["read", "write"], outcome: "ok" },
    by: ["operation"],
  }),
  duration_ms: quantiles(StorageOperationFinished, "durationMs", {
    quantiles: [0.5, 0.9, 0.99],
    where: { outcome: "ok" },
    by: ["operation"],
  }),
});

/** How many different documents it was about. No id is remembered for that. */
export const storageDocuments = defineMetric("document_storage.documents", {
  asked_for: distinct(StorageOperationFinished, "documentId", {
    where: { operation: ["read", "write", "remove"] },
  }),
  written: distinct(StorageOperationFinished, "documentId", {
    where: { operation: "write", outcome: "ok" },
  }),
});

export function registerStorageMetrics(recorder: MetricsRecorderLike): void {
  recorder.registerMetric(storageOperations);
  recorder.registerMetric(storageDocuments);
}
