import { checkInteger, checkMember, checkName, checkOptions } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import { checkLogContext, type LogContext } from "../logging/log-context.js";
import { checkHooks, type MetricsRecorderHooks } from "../recorder/hooks.js";
import { QueueOverflowPolicy } from "../recorder/overflow-policy.js";

const QUEUE_MAX_SIZE_LIMIT = 2 ** 24;
const DEFAULT_QUEUE_MAX_SIZE = 10_000;
const POLICIES = Object.values(QueueOverflowPolicy);

/** What a runtime is made of. */
export interface MetricsRuntimeOptions {
  /** Names the runtime and, cut to 15 bytes, its thread. Trimmed; must not be blank. */
  readonly namespace: string;
  /** Of recorders that do not say: 1 … 2^24 events for each producing thread; default 10 000. */
  readonly defaultRecorderQueueMaxSize?: number | undefined;
  /** Of recorders that do not say: default `"DROP"`. */
  readonly defaultRecorderQueueOverflowPolicy?: QueueOverflowPolicy | undefined;
  /** Where its calls, and those of recorders that do not say, are logged; default: nowhere. */
  readonly logContext?: LogContext | undefined;
}

/** How a thread joins a runtime. */
export interface AttachOptions {
  /** As of the runtime, for what this thread does with it. */
  readonly logContext?: LogContext | undefined;
}

/** What a recorder is made of; what is absent is the runtime's. */
export interface CreateRecorderOptions {
  /** What is measured; default: the recorder's id. Trimmed; must not be blank. */
  readonly entityId?: string | undefined;
  /** Default: the runtime's. Trimmed; must not be blank. */
  readonly namespace?: string | undefined;
  /**
   * The most events that may be accepted and not yet dispatched, for each producing thread:
   * 1 … 2^24. 128 bytes are reserved for each; see docs/how-it-works.md. What happens to an event beyond it, `queueOverflowPolicy` says.
   */
  readonly queueMaxSize?: number | undefined;
  /** What a full queue does with a new event; default: the runtime's. */
  readonly queueOverflowPolicy?: QueueOverflowPolicy | undefined;
  /** Where its calls are logged; default: the runtime's. */
  readonly logContext?: LogContext | undefined;
  /** Called when it starts, stops, and metrics change. */
  readonly hooks?: MetricsRecorderHooks | undefined;
}

/** What every thread gets of a runtime's options: plain data. */
export interface RuntimeSettings {
  readonly namespace: string;
  readonly queueMaxSize: number;
  readonly queueOverflowPolicy: QueueOverflowPolicy;
}

export interface RecorderSettings extends RuntimeSettings {
  readonly entityId: string;
  readonly logContext: LogContext | undefined;
  readonly hooks: MetricsRecorderHooks | undefined;
}

export function checkRuntimeOptions(value: unknown): {
  readonly settings: RuntimeSettings;
  readonly logContext: LogContext | undefined;
} {
  if (value === undefined) throw invalidArgType("options", "of type object", value);
  const options = checkOptions("options", value, [
    "namespace",
    "defaultRecorderQueueMaxSize",
    "defaultRecorderQueueOverflowPolicy",
    "logContext",
  ]);
  const settings = {
    namespace: checkName("options.namespace", options.namespace),
    queueMaxSize: checkQueueMaxSize(
      "options.defaultRecorderQueueMaxSize",
      options.defaultRecorderQueueMaxSize,
      DEFAULT_QUEUE_MAX_SIZE,
    ),
    queueOverflowPolicy: checkPolicy(
      "options.defaultRecorderQueueOverflowPolicy",
      options.defaultRecorderQueueOverflowPolicy,
      QueueOverflowPolicy.DROP,
    ),
  };
  return { settings, logContext: checkLogContext("options.logContext", options.logContext) };
}

/** Unknown keys come before everything else. */
export function checkAttachOptionKeys(value: unknown) {
  return checkOptions("options", value, ["logContext"]);
}

export function checkAttachOptions(value: unknown): LogContext | undefined {
  return checkLogContext("options.logContext", checkAttachOptionKeys(value).logContext);
}

/** Absent options are the runtime's. */
export function checkRecorderOptions(
  value: unknown,
  recorderId: string,
  defaults: RuntimeSettings,
  logContext: LogContext | undefined,
): RecorderSettings {
  const options = checkRecorderOptionKeys(value);
  const name = (key: "entityId" | "namespace", absent: string): string =>
    options[key] === undefined ? absent : checkName(`options.${key}`, options[key]);
  return {
    entityId: name("entityId", recorderId),
    namespace: name("namespace", defaults.namespace),
    queueMaxSize: checkQueueMaxSize(
      "options.queueMaxSize",
      options.queueMaxSize,
      defaults.queueMaxSize,
    ),
    queueOverflowPolicy: checkPolicy(
      "options.queueOverflowPolicy",
      options.queueOverflowPolicy,
      defaults.queueOverflowPolicy,
    ),
    logContext: checkLogContext("options.logContext", options.logContext) ?? logContext,
    hooks: checkHooks("options.hooks", options.hooks),
  };
}

/** Unknown keys come before everything else. */
export function checkRecorderOptionKeys(value: unknown) {
  return checkOptions("options", value, [
    "entityId",
    "namespace",
    "queueMaxSize",
    "queueOverflowPolicy",
    "logContext",
    "hooks",
  ]);
}

function checkQueueMaxSize(name: string, value: unknown, absent: number): number {
  return value === undefined ? absent : checkInteger(name, value, 1, QUEUE_MAX_SIZE_LIMIT);
}

function checkPolicy(
  name: string,
  value: unknown,
  absent: QueueOverflowPolicy,
): QueueOverflowPolicy {
  return value === undefined ? absent : checkMember(name, value, POLICIES);
}
