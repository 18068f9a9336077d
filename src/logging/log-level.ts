/** How urgent a log event is. */
export const LogLevel = Object.freeze({
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const);
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];
