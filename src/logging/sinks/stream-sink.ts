import { checkMethods } from "../../errors/check-methods.js";
import type { LogEvent, LogEventSink } from "../log-event.js";
import { LogLevel } from "../log-level.js";
import { jsonOf, levelName } from "./event-text.js";

/** What is used of a `Writable`. */
export interface LogStream {
  /** `false`: it has ended, was destroyed, or has failed. */
  readonly writable?: boolean;
  /** `false`: it has enough until it emits "drain". */
  write(line: string): unknown;
  /** Adds a listener. */
  on(event: "drain" | "error", listener: (error?: unknown) => void): unknown;
}

/**
 * To a stream, one line of JSON for each event, with the level's name. While the stream has enough, until
 * it emits "drain", events are left out; then a line of WARNING, `metrics_log.events_suppressed`, says how
 * many: `{ "count": 7 }`.
 *
 * Errors of the stream crash nothing, for the sink listens to them: from then on, or when it was ended or
 * destroyed, `log` throws, with that error as the cause. A stream has one sink, however often it is asked
 * for.
 */
export function streamSink(stream: LogStream): LogEventSink {
  checkMethods("stream", stream, ["write", "on"]);
  const known = sinks.get(stream);
  if (known !== undefined) return known;
  const made = new StreamSink(stream);
  sinks.set(stream, made);
  return made;
}

/** So that sinks of one stream neither add up listeners nor miss that it has enough. */
const sinks = new WeakMap<LogStream, StreamSink>();

class StreamSink implements LogEventSink {
  readonly #stream: LogStream;
  #error: unknown;
  #hasEnough = false;
  #suppressed = 0;

  constructor(stream: LogStream) {
    this.#stream = stream;
    stream.on("error", (error) => {
      this.#error = error;
    });
    stream.on("drain", () => this.#drained());
  }

  log(event: LogEvent): void {
    if (this.#stream.writable === false) throw notWritable(this.#error);
    if (this.#hasEnough) this.#suppressed++;
    else this.#write(event);
  }

  #write(event: LogEvent): void {
    this.#hasEnough = this.#stream.write(`${lineOf(event)}\n`) === false;
  }

  /** Called by the stream: what it throws then would be nobody's. */
  #drained(): void {
    this.#hasEnough = false;
    if (this.#suppressed === 0 || this.#stream.writable === false) return;
    const count = this.#suppressed;
    this.#suppressed = 0;
    try {
      this.#write(suppressedEvent(count));
    } catch (error) {
      this.#error = error;
      this.#suppressed += count;
    }
  }
}

function notWritable(cause: unknown): Error {
  return new Error("the stream is not writable", cause === undefined ? undefined : { cause });
}

function lineOf(event: LogEvent): string {
  const { timestamp, level, eventNamespace, eventName, entityId, eventOutcome, payload } = event;
  const names = { eventNamespace, eventName, entityId, eventOutcome };
  return jsonOf({ timestamp, level: levelName(level), ...names, payload });
}

function suppressedEvent(count: number): LogEvent {
  return {
    timestamp: Date.now() / 1_000,
    level: LogLevel.WARNING,
    eventNamespace: undefined,
    eventName: "metrics_log.events_suppressed",
    entityId: undefined,
    eventOutcome: undefined,
    payload: { count },
  };
}
