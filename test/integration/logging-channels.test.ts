/** The channels of `node:diagnostics_channel`: the same events, without a log context. */
import { hasSubscribers, subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  count,
  defineMetric,
  defineMetricEvent,
  type LogContext,
  type LogEvent,
  logInvocation,
} from "metrics-runtime";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runFixture } from "../support/child-process.js";
import { Log, lineOf, shortOf } from "../support/log-lines.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("channels.tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

const CALLS = [
  ...[
    "start",
    "shutdown",
    "create_recorder",
    "get_recorder",
    "try_get_recorder",
    "list_recorder_ids",
    "stop_recorder",
    "stop_and_remove_recorder",
  ].map((operation) => `metrics_runtime.${operation}`),
  ...["start", "stop", "register_metric", "get_metric_snapshots", "iter_metrics"].map(
    (operation) => `metrics_recorder.${operation}`,
  ),
];

/** What is published on the channels until the test ends, or until `end`. */
function subscribed(...names: readonly string[]): { events: LogEvent[]; end: () => void } {
  const events: LogEvent[] = [];
  const listener = (message: unknown): void => void events.push(message as LogEvent);
  for (const name of names) subscribe(name, listener);
  const end = (): void => {
    for (const name of names) unsubscribe(name, listener);
  };
  onTestFinished(end);
  return { events, end };
}

/** Every logged call, some of which fail. */
function useEverything(logContext: LogContext | undefined): void {
  const runtime = newRuntime({ namespace: "shop", logContext });
  thrownBy(() => runtime.listRecorderIds());
  runtime.start();
  const recorder = runtime.createRecorder("carts", { entityId: "the carts" });
  thrownBy(() => runtime.createRecorder("carts"));
  const onStopped = () => {
    throw new Error("no disk");
  };
  runtime.createRecorder("hooked", { hooks: { onStopped } });
  thrownBy(() => runtime.getRecorder("orders"));
  runtime.tryGetRecorder(" carts ");
  runtime.listRecorderIds();
  recorder.registerMetric(ticks);
  recorder.registerEvent(Tick());
  recorder.getMetricSnapshots();
  recorder.iterMetrics();
  recorder.stop().wait();
  recorder.stop().wait();
  recorder.start().wait();
  thrownBy(() => runtime.stopRecorder("hooked"));
  runtime.stopAndRemoveRecorder("carts");
  thrownBy(() => runtime.shutdown());
}

/** A log tells an error once; the channels tell the end of each call that it passes. */
const TOLD_BY_THE_INNER_CALL = "runtime.stop_recorder failed shop";

function asLogged(events: readonly LogEvent[]): string[] {
  const again = events.filter((event) => shortOf(event) === TOLD_BY_THE_INNER_CALL);
  expect(again.length).toBe(1);
  return events.filter((event) => !again.includes(event)).map(lineOf);
}

test("subscribers of all calls get, without a log context, the events that one would log", () => {
  const log = new Log();
  useEverything(log.context);
  const { events, end } = subscribed(...CALLS);
  useEverything(undefined);
  end();
  expect(asLogged(events)).toEqual(log.lines);
  expect(new Set(events.map(({ eventName }) => eventName)).size).toBe(CALLS.length);
  const keys = Object.keys(log.events[0] ?? {}).sort();
  for (const event of events) {
    expect(Object.isFrozen(event)).toBe(true);
    expect(Object.keys(event).sort()).toEqual(keys);
    expect(event.eventNamespace).toBeUndefined();
    expect(Math.abs(event.timestamp - Date.now() / 1_000)).toBeLessThan(60);
  }
});

test("beside a log context, subscribers of all calls get the same events that it logs", () => {
  const log = new Log({ namespace: "logs" });
  const { events } = subscribed(...CALLS);
  useEverything(log.context);
  expect(asLogged(events)).toEqual(log.lines);
  expect(new Set(log.events.map(({ eventNamespace }) => eventNamespace))).toEqual(
    new Set(["logs"]),
  );
});

test("the end of each call is published, also of one whose error an inner call has told", () => {
  const { events } = subscribed("metrics_runtime.create_recorder");
  const onStarting = () => {
    throw new Error("no disk");
  };
  for (const logContext of [undefined, new Log().context]) {
    events.length = 0;
    const runtime = startedRuntime({ namespace: "shop", logContext });
    thrownBy(() => runtime.createRecorder("carts", { hooks: { onStarting } }));
    expect(events.map(shortOf)).toEqual([
      "runtime.create_recorder invoke shop",
      "runtime.create_recorder failed shop",
    ]);
  }
});

test("what subscribers were told of an error, a log context still logs", () => {
  subscribed("inner");
  const log = new Log();
  const inner = logInvocation("inner")(() => {
    throw new Error("no disk");
  });
  const outer = logInvocation("outer", { logContext: () => log.context })(() => inner());
  thrownBy(outer);
  expect(log.short).toEqual(["outer invoke -", "outer failed -"]);
});

test("a subscriber may call what it is told of; its own calls are not published", () => {
  const runtime = startedRuntime({ namespace: "shop" });
  const NAME = "metrics_runtime.list_recorder_ids";
  const { events } = subscribed(NAME);
  const calls = () => void runtime.listRecorderIds();
  subscribe(NAME, calls);
  onTestFinished(() => void unsubscribe(NAME, calls));
  expect(runtime.listRecorderIds()).toEqual([]);
  expect(events.map(shortOf)).toEqual([
    "runtime.list_recorder_ids invoke shop",
    "runtime.list_recorder_ids success shop",
  ]);
});

test("what a policy keeps back from its log context, subscribers get all the same", () => {
  const log = new Log({ eventPolicy: { isEnabled: () => false } });
  const { events } = subscribed("metrics_runtime.list_recorder_ids");
  startedRuntime({ namespace: "shop", logContext: log.context }).listRecorderIds();
  expect(log.lines).toEqual([]);
  expect(events.map(shortOf)).toEqual([
    "runtime.list_recorder_ids invoke shop",
    "runtime.list_recorder_ids success shop",
  ]);
});

test("a channel is subscribed to before or after what it tells of was made", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("carts");
  const { events, end } = subscribed("metrics_recorder.get_metric_snapshots");
  recorder.getMetricSnapshots();
  expect(events).toHaveLength(2);
  end();
  recorder.getMetricSnapshots();
  expect(events).toHaveLength(2);
  expect(hasSubscribers("metrics_recorder.get_metric_snapshots")).toBe(false);
});

test("a channel gives its own operation alone, of a creation only the recorder's start", () => {
  const { events } = subscribed("metrics_recorder.start");
  startedRuntime({ namespace: "shop" }).createRecorder("carts");
  expect(events.map(shortOf)).toEqual([
    "recorder.start invoke carts",
    "recorder.start success carts",
  ]);
});

test("of a wait handle the end comes when somebody looks", async () => {
  const recorder = startedRuntime().createRecorder("carts");
  const { events } = subscribed("metrics_recorder.stop", "metrics_recorder.start");
  const handle = recorder.stop();
  expect(events.map(shortOf)).toEqual(["recorder.stop invoke carts"]);
  expect(handle.wait()).toMatchObject({ success: true });
  expect(events.map(shortOf).at(-1)).toBe("recorder.stop success carts");
  expect(await recorder.stop()).toMatchObject({ success: false });
  expect(events.map(shortOf).at(-1)).toBe("recorder.stop failed carts");
});

test("what has gone wrong inside is given to those who had subscribed before the recorder was created", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { events } = subscribed("metrics_recorder.observations_failed");
  const recorder = startedRuntime().createRecorder("carts", { entityId: "the carts" });
  recorder.observableGauge("pool", { help: "" }, () => {
    throw new Error("no pool");
  });
  recorder.getMetricSnapshots();
  vi.advanceTimersByTime(3_000);
  expect(events.map(lineOf)).toEqual([
    'WARNING metrics_recorder.observations_failed - the carts {"state":"RUNNING","count":1}',
  ]);
});

test("a wrapped function's channel bears the name of its event", async () => {
  const { events } = subscribed("orders.place");
  const place = logInvocation("orders.place", {
    kwargs: (order: number) => ({ order }),
  })(async (order: number) => order + 1);
  expect(await place(7)).toBe(8);
  expect(events.map(lineOf)).toEqual([
    'DEBUG orders.place invoke - {"kwargs":{"order":7}}',
    "DEBUG orders.place success - {}",
  ]);
});

describe("a subscriber that throws", () => {
  test("changes no call; what it throws comes up by itself", async () => {
    const result = await runFixture("logging/throwing-subscriber.mjs");
    expect(result).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(JSON.parse(result.stdout)).toEqual({
      results: ["RUNNING", "MetricsRuntimeRecorderNotFoundError", "CLOSED"],
      seen: 8,
      thrown: 8,
    });
  });
});

test("accessors that throw cost a subscriber the event, and change no call", () => {
  const { events } = subscribed("channels.broken");
  const fail = () => {
    throw new Error("no");
  };
  const broken = logInvocation("channels.broken", { fields: fail })(() => 7);
  expect(broken()).toBe(7);
  expect(events).toEqual([]);
});
