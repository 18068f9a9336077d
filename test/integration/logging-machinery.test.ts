/** What is logged of what goes wrong inside, without being the result of a call. */
import {
  type CreateRecorderOptions,
  defineMetricEvent,
  float64,
  LogContext,
  type LogEvent,
  type MetricsRecorder,
} from "metrics-runtime";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { runFixture } from "../support/child-process.js";
import { EventLog, Numbered } from "../support/event-log.js";
import { Log, lineOf } from "../support/log-lines.js";
import { startedRuntime } from "../support/runtimes.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";
import { waitUntil } from "../support/wait-until.js";
import { startThread, startThreads } from "../support/workers.js";

const Measured = defineMetricEvent("machinery.measured", { n: float64() });
const nothing = Measured({ n: Number.NaN });

// The timer of the library alone: what the tests themselves wait for is real.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());
const seconds = (count: number): void => void vi.advanceTimersByTime(1_000 * count);

/** Of no operation: the machinery's own. */
const insideOf = (log: Log): LogEvent[] =>
  log.events.filter(({ eventOutcome }) => eventOutcome === undefined);
const linesOf = (log: Log): string[] => insideOf(log).map(lineOf);

function scene(options: CreateRecorderOptions = {}) {
  const log = new Log({ namespace: "logs" });
  const runtime = startedRuntime({ logContext: log.context });
  const recorder = runtime.createRecorder("carts", { entityId: "the carts", ...options });
  return { log, runtime, recorder };
}

function registerInvalid(recorder: MetricsRecorder, count: number): void {
  for (let n = 0; n < count; n++) expect(recorder.registerEvent(nothing)).toBe(false);
}

/** Offers events until some were dropped. */
function overflow(recorder: MetricsRecorder): void {
  const { dropped } = recorder.getStats();
  const deadline = performance.now() + 5_000;
  while (recorder.getStats().dropped === dropped && performance.now() < deadline) {
    for (let n = 0; n < 1_000; n++) recorder.registerEvent(Measured({ n }));
  }
}

function sumOf(log: Log, eventName: string): number {
  const counts = log.named(eventName).map(({ payload }) => payload.count as number);
  return counts.reduce((sum, count) => sum + count, 0);
}

const INVALID = (count: number, state = "RUNNING") =>
  `WARNING metrics_recorder.invalid_value - the carts {"state":"${state}","count":${count}}`;

describe("refused values", () => {
  test("are told once a second with how many they were, and not again", () => {
    const { log, recorder } = scene();
    registerInvalid(recorder, 3);
    expect(linesOf(log)).toEqual([]);
    seconds(1);
    expect(linesOf(log)).toEqual([INVALID(3)]);
    seconds(5);
    expect(linesOf(log)).toEqual([INVALID(3)]);
    registerInvalid(recorder, 1);
    seconds(1);
    expect(linesOf(log)).toEqual([INVALID(3), INVALID(1)]);
    expect(insideOf(log)[0]).toMatchObject({ eventNamespace: "logs", level: 30 });
    expect(insideOf(log)[0]).toHaveProperty("eventOutcome", undefined);
  });

  test("however fast they come, are one line a second", () => {
    const { log, recorder } = scene();
    for (let step = 0; step < 35; step++) {
      registerInvalid(recorder, 2);
      vi.advanceTimersByTime(100);
    }
    expect(linesOf(log)).toEqual([INVALID(20), INVALID(20), INVALID(20)]);
  });

  test("are told within about a second of real time", async () => {
    vi.useRealTimers();
    const { log, recorder } = scene();
    registerInvalid(recorder, 3);
    const begin = performance.now();
    await waitUntil(
      () => insideOf(log).length > 0,
      () => log.lines,
    );
    expect(performance.now() - begin).toBeGreaterThan(500);
    expect(linesOf(log)).toEqual([INVALID(3)]);
  });
});

describe("the rest is told at the stop, before its end:", () => {
  const STOPS: [name: string, stop: (on: ReturnType<typeof scene>) => unknown][] = [
    ["stop", ({ recorder }) => recorder.stop().wait()],
    ["an awaited stop", async ({ recorder }) => void (await recorder.stop())],
    ["stopRecorder", ({ runtime }) => runtime.stopRecorder("carts")],
    ["stopAndRemoveRecorder", ({ runtime }) => runtime.stopAndRemoveRecorder("carts")],
    ["shutdown", ({ runtime }) => runtime.shutdown()],
  ];

  test.each(STOPS)("%s", async (_, stop) => {
    const on = scene();
    registerInvalid(on.recorder, 2);
    seconds(1);
    registerInvalid(on.recorder, 5);
    on.log.clear();
    await stop(on);
    const stopEvents = on.log.lines.filter((line) => / metrics_recorder\./.test(line));
    expect(stopEvents).toEqual([
      'DEBUG metrics_recorder.stop invoke the carts {"state":"RUNNING"}',
      INVALID(5, "STOPPED"),
      'DEBUG metrics_recorder.stop success the carts {"state":"STOPPED"}',
    ]);
    seconds(3);
    expect(linesOf(on.log)).toEqual([INVALID(5, "STOPPED")]);
  });

  test("a recorder that starts again goes on to tell", () => {
    const { log, recorder } = scene();
    recorder.stop().wait();
    recorder.start().wait();
    registerInvalid(recorder, 1);
    seconds(1);
    expect(linesOf(log)).toEqual([INVALID(1)]);
  });
});

test("a sink may act on the recorder when the rest is told at its stop", () => {
  const results: unknown[] = [];
  const stopped: string[] = [];
  const sink = {
    log: ({ eventName }: LogEvent): void => {
      if (eventName !== "metrics_recorder.invalid_value") return;
      results.push(handle?.wait(), recorder.start().wait().success);
    },
  };
  const runtime = startedRuntime({ logContext: new LogContext({ sink }) });
  const onStopped = (): void => void stopped.push(recorder.getStatus());
  const recorder = runtime.createRecorder("carts", { hooks: { onStopped } });
  registerInvalid(recorder, 1);
  const handle = recorder.stop();
  expect(handle.wait()).toEqual({ opName: "STOP", success: true, error: undefined });
  expect(results).toEqual([handle.wait(), true]);
  expect(stopped).toEqual(["STOPPED"]);
  expect(recorder.getStatus()).toBe("RUNNING");
});

describe("nothing is told, and no timer runs,", () => {
  test("after a shutdown, a removal, and a creation that failed", () => {
    const { log, runtime, recorder } = scene();
    const other = runtime.createRecorder("orders");
    expect(vi.getTimerCount()).toBe(2);
    registerInvalid(other, 1);
    runtime.stopAndRemoveRecorder("orders");
    expect(vi.getTimerCount()).toBe(1);
    const onStarting = () => {
      throw new Error("not today");
    };
    expect(() => runtime.createRecorder("orders", { hooks: { onStarting } })).toThrow();
    expect(vi.getTimerCount()).toBe(1);
    registerInvalid(recorder, 1);
    runtime.shutdown();
    expect(vi.getTimerCount()).toBe(0);
    const before = log.lines.length;
    seconds(10);
    expect(log.lines.length).toBe(before);
  });

  test("where there is no log context", () => {
    const recorder = startedRuntime().createRecorder("carts");
    registerInvalid(recorder, 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of a recorder that nothing has happened to", () => {
    const { log, recorder } = scene();
    recorder.registerEvent(Measured({ n: 1 }));
    log.clear();
    seconds(5);
    recorder.getMetricSnapshots();
    recorder.stop().wait();
    expect(linesOf(log)).toEqual([]);
  });
});

test("dropped events are told, each once", () => {
  const { log, recorder, runtime } = scene({ queueMaxSize: 1 });
  for (let round = 0; round < 3; round++) {
    overflow(recorder);
    seconds(1);
    expect(log.named("metrics_recorder.events_dropped")).toHaveLength(round + 1);
    expect(sumOf(log, "metrics_recorder.events_dropped")).toBe(recorder.getStats().dropped);
  }
  overflow(recorder);
  runtime.shutdown();
  expect(log.named("metrics_recorder.events_dropped")).toHaveLength(4);
  expect(sumOf(log, "metrics_recorder.events_dropped")).toBe(recorder.getStats().dropped);
  const { dropped } = recorder.getStats();
  expect(dropped).toBeGreaterThan(3);
  expect(insideOf(log)[0]).toMatchObject({ level: 30, entityId: "the carts" });
});

describe("a custom metric that throws is told as quarantined, with what it threw,", () => {
  const failing = (name: string, message: string) =>
    new EventLog(name, () => {
      throw new RangeError(message);
    });
  const QUARANTINED = (metricName: string, message: string) =>
    `ERROR metrics_recorder.quarantined - the carts {"state":"RUNNING","metricName":"${metricName}",` +
    `"error":{"kind":"RangeError","message":"${message}"}}`;

  test("each by itself and once", () => {
    const { log, recorder } = scene();
    for (const name of ["one", "two"]) recorder.registerMetric(failing(name, `of ${name}`));
    recorder.registerMetric(new EventLog("well"));
    for (let n = 0; n < 3; n++) recorder.registerEvent(Numbered({ n }));
    recorder.getMetricSnapshots();
    seconds(3);
    expect(linesOf(log).sort()).toEqual([
      QUARANTINED("one", "of one"),
      QUARANTINED("two", "of two"),
    ]);
  });

  test("and again, when it was registered anew and throws again", () => {
    const { log, recorder } = scene();
    const fail = (message: string) => {
      recorder.registerMetric(failing("one", message));
      recorder.registerEvent(Numbered({ n: 1 }));
      recorder.getMetricSnapshots();
    };
    fail("first");
    seconds(1);
    recorder.registerMetric(new EventLog("one"));
    seconds(1);
    fail("second");
    seconds(1);
    expect(linesOf(log)).toEqual([QUARANTINED("one", "first"), QUARANTINED("one", "second")]);
  });

  test("and again, when that happens before it could be told", () => {
    const { log, recorder } = scene();
    for (const message of ["first", "second"]) {
      recorder.registerMetric(failing("one", message));
      recorder.registerEvent(Numbered({ n: 1 }));
      recorder.getMetricSnapshots();
      if (message === "first") seconds(1);
    }
    seconds(1);
    seconds(1);
    expect(linesOf(log)).toEqual([QUARANTINED("one", "first"), QUARANTINED("one", "second")]);
  });

  test("also if that was in another thread, whose error stays there", async () => {
    const { log, runtime } = scene();
    const thread = await startThread(runtime);
    await thread.run(({ runtime, schema, Follower }) => {
      const recorder = runtime.getRecorder("carts");
      const inside = () => {
        throw new Error("by the metric");
      };
      recorder.registerMetric(new Follower("theirs", { inside }));
      recorder.registerEvent(schema.event(1));
      recorder.getMetricSnapshots();
    });
    seconds(1);
    expect(linesOf(log)).toEqual([
      'ERROR metrics_recorder.quarantined - the carts {"state":"RUNNING","metricName":"theirs"}',
    ]);
  });
});

describe("a hook that fails without any other consequence is told, with what it threw last:", () => {
  const HOOK_FAILED = (count: number, message: string, state = "RUNNING") =>
    `ERROR metrics_recorder.hook_failed - the carts {"state":"${state}","count":${count},` +
    `"error":{"kind":"Error","message":"${message}"}}`;
  /** Lets the promises of hooks be rejected. */
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("onMetricChanged throws", () => {
    let calls = 0;
    const onMetricChanged = () => {
      throw new Error(`call ${++calls}`);
    };
    const { log, recorder } = scene({ hooks: { onMetricChanged } });
    recorder.registerMetric(new EventLog());
    for (let n = 0; n < 3; n++) {
      recorder.registerEvent(Numbered({ n }));
      recorder.getMetricSnapshots();
    }
    expect(calls).toBe(3);
    seconds(2);
    expect(linesOf(log)).toEqual([HOOK_FAILED(3, "call 3")]);
  });

  test.each(["onStarting", "onStopped", "onMetricChanged"] as const)(
    "%s gives a promise that is rejected",
    async (name) => {
      const unhandled = unhandledRejections();
      const hook = () => Promise.reject(new Error(`of ${name}`)) as never;
      const { log, recorder } = scene({ hooks: { [name]: hook } });
      recorder.registerMetric(new EventLog());
      recorder.registerEvent(Numbered({ n: 1 }));
      recorder.getMetricSnapshots();
      if (name === "onStopped") recorder.stop().wait();
      await turn();
      seconds(1);
      const state = name === "onStopped" ? "STOPPED" : "RUNNING";
      expect(linesOf(log)).toEqual([HOOK_FAILED(1, `of ${name}`, state)]);
      expect(unhandled).toEqual([]);
    },
  );

  test.each(["stop", "stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const)(
    "onStopped throws after another thread's %s: its cleanup has failed, at once and once",
    async (way) => {
      const onStopped = () => {
        throw new Error("no disk");
      };
      const { log, runtime } = scene({ hooks: { onStopped } });
      const thread = await startThread(runtime);
      await thread.run(({ runtime }, way) => {
        if (way === "stop") runtime.getRecorder("carts").stop().wait();
        else if (way === "shutdown") runtime.shutdown();
        else runtime[way]("carts");
      }, way);
      await waitUntil(
        () => insideOf(log).length > 0,
        () => log.lines,
      );
      seconds(2);
      expect(linesOf(log)).toEqual([
        'ERROR metrics_recorder.cleanup.failed - the carts {"state":"STOPPED",' +
          '"error":{"kind":"Error","message":"no disk"}}',
      ]);
    },
  );

  test("but not one that fails a start or a stop: that says so itself", () => {
    const onStopped = () => {
      throw new Error("no disk");
    };
    const { log, runtime, recorder } = scene({ hooks: { onStopped } });
    expect(recorder.stop().wait()).toMatchObject({ success: false });
    seconds(2);
    expect(linesOf(log)).toEqual([]);
    expect(log.named("metrics_recorder.stop").map(({ eventOutcome }) => eventOutcome)).toEqual([
      "invoke",
      "failed",
    ]);
    expect(() => runtime.stopAndRemoveRecorder("carts")).toThrow(); // or else the shutdown does
  });
});

test("the callback of an observable gauge that throws is told", () => {
  const { log, recorder } = scene();
  recorder.observableGauge("pool", { help: "" }, () => {
    throw new Error("no pool");
  });
  recorder.getMetricSnapshots();
  recorder.getMetricSnapshots();
  seconds(1);
  expect(linesOf(log)).toEqual([
    'WARNING metrics_recorder.observations_failed - the carts {"state":"RUNNING","count":2}',
  ]);
});

describe("over threads,", () => {
  test("the thread that created the recorder tells of all, and no other tells the same", async () => {
    const { log, runtime, recorder } = scene();
    registerInvalid(recorder, 1);
    const threads = await startThreads(2, runtime);
    const inThreads = await Promise.all(
      threads.map((thread) =>
        thread.run(async ({ lib, token }) => {
          const names: string[] = [];
          const sink = {
            log: (event: LogEvent) => void names.push(`${event.eventName} ${event.eventOutcome}`),
          };
          const logContext = new lib.LogContext({ sink });
          const recorder = lib.MetricsRuntime.attach(token, { logContext }).getRecorder("carts");
          const Measured = lib.defineMetricEvent("machinery.measured", { n: lib.float64() });
          for (let n = 0; n < 10; n++) recorder.registerEvent(Measured({ n: Number.NaN }));
          recorder.getMetricSnapshots();
          await new Promise((resolve) => setTimeout(resolve, 1_200));
          return names;
        }),
      ),
    );
    const theirs = [
      "metrics_runtime.get_recorder invoke",
      "metrics_runtime.get_recorder success",
      "metrics_recorder.get_metric_snapshots invoke",
      "metrics_recorder.get_metric_snapshots success",
    ];
    expect(inThreads).toEqual([theirs, theirs]);
    seconds(1);
    expect(linesOf(log)).toEqual([INVALID(21)]);
  });

  test("what a worker has dropped is told after its end too", async () => {
    const { log, runtime, recorder } = scene({ queueMaxSize: 1 });
    const thread = await startThread(runtime);
    await thread.run(({ runtime, schema }) => {
      const recorder = runtime.getRecorder("carts");
      while (recorder.getStats().dropped < 10) recorder.registerEvent(schema.event(1));
    });
    await thread.end();
    seconds(1);
    const { dropped } = recorder.getStats();
    expect(dropped).toBeGreaterThanOrEqual(10);
    expect(linesOf(log)).toEqual([
      `WARNING metrics_recorder.events_dropped - the carts {"state":"RUNNING","count":${dropped}}`,
    ]);
  });

  test("events that a worker's custom metric did not get before its end are told", async () => {
    const { log, runtime, recorder } = scene();
    const thread = await startThread(runtime);
    void thread.run(({ runtime, schema, Follower }) => {
      const recorder = runtime.getRecorder("carts");
      recorder.registerMetric(new Follower("theirs"));
      for (let n = 0; n < 5; n++) recorder.registerEvent(schema.event(n));
      process.exit(0);
    });
    await thread.ended;
    await waitUntil(
      () => recorder.getStats().undelivered === 5,
      () => recorder.getStats(),
    );
    seconds(1);
    expect(linesOf(log)).toEqual([
      'WARNING metrics_recorder.events_undelivered - the carts {"state":"RUNNING","count":5}',
    ]);
  });

  test("a recorder that a worker has created is told of there", async () => {
    const { log, runtime } = scene();
    const thread = await startThread(runtime);
    const told = await thread.run(({ lib, token }) => {
      const events: unknown[] = [];
      const sink = {
        log: ({ eventName, entityId, payload }: LogEvent) =>
          void events.push({ eventName, entityId, payload }),
      };
      const logContext = new lib.LogContext({ sink });
      const recorder = lib.MetricsRuntime.attach(token, { logContext }).createRecorder("theirs");
      const Measured = lib.defineMetricEvent("machinery.measured", { n: lib.float64() });
      recorder.registerEvent(Measured({ n: Number.NaN }));
      events.length = 0;
      recorder.stop().wait();
      return events;
    });
    expect(told).toEqual([
      { eventName: "metrics_recorder.stop", entityId: "theirs", payload: { state: "RUNNING" } },
      {
        eventName: "metrics_recorder.invalid_value",
        entityId: "theirs",
        payload: { state: "STOPPED", count: 1 },
      },
      { eventName: "metrics_recorder.stop", entityId: "theirs", payload: { state: "STOPPED" } },
    ]);
    seconds(2);
    expect(linesOf(log)).toEqual([]);
  });
});

describe("a log context that fails", () => {
  test("does so on the timer as anywhere: under raise it is printed, and nothing is thrown", () => {
    const lines: string[] = [];
    const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    onTestFinished(() => spy.mockRestore());
    const sink = {
      log({ eventOutcome }: LogEvent) {
        if (eventOutcome === undefined) throw new Error("no disk");
      },
    };
    const logContext = new LogContext({ namespace: "shop", errorHandling: "raise", sink });
    const recorder = startedRuntime({ logContext }).createRecorder("carts");
    registerInvalid(recorder, 1);
    seconds(1);
    expect(lines).toEqual(['metrics-runtime: cannot log events of "shop": Error: no disk\n']);
    registerInvalid(recorder, 1);
    expect(recorder.stop().wait()).toEqual({ opName: "STOP", success: true, error: undefined });
  });

  test("a policy keeps back what it does not want of the machinery too", () => {
    const eventPolicy = { isEnabled: ({ level }: { level: number }) => level > 30 };
    const log = new Log({ eventPolicy });
    const recorder = startedRuntime({ logContext: log.context }).createRecorder("carts");
    registerInvalid(recorder, 1);
    seconds(2);
    expect(log.lines).toEqual([]);
  });
});

describe("a program ends with a log context as it does without, and nothing is logged after it:", () => {
  const ENDS: [where: string, way: string][] = [
    ...["natural", "exit", "exit-later", "error", "rejection", "awaits"].flatMap(
      (way): [string, string][] => [
        ["main", way],
        ["worker", way],
      ],
    ),
    ["main", "shutdown-at-exit"],
    ["worker", "shutdown-at-exit"],
    ["worker", "terminated"],
  ];

  test.each(ENDS)("%s, %s", async (where, way) => {
    const [with_, without] = await Promise.all(
      ["with", "without"].map((variant) =>
        runFixture("logging/ends-with-a-log.mjs", [variant, where, way]),
      ),
    );
    expect(with_).toEqual(without);
    if (with_?.code === 0) expect(with_.stderr).toBe("");
  });
});

test("runtimes that nobody refers to are collected, also with a log context that lives on", async () => {
  const result = await runFixture("logging/forgotten-runtime.mjs", [], {
    nodeArguments: ["--expose-gc"],
  });
  expect(result).toEqual({ code: 0, signal: null, stdout: "0\n", stderr: "" });
});
