/**
 * `VIRGIN → STARTING → RUNNING → STOPPING → CLOSED`, and the terminal `FAILURE`. In state-machine
 * order, which is also the order of the native enumeration.
 */
export const MetricsRuntimeState = Object.freeze({
  /** Made, and never started. */
  VIRGIN: "VIRGIN",
  /** Its thread starts. */
  STARTING: "STARTING",
  /** Its thread serves. */
  RUNNING: "RUNNING",
  /** Recorders are stopped, then the thread ends. */
  STOPPING: "STOPPING",
  /** The thread has ended. Final. */
  CLOSED: "CLOSED",
  /** It could not be started or shut down. Final. */
  FAILURE: "FAILURE",
} as const);
export type MetricsRuntimeState = keyof typeof MetricsRuntimeState;
