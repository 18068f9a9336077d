import { defineMetricEvent, float64, type MetricsRecorder, oneOf, uint32 } from "metrics-runtime";
import type { HttpServiceEvents } from "./http-service.js";

/** A request line and its headers arrived. */
export const RequestReceived = defineMetricEvent("http_service.request.received", {
  method: oneOf("GET", "PUT", "DELETE", "OTHER"),
});

/** The whole response was handed to the operating system. */
export const RequestAnswered = defineMetricEvent("http_service.request.answered", {
  method: oneOf("GET", "PUT", "DELETE", "OTHER"),
  route: oneOf("document", "document_list", "unknown"),
  status: uint32(),
  statusClass: oneOf("1xx", "2xx", "3xx", "4xx", "5xx"),
  requestBytes: float64(),
  responseBytes: float64(),
  durationMs: float64(),
});

/** The client left before that. */
export const RequestAborted = defineMetricEvent("http_service.request.aborted", {
  method: oneOf("GET", "PUT", "DELETE", "OTHER"),
  route: oneOf("document", "document_list", "unknown"),
  durationMs: float64(),
});

/** The emit functions that the service is given: nothing is allocated per request. */
export function createHttpServiceEvents(
  recorder: Pick<MetricsRecorder, "emitter">,
): HttpServiceEvents {
  return {
    received: recorder.emitter(RequestReceived, ["method"]),
    answered: recorder.emitter(RequestAnswered, [
      "method",
      "route",
      "status",
      "statusClass",
      "requestBytes",
      "responseBytes",
      "durationMs",
    ]),
    aborted: recorder.emitter(RequestAborted, ["method", "route", "durationMs"]),
  };
}
