import { checkFunction } from "../../errors/argument-checks.js";
import { checkMethods } from "../../errors/check-methods.js";
import type { LogEvent, LogEventSink } from "../log-event.js";
import { eventTitle, type LogLevelName, levelName } from "./event-text.js";

/** What is used of a pino logger; any that has it will do. */
export interface PinoLogger {
  /** For DEBUG. */
  debug(fields: object, message: string): void;
  /** For INFO. */
  info(fields: object, message: string): void;
  /** For WARNING. */
  warn(fields: object, message: string): void;
  /** For ERROR. */
  error(fields: object, message: string): void;
  /** For CRITICAL. */
  fatal(fields: object, message: string): void;
  /** Whether anything would come of a call of the method `level`; absent: something would. */
  isLevelEnabled?(level: string): boolean;
}

const METHODS = ["debug", "info", "warn", "error", "fatal"] as const;
const METHOD_OF: Readonly<Record<LogLevelName, (typeof METHODS)[number]>> = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warn",
  ERROR: "error",
  CRITICAL: "fatal",
};

/**
 * To a pino logger: the message is such as `metrics_runtime.start invoke`, beside it stand those of
 * `eventNamespace`, `eventName`, `entityId`, `eventOutcome` and `payload` that there are. The time is
 * pino's own. What the logger's level leaves out costs one question.
 */
export function pinoSink(logger: PinoLogger): LogEventSink {
  checkLogger(logger);
  return {
    log(event): void {
      const method = METHOD_OF[levelName(event.level)];
      if (logger.isLevelEnabled?.(method) === false) return;
      // Asked for each time: pino replaces its methods when its level is changed.
      logger[method](fieldsOf(event), eventTitle(event));
    },
  };
}

function fieldsOf(event: LogEvent): object {
  const { eventNamespace, eventName, entityId, eventOutcome, payload } = event;
  return {
    ...(eventNamespace === undefined ? undefined : { eventNamespace }),
    eventName,
    ...(entityId === undefined ? undefined : { entityId }),
    ...(eventOutcome === undefined ? undefined : { eventOutcome }),
    payload,
  };
}

function checkLogger(logger: unknown): void {
  const isLevelEnabled: unknown = Reflect.get(
    checkMethods("logger", logger, METHODS),
    "isLevelEnabled",
  );
  if (isLevelEnabled !== undefined) checkFunction("logger.isLevelEnabled", isLevelEnabled);
}
