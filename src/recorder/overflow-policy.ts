/** What a full queue does with a new event. Either way the event is lost and counted as dropped. */
export const QueueOverflowPolicy = Object.freeze({
  /** `registerEvent` returns `false`. */
  DROP: "DROP",
  /** `registerEvent` throws `MetricsRecorderQueueOverflowError`. */
  RAISE_ERROR: "RAISE_ERROR",
} as const);
export type QueueOverflowPolicy = keyof typeof QueueOverflowPolicy;
