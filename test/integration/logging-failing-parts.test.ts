/** Sinks, policies and payload processors that fail, are slow, or use what they log. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  LogContext,
  type LogContextOptions,
  LogContextUnableToLogError,
  type LogEvent,
  type LogEventHeader,
  type MetricsRecorder,
  type MetricsRuntime,
} from "metrics-runtime";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type ChildResult, runFixture } from "../support/child-process.js";
import { Log, shortOf } from "../support/log-lines.js";
import { newRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";

const Tick = defineMetricEvent("failing-parts.tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

const program = (part: string, errorHandling = "-", how = "throws") =>
  runFixture("logging/failing-parts.mjs", [part, errorHandling, how]);

/** What reaches stderr while the test runs; it goes no further. */
function stderrLines(): readonly string[] {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return lines;
}

describe("a program whose log context fails has the same results and the same end", () => {
  let without: ChildResult;
  beforeAll(async () => {
    without = await program("none");
  });

  test("as one without, which tells of none", () => {
    expect(without).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(JSON.parse(without.stdout)).toContainEqual(["end", "FAILURE"]);
  });

  test.each(["sink", "policy", "processor"])(
    "when the %s throws at every event: under ignore nothing is told, under print_stderr one line",
    async (part) => {
      expect(await program(part, "ignore")).toEqual(without);
      expect(await program(part, "print_stderr")).toEqual({
        ...without,
        stderr: `metrics-runtime: cannot log events of "shop": Error: the ${part} is broken\n`,
      });
    },
  );

  test.each([
    ["throws-text", "string: no disk"],
    ["throws-what-cannot-be-shown", "object: what cannot be shown"],
  ])("when the sink %s, whatever that is", async (how, told) => {
    expect(await program("sink", "print_stderr", how)).toEqual({
      ...without,
      stderr: `metrics-runtime: cannot log events of "shop": ${told}\n`,
    });
  });

  test("when the sink rejects: it is told once, and no rejection is left unhandled", async () => {
    expect(await program("sink", "ignore", "rejects")).toEqual(without);
    expect(await program("sink", "print_stderr", "rejects")).toEqual({
      ...without,
      stderr: 'metrics-runtime: cannot log events of "shop": Error: rejected\n',
    });
  });

  test.each(["sink", "policy", "processor"])(
    "when the %s throws now and then: each time anew after it has recovered",
    async (part) => {
      const { stderr, ...rest } = await program(part, "print_stderr", "throws-now-and-then");
      expect({ ...rest, stderr: "" }).toEqual(without);
      const lines = stderr.trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(5);
      expect(lines).toEqual(
        lines.map(
          (_, index) =>
            `metrics-runtime: cannot log events of "shop": Error: call ${3 * index + 2}`,
        ),
      );
    },
  );
});

test("a context without a namespace is told of without one, and an event kept back is no recovery", () => {
  const lines = stderrLines();
  let broken = true;
  const context = new LogContext({
    sink: {
      log() {
        if (broken) throw new Error("no disk");
      },
    },
    eventPolicy: { isEnabled: ({ eventName }) => eventName !== "kept back" },
  });
  const log = (eventName: string) => context.log({ level: 20, eventName });
  expect([log("a"), log("kept back"), log("b")]).toEqual([false, false, false]);
  expect(lines).toEqual(["metrics-runtime: cannot log events: Error: no disk\n"]);
  broken = false;
  expect(log("c")).toBe(true);
  broken = true;
  log("d");
  expect(lines).toHaveLength(2);
});

test("each context tells of itself, whichever sink they share", () => {
  const lines = stderrLines();
  const sink = {
    log() {
      throw new Error("no disk");
    },
  };
  const parent = new LogContext({ namespace: "parent", sink });
  const child = new LogContext({ namespace: "child", parent });
  for (const context of [parent, child, parent, child]) {
    context.log({ level: 10, eventName: "e" });
  }
  expect(lines).toEqual([
    'metrics-runtime: cannot log events of "parent": Error: no disk\n',
    'metrics-runtime: cannot log events of "child": Error: no disk\n',
  ]);
});

/** Where one part of a context that raises throws: told by `where`, from `arm()` on. */
function raising(part: "sink" | "policy" | "processor") {
  const thrown = new Error(`the ${part}`);
  let where: (event: LogEventHeader) => boolean = () => false;
  let current: LogEventHeader | undefined;
  const failAt = (event: LogEventHeader | undefined): void => {
    if (event !== undefined && where(event)) throw thrown;
  };
  const options: LogContextOptions = {
    errorHandling: "raise",
    sink: { log: (event) => part === "sink" && failAt(event) },
    eventPolicy: {
      isEnabled(header) {
        current = header;
        if (part === "policy") failAt(header);
        return true;
      },
    },
    payloadProcessor(value) {
      if (part === "processor") failAt(current);
      return value;
    },
  };
  const context = new LogContext(options);
  return {
    thrown,
    context,
    arm: (eventName: string, eventOutcome: string) => {
      where = (event) => event.eventName === eventName && event.eventOutcome === eventOutcome;
    },
    disarm: () => {
      where = () => false;
    },
  };
}

interface Armed {
  readonly runtime: MetricsRuntime;
  readonly recorder: MetricsRecorder;
}
interface Call {
  readonly name: string;
  /** One of those that it logs. */
  readonly eventName: string;
  readonly call: (on: Armed) => unknown;
  /** Shows whether it was done. */
  readonly look: (on: Armed) => unknown;
  readonly undone: unknown;
  readonly done: unknown;
}

const CREATE = {
  name: "createRecorder",
  call: ({ runtime }: Armed) => runtime.createRecorder("next"),
  look: ({ runtime }: Armed) => runtime.listRecorderIds(),
  undone: ["carts"],
  done: ["carts", "next"],
};
const STOP = {
  name: "stopRecorder",
  call: ({ runtime }: Armed) => runtime.stopRecorder("carts"),
  look: ({ recorder }: Armed) => recorder.getStatus(),
  undone: "RUNNING",
  done: "STOPPED",
};
const REMOVE = {
  name: "stopAndRemoveRecorder",
  call: ({ runtime }: Armed) => runtime.stopAndRemoveRecorder("carts"),
  look: ({ runtime }: Armed) => runtime.listRecorderIds(),
  undone: ["carts"],
  done: [],
};
const REGISTER = {
  name: "registerMetric",
  call: ({ recorder }: Armed) => recorder.registerMetric(ticks),
  look: ({ recorder }: Armed) => Object.keys(recorder.getMetricSnapshots()),
  undone: [],
  done: ["ticks"],
};
const CALLS: Call[] = [
  { ...CREATE, eventName: "metrics_runtime.create_recorder" },
  { ...CREATE, eventName: "metrics_recorder.start" },
  { ...STOP, eventName: "metrics_runtime.stop_recorder" },
  { ...STOP, eventName: "metrics_recorder.stop" },
  { ...REMOVE, eventName: "metrics_runtime.stop_and_remove_recorder" },
  { ...REMOVE, eventName: "metrics_recorder.stop" },
  { ...REGISTER, eventName: "metrics_recorder.register_metric" },
];

describe.each(["sink", "policy", "processor"] as const)("under raise, a %s that throws", (part) => {
  function scene() {
    const raised = raising(part);
    const runtime = newRuntime({ namespace: "shop", logContext: raised.context });
    runtime.start();
    const recorder = runtime.createRecorder("carts");
    onTestFinished(raised.disarm);
    return { ...raised, runtime, recorder };
  }
  const expectRaised = (error: Error, cause: Error) => {
    expect(error).toBeInstanceOf(LogContextUnableToLogError);
    expect(error).toMatchObject({
      code: "ERR_METRICS_LOG_CONTEXT_UNABLE_TO_LOG",
      message: `unable to log event -> Error: the ${part}`,
    });
    expect(error.cause).toBe(cause);
  };

  test.each(CALLS)("at invoke of $eventName: $name does nothing", (tested) => {
    const on = scene();
    on.arm(tested.eventName, "invoke");
    const error = thrownBy(() => tested.call(on));
    on.disarm();
    expectRaised(error, on.thrown);
    expect(tested.look(on)).toEqual(tested.undone);
  });

  test.each(CALLS)("at success of $eventName: what $name did stays done", (tested) => {
    const on = scene();
    on.arm(tested.eventName, "success");
    const error = thrownBy(() => tested.call(on));
    on.disarm();
    expectRaised(error, on.thrown);
    expect(tested.look(on)).toEqual(tested.done);
  });

  test("at the start and the shutdown of a runtime: done or not, as with every other call", () => {
    const { arm, context, disarm, thrown } = raising(part);
    const runtime = newRuntime({ namespace: "shop", logContext: context });
    onTestFinished(disarm);
    arm("metrics_runtime.start", "invoke");
    expectRaised(
      thrownBy(() => runtime.start()),
      thrown,
    );
    expect(runtime.getStatus()).toBe("VIRGIN");
    arm("metrics_runtime.start", "success");
    expectRaised(
      thrownBy(() => runtime.start()),
      thrown,
    );
    expect(runtime.getStatus()).toBe("RUNNING");
    arm("metrics_runtime.shutdown", "invoke");
    expectRaised(
      thrownBy(() => runtime.shutdown()),
      thrown,
    );
    expect(runtime.getStatus()).toBe("RUNNING");
    arm("metrics_runtime.shutdown", "success");
    expectRaised(
      thrownBy(() => runtime.shutdown()),
      thrown,
    );
    expect(runtime.getStatus()).toBe("CLOSED");
  });

  test("at a recorder's stop in a shutdown: at invoke nothing stops, at success all has", () => {
    const on = scene();
    on.runtime.createRecorder("orders");
    on.arm("metrics_recorder.stop", "invoke");
    expectRaised(
      thrownBy(() => on.runtime.shutdown()),
      on.thrown,
    );
    on.disarm();
    expect([on.runtime.getStatus(), on.recorder.getStatus()]).toEqual(["RUNNING", "RUNNING"]);
    const lines = stderrLines();
    on.arm("metrics_recorder.stop", "success");
    on.runtime.shutdown();
    expect(on.runtime.getStatus()).toBe("CLOSED");
    expect(lines).toEqual([`metrics-runtime: cannot log events: Error: the ${part}\n`]);
  });

  test("at failed: the call's own error is thrown", () => {
    const on = scene();
    on.arm("metrics_runtime.get_recorder", "failed");
    expect(thrownBy(() => on.runtime.getRecorder("orders"))).toMatchObject({
      name: "MetricsRuntimeRecorderNotFoundError",
    });
    on.arm("metrics_runtime.create_recorder", "failed");
    expect(thrownBy(() => on.runtime.createRecorder(" "))).toMatchObject({
      code: "ERR_INVALID_ARG_VALUE",
    });
  });

  test("at invoke of a recorder's own start and stop throws there, and they are not begun", () => {
    const on = scene();
    on.arm("metrics_recorder.stop", "invoke");
    expectRaised(
      thrownBy(() => on.recorder.stop()),
      on.thrown,
    );
    expect(on.recorder.getStatus()).toBe("RUNNING");
    on.disarm();
    on.recorder.stop().wait();
    on.arm("metrics_recorder.start", "invoke");
    expectRaised(
      thrownBy(() => on.recorder.start()),
      on.thrown,
    );
    expect(on.recorder.getStatus()).toBe("STOPPED");
  });

  test("at the end of a wait handle changes no result: it is printed", async () => {
    const lines = stderrLines();
    const on = scene();
    on.arm("metrics_recorder.stop", "success");
    expect(on.recorder.stop().wait()).toEqual({ opName: "STOP", success: true, error: undefined });
    expect(await on.recorder.start()).toMatchObject({ opName: "START", success: true });
    expect(await on.recorder.stop()).toMatchObject({ opName: "STOP", success: true });
    expect(lines).toEqual([
      `metrics-runtime: cannot log events: Error: the ${part}\n`,
      `metrics-runtime: cannot log events: Error: the ${part}\n`,
    ]);
    on.arm("metrics_recorder.stop", "failed");
    const failed = await on.recorder.stop();
    expect(failed).toMatchObject({
      success: false,
      error: { name: "MetricsRecorderInvalidStateError" },
    });
  });
});

test("under raise, a sink that rejects raises nothing: it is printed", async () => {
  const unhandled = unhandledRejections();
  const lines = stderrLines();
  const sink = { log: () => Promise.reject(new Error("no disk")) };
  const logContext = new LogContext({ namespace: "shop", errorHandling: "raise", sink });
  const runtime = newRuntime({ logContext });
  runtime.start();
  runtime.createRecorder("a");
  expect(lines).toEqual([]);
  await new Promise(setImmediate);
  expect(lines).toEqual(['metrics-runtime: cannot log events of "shop": Error: no disk\n']);
  expect(unhandled).toEqual([]);
});

test("a sink that fulfils late recovers then", async () => {
  const lines = stderrLines();
  const outcomes = ["rejects", "rejects", "fulfils", "rejects"];
  const log = async (): Promise<void> => {
    await null;
    if (outcomes.shift() === "rejects") throw new Error("no disk");
  };
  const context = new LogContext({ sink: { log } });
  while (outcomes.length > 0) {
    expect(context.log({ level: 10, eventName: "e" })).toBe(true);
    await new Promise(setImmediate);
  }
  expect(lines).toHaveLength(2);
});

describe("a sink that is slow", () => {
  test("only takes time: every call returns the same, every event comes in order", () => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const fast = new Log();
    const slowEvents: string[] = [];
    const sink = {
      log(event: LogEvent) {
        Atomics.wait(gate, 0, 0, 20);
        slowEvents.push(shortOf(event));
      },
    };
    for (const logContext of [fast.context, new LogContext({ sink })]) {
      const runtime = newRuntime({ namespace: "shop", logContext });
      runtime.start();
      const recorder = runtime.createRecorder("carts");
      recorder.registerMetric(ticks);
      for (let n = 0; n < 100; n++) recorder.registerEvent(Tick());
      expect(recorder.getMetricSnapshots()).toEqual({
        ticks: { name: "ticks", dimensions: { total: 100 } },
      });
      expect(recorder.stop().wait()).toMatchObject({ success: true });
      runtime.shutdown();
      expect(runtime.getStatus()).toBe("CLOSED");
    }
    expect(slowEvents).toEqual(fast.short);
  });
});

/** A runtime whose log part calls `act` once for each event; `seen` are the events. */
function calledBack(part: "sink" | "policy" | "processor", act: () => void) {
  const seen: string[] = [];
  const here = (is: typeof part): void => {
    if (is === part) act();
  };
  const context = new LogContext({
    errorHandling: "raise",
    sink: {
      log(event) {
        seen.push(shortOf(event));
        here("sink");
      },
    },
    eventPolicy: {
      isEnabled() {
        here("policy");
        return true;
      },
    },
    payloadProcessor(value) {
      here("processor");
      return value;
    },
  });
  return { context, seen };
}

describe.each(["sink", "policy", "processor"] as const)("a %s that uses what it logs", (part) => {
  test("may, and its own calls are not logged", () => {
    let acts = 0;
    let on: MetricsRuntime | undefined;
    const { context, seen } = calledBack(part, () => {
      acts++;
      if (on?.getStatus() !== "RUNNING") return;
      on.createRecorder(`log ${acts}`).registerMetric(ticks);
      on.stopAndRemoveRecorder(`log ${acts}`);
      thrownBy(() => on?.getRecorder("unknown"));
      expect(context.log({ level: 20, eventName: "from inside" })).toBe(false);
    });
    const runtime = newRuntime({ namespace: "shop", logContext: context });
    on = runtime;
    runtime.start();
    const recorder = runtime.createRecorder("carts");
    expect(runtime.listRecorderIds()).toEqual(["carts"]);
    expect(recorder.stop().wait()).toMatchObject({ success: true });
    runtime.shutdown();
    expect(acts).toBe(seen.length);
    expect(seen).toEqual([
      "runtime.start invoke shop",
      "runtime.start success shop",
      "runtime.create_recorder invoke shop",
      "recorder.start invoke carts",
      "recorder.start success carts",
      "runtime.create_recorder success shop",
      "runtime.list_recorder_ids invoke shop",
      "runtime.list_recorder_ids success shop",
      "recorder.stop invoke carts",
      "recorder.stop success carts",
      "runtime.shutdown invoke shop",
      "runtime.shutdown success shop",
    ]);
  });

  test("to do what the call was to do: the call then fails as it does when somebody was faster", () => {
    let armed = false;
    let on: MetricsRuntime | undefined;
    const { context } = calledBack(part, () => {
      if (!armed) return;
      armed = false;
      on?.createRecorder("carts");
    });
    const runtime = newRuntime({ namespace: "shop", logContext: context });
    on = runtime;
    runtime.start();
    armed = true;
    expect(thrownBy(() => runtime.createRecorder("carts"))).toMatchObject({
      name: "MetricsRuntimeRecorderAlreadyExistsError",
    });
    armed = true;
    on = { createRecorder: () => runtime.shutdown() } as unknown as MetricsRuntime;
    expect(thrownBy(() => runtime.getRecorder("carts"))).toMatchObject({
      name: "MetricsRuntimeInvalidStateError",
      details: { runtimeState: "CLOSED" },
    });
  });

  test("is called again after it has thrown", () => {
    let broken = true;
    const { context, seen } = calledBack(part, () => {
      if (broken) throw new Error("no disk");
    });
    thrownBy(() => context.log({ level: 10, eventName: "e" }));
    broken = false;
    seen.length = 0;
    expect(context.log({ level: 10, eventName: "e" })).toBe(true);
    expect(seen).toEqual(["e - -"]);
  });
});

test("a payload that is no object comes to the sink as a value", () => {
  const events: LogEvent[] = [];
  const made: unknown[] = [undefined, null, 7, "text", [1], { a: 1 }];
  const context = new LogContext({
    sink: { log: (event) => void events.push(event) },
    payloadProcessor: () => made.shift(),
  });
  while (made.length > 0) context.log({ level: 10, eventName: "e" });
  expect(events.map(({ payload }) => payload)).toEqual([
    { value: undefined },
    { value: null },
    { value: 7 },
    { value: "text" },
    { value: [1] },
    { a: 1 },
  ]);
});

test("a metric whose name cannot be read fails the call, which is logged without it", () => {
  const log = new Log();
  const runtime = newRuntime({ namespace: "shop", logContext: log.context });
  runtime.start();
  const recorder = runtime.createRecorder("carts");
  log.clear();
  const unreadable = {
    get metricName(): string {
      throw new Error("no name today");
    },
  };
  const error = thrownBy(() => recorder.registerMetric(unreadable as never));
  expect(log.short).toEqual([
    "recorder.register_metric invoke carts",
    "recorder.register_metric failed carts",
  ]);
  expect(error).toMatchObject({ code: "ERR_INVALID_ARG_TYPE" });
});
