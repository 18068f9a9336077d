import type { LogLevel } from "./log-level.js";

/** The stage of an operation that a log event tells; an event that belongs to none has no outcome. */
export type LogEventOutcome = "invoke" | "success" | "failed";

/** What a policy decides by: the event without what is costly to make. */
export interface LogEventHeader {
  readonly level: LogLevel;
  /** The namespace of the log context; `undefined` when it has none. */
  readonly eventNamespace: string | undefined;
  /** One name for each operation, such as `metrics_runtime.start`; the stage is the outcome. */
  readonly eventName: string;
  /** What it happened to: the namespace of a runtime, the `entityId` of a recorder. */
  readonly entityId: string | undefined;
  readonly eventOutcome: LogEventOutcome | undefined;
}

export interface LogEvent extends LogEventHeader {
  /** Seconds since the epoch, with fractions. */
  readonly timestamp: number;
  /** Plain data. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Where log events go. */
export interface LogEventSink {
  log(event: LogEvent): void;
}

/** Which log events are made. */
export interface LogEventPolicy {
  isEnabled(event: LogEventHeader): boolean;
}

/**
 * How much of a value a payload keeps. `SUMMARY`: of containers only their kind and size. `NORMAL`: texts cut
 * at 200 characters, containers at 10 items. `FULL`: all of it.
 */
export const LogPayloadVerbosity = Object.freeze({
  SUMMARY: "SUMMARY",
  NORMAL: "NORMAL",
  FULL: "FULL",
} as const);
export type LogPayloadVerbosity = (typeof LogPayloadVerbosity)[keyof typeof LogPayloadVerbosity];

export interface LogPayloadOptions {
  readonly verbosity: LogPayloadVerbosity;
}

/** Makes plain data of a value, that a sink can turn into JSON. */
export type LogPayloadProcessor = (value: unknown, options: LogPayloadOptions) => unknown;
