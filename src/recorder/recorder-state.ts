/** The states of a recorder, in the order of the native enumeration. */
export const MetricsRecorderState = Object.freeze({
  VIRGIN: "VIRGIN",
  STARTING: "STARTING",
  RUNNING: "RUNNING",
  STOPPING: "STOPPING",
  STOPPED: "STOPPED",
  FAILURE: "FAILURE",
} as const);
export type MetricsRecorderState = keyof typeof MetricsRecorderState;
