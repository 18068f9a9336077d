/** The states of a recorder, in the order of the native enumeration. */
export const MetricsRecorderState = Object.freeze({
  /** Made, not yet started. */
  VIRGIN: "VIRGIN",
  /** On its way to RUNNING; its hook `onStarting` runs. */
  STARTING: "STARTING",
  /** Takes events. */
  RUNNING: "RUNNING",
  /** Refuses events; those accepted before are dispatched. */
  STOPPING: "STOPPING",
  /** Everything accepted was dispatched; it can start again. */
  STOPPED: "STOPPED",
  /** Events can no longer be dispatched, or a hook threw. Final. */
  FAILURE: "FAILURE",
} as const);
export type MetricsRecorderState = keyof typeof MetricsRecorderState;
