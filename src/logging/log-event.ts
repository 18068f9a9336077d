import type { LogLevel } from "./log-level.js";

/** The stage of an operation that a log event tells; an event that belongs to none has no outcome. */
export type LogEventOutcome = "invoke" | "success" | "failed";

/** What a policy decides by: the event without what is costly to make. */
export interface LogEventHeader {
  /** How urgent it is. */
  readonly level: LogLevel;
  /** The namespace of the log context; `undefined` when it has none. */
  readonly eventNamespace: string | undefined;
  /** One name for each operation, such as `metrics_runtime.start`; the stage is the outcome. */
  readonly eventName: string;
  /** What it happened to: the namespace of a runtime, the `entityId` of a recorder. */
  readonly entityId: string | undefined;
  /** The stage of an operation; `undefined`: it belongs to none. */
  readonly eventOutcome: LogEventOutcome | undefined;
}

/** One event, as a sink gets it. */
export interface LogEvent extends LogEventHeader {
  /** Seconds since the epoch, with fractions. */
  readonly timestamp: number;
  /** Plain data. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Where log events go. */
export interface LogEventSink {
  /** Takes one event; what it throws is handled as `errorHandling` of the context says. */
  log(event: LogEvent): void;
}

/** Which log events are made. */
export interface LogEventPolicy {
  /** Asked before anything costly is made. */
  isEnabled(event: LogEventHeader): boolean;
}

/** How much of a value a payload keeps. */
export const LogPayloadVerbosity = Object.freeze({
  /** Of containers only their kind and size. */
  SUMMARY: "SUMMARY",
  /** Texts cut at 200 characters, containers at 10 items. */
  NORMAL: "NORMAL",
  /** All of it. */
  FULL: "FULL",
} as const);
export type LogPayloadVerbosity = (typeof LogPayloadVerbosity)[keyof typeof LogPayloadVerbosity];

/** How plain data are made. */
export interface LogPayloadOptions {
  /** How much of it is kept. */
  readonly verbosity: LogPayloadVerbosity;
}

/** Makes plain data of a value, that a sink can turn into JSON. */
export type LogPayloadProcessor = (value: unknown, options: LogPayloadOptions) => unknown;
