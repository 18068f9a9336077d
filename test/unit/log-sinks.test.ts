import { createWriteStream } from "node:fs";
import { PassThrough, Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { LogEvent } from "../../src/logging/log-event.js";
import { LogLevel } from "../../src/logging/log-level.js";
import { consoleSink } from "../../src/logging/sinks/console-sink.js";
import { memorySink } from "../../src/logging/sinks/memory-sink.js";
import { pinoSink } from "../../src/logging/sinks/pino-sink.js";
import { streamSink } from "../../src/logging/sinks/stream-sink.js";
import { NO_OPTIONS, NO_QUEUE_SIZES, UNKNOWN_KEYS } from "../support/bad-values.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const failing = (): never => {
  throw new RangeError("mine");
};
const event: LogEvent = {
  timestamp: 1_700_000_000.123,
  level: LogLevel.INFO,
  eventNamespace: "app",
  eventName: "metrics_runtime.start",
  entityId: "cache",
  eventOutcome: "invoke",
  payload: { a: 1 },
};
const bare: LogEvent = {
  ...event,
  eventNamespace: undefined,
  eventName: "metrics_recorder.dispatch_error",
  entityId: undefined,
  eventOutcome: undefined,
};
const numbered = (n: number): LogEvent => ({ ...bare, eventName: `n${n}` });
const LEVELS = [LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR, LogLevel.CRITICAL];

/** What JSON and text make trouble of: only somebody's own payload processor gives such. */
const circle: Record<string, unknown> = { a: 1 };
circle.self = circle;
const ODD_PAYLOADS: [string, unknown][] = [
  ["a circle", circle],
  ["a bigint", { big: 1n }],
  ["a hostile toJSON", { toJSON: failing }],
  ["a toJSON that gives nothing", { toJSON: () => undefined }],
  [
    "a getter that throws",
    {
      get bad() {
        return failing();
      },
    },
  ],
  ["a function", failing],
  ["nothing", undefined],
];

/** Methods of these names that note how they were called. */
function noted<Name extends string>(...names: Name[]) {
  const calls: unknown[][] = [];
  const note =
    (name: Name) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args]);
  const methods = Object.fromEntries(names.map((name) => [name, note(name)]));
  return { calls, ...(methods as Record<Name, (...args: unknown[]) => void>) };
}

describe("pinoSink", () => {
  const makeLogger = () => noted("debug", "info", "warn", "error", "fatal");

  test("gives each level to the method of that level", () => {
    const logger = makeLogger();
    const sink = pinoSink(logger);
    for (const level of LEVELS) sink.log({ ...event, level });
    expect(logger.calls.map(([name]) => name)).toEqual(["debug", "info", "warn", "error", "fatal"]);
  });

  test("gives what there is of the event, and a message", () => {
    const logger = makeLogger();
    pinoSink(logger).log(event);
    pinoSink(logger).log(bare);
    const { eventNamespace, eventName, entityId, eventOutcome, payload } = event;
    expect(logger.calls).toStrictEqual([
      [
        "info",
        { eventNamespace, eventName, entityId, eventOutcome, payload },
        "metrics_runtime.start invoke",
      ],
      ["info", { eventName: bare.eventName, payload }, "metrics_recorder.dispatch_error"],
    ]);
  });

  test("makes nothing of what the logger's level leaves out", () => {
    const asked: string[] = [];
    const isLevelEnabled = (level: string) => asked.push(level) > 2;
    const logger = Object.assign(makeLogger(), { isLevelEnabled });
    const sink = pinoSink(logger);
    for (const level of [LogLevel.INFO, LogLevel.CRITICAL]) {
      sink.log(Object.defineProperty({ ...event, level }, "payload", { get: failing }));
    }
    sink.log({ ...event, level: LogLevel.WARNING });
    expect(asked).toEqual(["info", "fatal", "warn"]);
    expect(logger.calls.map(([name]) => name)).toEqual(["warn"]);
  });

  test("calls the methods on the logger, and those it has now", () => {
    class Logger {
      readonly #kept: string[] = [];
      debug = (_: object, message: string) => this.info(_, message);
      warn = this.debug;
      error = this.debug;
      fatal = this.debug;
      info(_: object, message: string) {
        this.#kept.push(message);
      }
      get kept() {
        return this.#kept;
      }
    }
    const logger = new Logger();
    const sink = pinoSink(logger);
    sink.log(bare);
    logger.info = () => {};
    sink.log(event);
    expect(logger.kept).toEqual(["metrics_recorder.dispatch_error"]);
  });

  test.each([undefined, null, "pino", 7, {}, []])("refuses the logger %j", (logger) => {
    const error = thrownBy(() => pinoSink(logger as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"logger');
  });

  test("refuses a logger that lacks a method, or has none where it might", () => {
    const lacking = { ...makeLogger(), fatal: undefined };
    expect(thrownBy(() => pinoSink(lacking as never)).message).toContain('"logger.fatal"');
    const odd = { ...makeLogger(), isLevelEnabled: true };
    const error = thrownBy(() => pinoSink(odd as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"logger.isLevelEnabled"');
  });
});

describe("consoleSink", () => {
  const makeConsole = () => noted("debug", "info", "warn", "error");

  /** The one line that an event makes. */
  function lineOf(logged: LogEvent): string {
    const console = makeConsole();
    consoleSink({ console }).log(logged);
    expect(console.calls).toHaveLength(1);
    expect(console.calls[0]).toHaveLength(2);
    return String(console.calls[0]?.[1]);
  }

  test("gives each level to the method of that level, and CRITICAL to error", () => {
    const console = makeConsole();
    for (const level of LEVELS) consoleSink({ console }).log({ ...event, level });
    const named = console.calls.map(([name, line]) => [name, String(line).split(" ")[1]]);
    expect(named).toEqual([
      ["debug", "DEBUG"],
      ["info", "INFO"],
      ["warn", "WARNING"],
      ["error", "ERROR"],
      ["error", "CRITICAL"],
    ]);
  });

  test("says in one line when, what, of what, and the payload", () => {
    expect(lineOf(event)).toBe(
      '2023-11-14T22:13:20.123Z INFO app.metrics_runtime.start invoke [cache] {"a":1}',
    );
    expect(lineOf(bare)).toBe(
      '2023-11-14T22:13:20.123Z INFO metrics_recorder.dispatch_error {"a":1}',
    );
  });

  test("escapes what would break the line, or command a terminal", () => {
    const line = lineOf({
      ...event,
      entityId: "a\n\u001b[31m\u2028",
      payload: { b: "\u009b\u2029" },
    });
    expect(line).toContain("[a\\u000a\\u001b[31m\\u2028]");
    expect(line).toContain('{"b":"\\u009b\\u2029"}');
  });

  test.each(ODD_PAYLOADS)("makes a line also of %s as payload", (_, payload) => {
    expect(lineOf({ ...event, payload: payload as never })).toContain("metrics_runtime.start");
  });

  test("makes a line also of a time that is none", () => {
    expect(lineOf({ ...event, timestamp: Number.NaN })).toMatch(/^- INFO /);
  });

  test("uses the global console unless told otherwise, also when it is spied on later", () => {
    const sink = consoleSink();
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    sink.log({ ...event, level: LogLevel.WARNING });
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  test.each(NO_OPTIONS)("refuses, as options, %s", (_, value, expected) => {
    expect(thrownBy(() => consoleSink(value as never))).toMatchObject(expected);
  });

  test.each(UNKNOWN_KEYS)("refuses unknown keys: %s", (_, extra) => {
    expect(thrownBy(() => consoleSink(extra))).toMatchObject(INVALID_ARG_VALUE);
  });

  test.each([null, 7, {}, { ...makeConsole(), warn: 1 }])("refuses the console %o", (console) => {
    const error = thrownBy(() => consoleSink({ console } as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"options.console');
  });
});

describe("streamSink", () => {
  /** A stream of room for little, that takes what it holds when it is told to. */
  class Slow extends Writable {
    readonly taken: string[] = [];
    #done: (() => void) | undefined;
    constructor() {
      super({ highWaterMark: 1, decodeStrings: false });
    }
    override _write(line: string, _: string, done: () => void): void {
      this.taken.push(line);
      this.#done = done;
    }
    async take(): Promise<void> {
      this.#done?.();
      await nextTurn();
    }
    get names(): unknown[] {
      return this.taken.map((line) => JSON.parse(line).eventName);
    }
  }

  test("writes one line of JSON for each event, with what there is of it", () => {
    const stream = new PassThrough();
    const sink = streamSink(stream);
    sink.log({ ...event, payload: { text: "two\nlines" } });
    sink.log({ ...bare, level: LogLevel.CRITICAL });
    const lines = Buffer.concat([...chunksOf(stream)])
      .toString()
      .split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => JSON.parse(line))).toStrictEqual([
      { ...event, level: "INFO", payload: { text: "two\nlines" } },
      {
        timestamp: bare.timestamp,
        level: "CRITICAL",
        eventName: bare.eventName,
        payload: bare.payload,
      },
    ]);
  });

  /** What is there to be read; a version of Node may give it in one chunk or in several. */
  function* chunksOf(stream: PassThrough): Generator<Buffer> {
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) yield chunk;
  }

  test.each(ODD_PAYLOADS)("writes a line also of %s as payload", (_, payload) => {
    const stream = new PassThrough();
    streamSink(stream).log({ ...event, payload: payload as never });
    expect(JSON.parse(String(stream.read()))).toMatchObject({ eventName: event.eventName });
  });

  test("leaves events out while the stream has enough, and then says how many", async () => {
    const stream = new Slow();
    const sink = streamSink(stream);
    for (let n = 0; n < 8; n++) sink.log(numbered(n));
    expect(stream.writableLength).toBe(stream.taken[0]?.length);
    await stream.take();
    expect(stream.names).toEqual(["n0", "metrics_log.events_suppressed"]);
    const told = JSON.parse(stream.taken[1] ?? "");
    expect(told).toEqual({
      timestamp: expect.closeTo(Date.now() / 1_000, -2),
      level: "WARNING",
      eventName: "metrics_log.events_suppressed",
      payload: { count: 7 },
    });
    // That line was enough for the stream in turn.
    sink.log(numbered(8));
    await stream.take();
    await stream.take();
    expect(JSON.parse(stream.taken[2] ?? "").payload).toEqual({ count: 1 });
    sink.log(numbered(9));
    expect(stream.names.slice(3)).toEqual(["n9"]);
  });

  test("says nothing after a drain when it has left nothing out", async () => {
    const stream = new Slow();
    const sink = streamSink(stream);
    sink.log(numbered(0));
    await stream.take();
    sink.log(numbered(1));
    await stream.take();
    expect(stream.names).toEqual(["n0", "n1"]);
  });

  test("is one for each stream, so that listeners do not add up", () => {
    const stream = new Slow();
    const sinks = new Set(Array.from({ length: 50 }, () => streamSink(stream)));
    expect(sinks.size).toBe(1);
    expect(stream.listenerCount("error")).toBe(1);
    expect(streamSink(new Slow())).not.toBe(streamSink(stream));
  });

  test.each<[string, (stream: Writable) => unknown]>([
    ["ended", (stream) => stream.end()],
    ["destroyed", (stream) => stream.destroy()],
  ])("throws once the stream is %s, and writes nothing to it", async (_, finish) => {
    const stream = new PassThrough().resume();
    const sink = streamSink(stream);
    finish(stream);
    const write = vi.spyOn(stream, "write");
    expect(thrownBy(() => sink.log(event)).message).toBe("the stream is not writable");
    await nextTurn();
    expect(thrownBy(() => sink.log(event)).cause).toBeUndefined();
    expect(write).not.toHaveBeenCalled();
  });

  test("throws, with the stream's error as cause, once that has failed; nothing is unhandled", async () => {
    const full = new Error("no space");
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    const sink = streamSink(stream);
    sink.log(event);
    await nextTurn();
    expect(thrownBy(() => sink.log(event)).cause).toBe(full);
  });

  test("throws for a file that cannot be opened; nothing is unhandled", async () => {
    const stream = createWriteStream("/no/such/folder/log");
    const sink = streamSink(stream);
    sink.log(event);
    await new Promise<void>((resolve) => stream.on("close", () => resolve()));
    expect(thrownBy(() => sink.log(event)).cause).toMatchObject({ code: "ENOENT" });
  });

  test("lets go of what it left out when the stream fails before it drains", async () => {
    const stream = new Slow();
    const sink = streamSink(stream);
    for (let n = 0; n < 3; n++) sink.log(numbered(n));
    stream.destroy(new Error("gone"));
    await nextTurn();
    stream.emit("drain");
    expect(stream.names).toEqual(["n0"]);
    expect(thrownBy(() => sink.log(event)).cause).toMatchObject({ message: "gone" });
  });

  test("writes nothing to a stream that drains after it was ended", async () => {
    const stream = new Slow();
    const errors: unknown[] = [];
    stream.on("error", (error) => errors.push(error));
    const sink = streamSink(stream);
    for (let n = 0; n < 3; n++) sink.log(numbered(n));
    stream.end();
    stream.emit("drain");
    await stream.take();
    expect([errors, stream.names]).toEqual([[], ["n0"]]);
  });

  test("throws nothing at the stream that drains, and keeps the count for the next time", () => {
    let drain = (): void => {};
    const written: string[] = [];
    let broken = false;
    const stream = {
      on: (name: string, listener: () => void) => {
        if (name === "drain") drain = listener;
      },
      write: (line: string) => {
        if (broken) failing();
        return written.push(line) !== 1;
      },
    };
    const sink = streamSink(stream);
    sink.log(numbered(0));
    sink.log(numbered(1));
    broken = true;
    expect(drain).not.toThrow();
    broken = false;
    drain();
    expect(JSON.parse(written[1] ?? "").payload).toEqual({ count: 1 });
  });

  test("keeps nothing alive", () => {
    const before = process.getActiveResourcesInfo();
    const sink = streamSink(new Slow());
    for (let n = 0; n < 3; n++) sink.log(numbered(n));
    expect(process.getActiveResourcesInfo()).toEqual(before);
  });

  test.each([undefined, null, "log.txt", 1, {}, { write: () => true }])(
    "refuses the stream %o",
    (stream) => {
      const error = thrownBy(() => streamSink(stream as never));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain('"stream');
    },
  );
});

describe("memorySink", () => {
  test("keeps events in order", () => {
    const sink = memorySink();
    expect(sink.events).toEqual([]);
    sink.log(event);
    sink.log(bare);
    expect(sink.events[0]).toBe(event);
    expect(sink.events).toEqual([event, bare]);
  });

  test.each([1, 2, 3, 7, 10])("keeps the last %i: the oldest go first", (maxEvents) => {
    const sink = memorySink({ maxEvents });
    for (let n = 0; n < 20; n++) {
      sink.log(numbered(n));
      const first = Math.max(0, n + 1 - maxEvents);
      const kept = Array.from({ length: n + 1 - first }, (_, index) => `n${first + index}`);
      expect(sink.events.map(({ eventName }) => eventName)).toEqual(kept);
    }
  });

  test("keeps 10 000 unless told otherwise", () => {
    const sink = memorySink();
    for (let n = 0; n < 10_005; n++) sink.log(numbered(n));
    expect(sink.events).toHaveLength(10_000);
    expect(sink.events[0]).toMatchObject({ eventName: "n5" });
    expect(sink.events.at(-1)).toMatchObject({ eventName: "n10004" });
  });

  test("starts anew after clear()", () => {
    const sink = memorySink({ maxEvents: 2 });
    for (let n = 0; n < 3; n++) sink.log(numbered(n));
    sink.clear();
    expect(sink.events).toEqual([]);
    for (let n = 3; n < 6; n++) sink.log(numbered(n));
    expect(sink.events.map(({ eventName }) => eventName)).toEqual(["n4", "n5"]);
  });

  test("shows what was there when it was asked, and lets nobody change that", () => {
    const sink = memorySink();
    sink.log(event);
    const { events } = sink;
    sink.log(bare);
    sink.clear();
    expect(events).toEqual([event]);
    expect(() => (events as LogEvent[]).push(bare)).toThrow(TypeError);
  });

  test.each(NO_OPTIONS)("refuses, as options, %s", (_, value, expected) => {
    expect(thrownBy(() => memorySink(value as never))).toMatchObject(expected);
  });

  test.each(UNKNOWN_KEYS)("refuses unknown keys: %s", (_, extra) => {
    expect(thrownBy(() => memorySink(extra))).toMatchObject(INVALID_ARG_VALUE);
  });

  test.each([...NO_QUEUE_SIZES, ["1 000 001", 1_000_001, OUT_OF_RANGE] as const])(
    "refuses, as maxEvents, %s",
    (_, maxEvents, expected) => {
      const error = thrownBy(() => memorySink({ maxEvents } as never));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain("options.maxEvents");
    },
  );
});
