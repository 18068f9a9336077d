import { checkOptions } from "../../errors/argument-checks.js";
import { checkMethods } from "../../errors/check-methods.js";
import type { LogEventSink } from "../log-event.js";
import { eventLine, type LogLevelName, levelName } from "./event-text.js";

/** What is used of a console. */
export interface LogConsole {
  /** For DEBUG. */
  debug(line: string): void;
  /** For INFO. */
  info(line: string): void;
  /** For WARNING. */
  warn(line: string): void;
  /** For ERROR and CRITICAL. */
  error(line: string): void;
}

/** Which console. */
export interface ConsoleSinkOptions {
  /** Default: the global one. */
  readonly console?: LogConsole | undefined;
}

const METHODS = ["debug", "info", "warn", "error"] as const;
const METHOD_OF: Readonly<Record<LogLevelName, (typeof METHODS)[number]>> = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warn",
  ERROR: "error",
  CRITICAL: "error",
};

/** To a console, one line for each event: time, level, names, entity in brackets, payload as JSON. */
export function consoleSink(options: ConsoleSinkOptions = {}): LogEventSink {
  const console = checkConsole(options);
  return {
    log(event): void {
      // One argument: a `%` in it is no directive.
      console[METHOD_OF[levelName(event.level)]](eventLine(event));
    },
  };
}

function checkConsole(options: unknown): LogConsole {
  const { console = globalThis.console } = checkOptions("options", options, ["console"]);
  return checkMethods("options.console", console, METHODS) as LogConsole;
}
