import { defineMetricEvent, float64, key, oneOf } from "metrics-runtime";

export type StorageOperation = "read" | "write" | "remove" | "list";

/** What can become of an operation, apart from success. */
export type StorageFailure =
  | "invalid_request"
  | "not_found"
  | "conflict"
  | "too_large"
  | "damaged"
  | "io_error";

/** What happened in the storage: one event per operation, whatever came of it. */
export const StorageOperationFinished = defineMetricEvent("document_storage.operation.finished", {
  operation: oneOf("read", "write", "remove", "list"),
  documentId: key(), // of `list`, which is about no single document: empty
  outcome: oneOf(
    "ok",
    "invalid_request",
    "not_found",
    "conflict",
    "too_large",
    "damaged",
    "io_error",
  ),
  documentBytes: float64(),
  durationMs: float64(),
});
