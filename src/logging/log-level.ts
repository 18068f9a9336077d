/** How urgent a log event is. */
export const LogLevel = Object.freeze({
  /** What was done, step by step. */
  DEBUG: 10,
  /** What is worth knowing. */
  INFO: 20,
  /** Something is lost or late, and work goes on. */
  WARNING: 30,
  /** An operation failed. */
  ERROR: 40,
  /** Nothing works any more. */
  CRITICAL: 50,
} as const);
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];
