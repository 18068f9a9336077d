import { isPromise } from "node:util/types";
import { checkName, checkOptions } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import { brand } from "../errors/brand.js";
import { describeCause } from "../errors/metrics-error.js";
import { LogContextUnableToLogError } from "./errors.js";
import {
  checkErrorHandling,
  checkPolicy,
  checkProcessor,
  checkSink,
  LOG_CONTEXT_OPTION_KEYS,
  type LogContextOptions,
  LogErrorHandling,
} from "./log-context-options.js";
import {
  type LogEvent,
  type LogEventHeader,
  type LogEventOutcome,
  type LogEventPolicy,
  type LogEventSink,
  type LogPayloadProcessor,
  LogPayloadVerbosity,
} from "./log-event.js";
import type { LogLevel } from "./log-level.js";

/** What is to be logged. */
export interface LogEntry {
  /** How urgent it is. */
  readonly level: LogLevel;
  /** What was done or has happened: `orders.place`. */
  readonly eventName: string;
  /** What it happened to. */
  readonly entityId?: string | undefined;
  /** The stage of an operation. */
  readonly eventOutcome?: LogEventOutcome | undefined;
  /** Anything; made plain by the payload processor. A function is asked for it only if the policy lets it pass. */
  readonly payload?: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>);
}

/** While a sink, a policy or a processor runs on this thread: what it brings about is not logged itself. */
let logging = false;

/**
 * Where log events of a runtime, of a recorder or of your own components go. Contexts form a tree: a
 * child has its parent's sink, payload processor and error handling unless it has its own; namespace and
 * policy are each context's own. Belongs to one JavaScript thread.
 *
 * @example
 * ```ts
 * const logContext = new LogContext({ namespace: "shop", sink: pinoSink(pino()) });
 * const runtime = new MetricsRuntime({ namespace: "shop", logContext });
 * ```
 */
export class LogContext {
  /** The `eventNamespace` of its events; `undefined`: they have none. */
  readonly namespace: string | undefined;
  /** Where its events go. */
  readonly sink: LogEventSink;
  /** Makes plain data of payloads. */
  readonly payloadProcessor: LogPayloadProcessor;
  /** Which events are logged; `undefined`: all. */
  readonly eventPolicy: LogEventPolicy | undefined;
  /** What happens when sink, policy or processor throw. */
  readonly errorHandling: LogErrorHandling;
  /** Said once on stderr; until an event is logged again. */
  #failing = false;

  /** @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, which names the option */
  constructor(options: LogContextOptions) {
    if (options === undefined) throw invalidArgType("options", "of type object", options);
    const given = checkOptions("options", options, LOG_CONTEXT_OPTION_KEYS);
    this.namespace =
      given.namespace === undefined ? undefined : checkName("options.namespace", given.namespace);
    const parent = checkLogContext("options.parent", given.parent);
    this.sink = checkSink(given.sink, parent);
    this.payloadProcessor = checkProcessor(given.payloadProcessor, parent);
    this.eventPolicy = checkPolicy(given.eventPolicy);
    this.errorHandling = checkErrorHandling(given.errorHandling, parent);
  }

  /**
   * Logs an event, if the policy lets it pass.
   *
   * @param entry or what makes it
   * @returns whether the sink has taken it
   * @throws {@link LogContextUnableToLogError} under `errorHandling: "raise"`, when the sink, the policy or the
   * payload processor throws
   */
  log(entry: LogEntry | (() => LogEntry)): boolean {
    return this.#log(entry, this.errorHandling === LogErrorHandling.RAISE);
  }

  /** As {@link log}, for where nobody could catch: under `"raise"` what fails is printed. */
  logUnattended(entry: LogEntry | (() => LogEntry)): boolean {
    return this.#log(entry, false);
  }

  /** What a log event says of it: its namespace. */
  toLogPayload(): {
    /** That of the context. */
    readonly namespace: string | undefined;
  } {
    return { namespace: this.namespace };
  }

  #log(entry: LogEntry | (() => LogEntry), raises: boolean): boolean {
    if (logging) return false;
    logging = true;
    try {
      const { header, payload } = this.#stamped(typeof entry === "function" ? entry() : entry);
      if (this.eventPolicy?.isEnabled(header) === false) return false;
      this.#noteResult(this.sink.log(this.#eventOf(header, payload)));
      return true;
    } catch (error) {
      if (raises) throw new LogContextUnableToLogError(error);
      this.#report(error);
      return false;
    } finally {
      logging = false;
    }
  }

  #stamped({ level, eventName, entityId, eventOutcome, payload }: LogEntry) {
    const eventNamespace = this.namespace;
    const header = { level, eventNamespace, eventName, entityId, eventOutcome };
    return { header: Object.freeze(header), payload };
  }

  #eventOf(header: LogEventHeader, payload: LogEntry["payload"]): LogEvent {
    const raw = typeof payload === "function" ? payload() : (payload ?? {});
    const processed = this.payloadProcessor(raw, { verbosity: LogPayloadVerbosity.NORMAL });
    const plain =
      typeof processed === "object" && processed !== null && !Array.isArray(processed)
        ? (processed as Readonly<Record<string, unknown>>)
        : { value: processed };
    return Object.freeze({ ...header, timestamp: Date.now() / 1_000, payload: plain });
  }

  /** A sink may be an async function, though nobody waits for it. */
  #noteResult(returned: unknown): void {
    const succeeded = (): void => {
      this.#failing = false;
    };
    if (isPromise(returned)) returned.then(succeeded, (error: unknown) => this.#report(error));
    else succeeded();
  }

  #report(error: unknown): void {
    if (this.errorHandling === LogErrorHandling.IGNORE || this.#failing) return;
    this.#failing = true;
    const { kind, message } = describeCause(error);
    const whose = this.namespace === undefined ? "" : ` of "${this.namespace}"`;
    try {
      process.stderr.write(`metrics-runtime: cannot log events${whose}: ${kind}: ${message}\n`);
    } catch {
      // There is nobody left to tell.
    }
  }
}

brand(LogContext);

/** @throws TypeError that names the argument */
export function checkLogContext(name: string, value: unknown): LogContext | undefined {
  if (value === undefined) return undefined;
  if (!isLogContext(value)) throw invalidArgType(name, "a LogContext", value);
  return value;
}

/** Also of another copy of this package. */
function isLogContext(value: unknown): value is LogContext {
  try {
    return value instanceof LogContext;
  } catch {
    return false;
  }
}
