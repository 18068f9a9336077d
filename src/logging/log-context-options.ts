import { checkFunction, checkMember } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import type { LogContext } from "./log-context.js";
import type { LogEventPolicy, LogEventSink, LogPayloadProcessor } from "./log-event.js";
import { plainLogPayload } from "./log-payload.js";

/** What happens when a sink, a policy or a payload processor throws. */
export const LogErrorHandling = Object.freeze({
  /** Nothing; the event is lost. */
  IGNORE: "ignore",
  /** One line on stderr, and none further until an event was logged again. */
  PRINT_STDERR: "print_stderr",
  /** The call that was to be logged throws {@link LogContextUnableToLogError}. */
  RAISE: "raise",
} as const);
export type LogErrorHandling = (typeof LogErrorHandling)[keyof typeof LogErrorHandling];

/** What a log context is made of. */
export interface LogContextOptions {
  /** The `eventNamespace` of every event. Trimmed; must not be blank. */
  readonly namespace?: string | undefined;
  /** Required without `parent`. */
  readonly sink?: LogEventSink | undefined;
  /** Default: the parent's, or {@link plainLogPayload}. */
  readonly payloadProcessor?: LogPayloadProcessor | undefined;
  /** Gives sink, payload processor and error handling where they are not given here. */
  readonly parent?: LogContext | undefined;
  /** Which events are logged, of this context alone; default: all. */
  readonly eventPolicy?: LogEventPolicy | undefined;
  /** Default: the parent's, or `"print_stderr"`. */
  readonly errorHandling?: LogErrorHandling | undefined;
}

export const LOG_CONTEXT_OPTION_KEYS = [
  "namespace",
  "sink",
  "payloadProcessor",
  "parent",
  "eventPolicy",
  "errorHandling",
] as const;

export function checkSink(value: unknown, parent: LogContext | undefined): LogEventSink {
  if (value === undefined && parent !== undefined) return parent.sink;
  if (typeof value !== "object" || value === null) {
    const expected = "an object with a log method, since there is no parent that has one";
    throw invalidArgType("options.sink", parent === undefined ? expected : "of type object", value);
  }
  checkFunction("options.sink.log", (value as LogEventSink).log);
  return value as LogEventSink;
}

export function checkProcessor(
  value: unknown,
  parent: LogContext | undefined,
): LogPayloadProcessor {
  if (value === undefined) return parent?.payloadProcessor ?? plainLogPayload;
  checkFunction("options.payloadProcessor", value);
  return value as LogPayloadProcessor;
}

export function checkPolicy(value: unknown): LogEventPolicy | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null) {
    throw invalidArgType("options.eventPolicy", "an object with an isEnabled method", value);
  }
  checkFunction("options.eventPolicy.isEnabled", (value as LogEventPolicy).isEnabled);
  return value as LogEventPolicy;
}

export function checkErrorHandling(
  value: unknown,
  parent: LogContext | undefined,
): LogErrorHandling {
  if (value === undefined) return parent?.errorHandling ?? LogErrorHandling.PRINT_STDERR;
  return checkMember("options.errorHandling", value, Object.values(LogErrorHandling));
}
