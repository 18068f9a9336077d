/** How log events read, as text for people and for programs. */
import type { LogEvent, LogEventHeader } from "../log-event.js";
import { LogLevel } from "../log-level.js";
import { plainLogPayload } from "../log-payload.js";

export type LogLevelName = keyof typeof LogLevel;

const NAMES = new Map<LogLevel, LogLevelName>(
  Object.entries(LogLevel).map(([name, level]) => [level, name as LogLevelName]),
);

export function levelName(level: LogLevel): LogLevelName {
  return NAMES.get(level) ?? "INFO";
}

/** `metrics_runtime.start invoke` */
export function eventTitle({ eventName, eventOutcome }: LogEventHeader): string {
  return eventOutcome === undefined ? eventName : `${eventName} ${eventOutcome}`;
}

/** JSON of anything: what somebody's own payload processor has made need not be plain. */
export function jsonOf(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value);
    if (typeof text === "string") return text;
  } catch {
    // A circle, a bigint, a toJSON() that throws: see below.
  }
  return JSON.stringify(plainLogPayload(value, { verbosity: "FULL" }));
}

/** `2026-11-23T08:34:11.000Z INFO app.metrics_runtime.start invoke [cache] {"state":"RUNNING"}` */
export function eventLine(event: LogEvent): string {
  const { timestamp, level, eventNamespace, entityId, payload } = event;
  const namespace = eventNamespace === undefined ? "" : `${eventNamespace}.`;
  const entity = entityId === undefined ? "" : ` [${entityId}]`;
  const title = `${namespace}${eventTitle(event)}${entity}`;
  return oneLine(`${isoTime(timestamp)} ${levelName(level)} ${title} ${jsonOf(payload)}`);
}

function isoTime(seconds: number): string {
  const time = new Date(Math.round(seconds * 1_000));
  return Number.isNaN(time.getTime()) ? "-" : time.toISOString();
}

/** Names may hold anything: what would break the line, or command a terminal, is escaped as in JSON. */
function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
