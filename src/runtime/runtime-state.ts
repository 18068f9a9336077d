/**
 * `VIRGIN → STARTING → RUNNING → STOPPING → CLOSED`, and the terminal `FAILURE`. In state-machine
 * order, which is also the order of the native enumeration.
 */
export const MetricsRuntimeState = Object.freeze({
  VIRGIN: "VIRGIN",
  STARTING: "STARTING",
  RUNNING: "RUNNING",
  STOPPING: "STOPPING",
  CLOSED: "CLOSED",
  FAILURE: "FAILURE",
} as const);
export type MetricsRuntimeState = keyof typeof MetricsRuntimeState;
