/** What is logged of a recorder whose events cannot be dispatched, or are not. */
import { count, defineMetric, defineMetricEvent } from "metrics-runtime";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { failAt, holdAt } from "../support/fault-points.js";
import { Log, lineOf } from "../support/log-lines.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

// The timer of the library alone.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());
const seconds = (count: number): void => void vi.advanceTimersByTime(1_000 * count);

function scene() {
  const log = new Log();
  const runtime = startedRuntime({ namespace: "shop", logContext: log.context });
  const recorder = runtime.createRecorder("carts");
  recorder.registerMetric(ticks);
  recorder.registerEvent(Tick());
  recorder.getMetricSnapshots();
  onTestFinished(() => {
    try {
      runtime.shutdown();
    } catch {
      // Of a recorder that has failed it says so; it is over then.
    }
  });
  log.clear();
  return { log, runtime, recorder };
}

const linesOf = (log: Log): string[] =>
  log.events.filter(({ eventOutcome }) => eventOutcome === undefined).map(lineOf);

const DISPATCH_ERROR =
  'ERROR metrics_recorder.dispatch_error - carts {"state":"FAILURE","error":' +
  '{"reason":"ERR_METRICS_RECORDER_DISPATCHER","kind":"MetricsRecorderDispatcherError",' +
  '"message":"the dispatcher failed -> Error: a fault point","details":{},' +
  '"cause":{"kind":"Error","message":"a fault point"}}}';

function failDispatch({ recorder }: ReturnType<typeof scene>): void {
  failAt("dispatch");
  recorder.registerEvent(Tick());
  recorder.getMetricSnapshots();
  expect(recorder.getStatus()).toBe("FAILURE");
}

test("a dispatch error is told within a second, and once", () => {
  const on = scene();
  failDispatch(on);
  expect(linesOf(on.log)).toEqual([]);
  seconds(1);
  expect(linesOf(on.log)).toEqual([DISPATCH_ERROR]);
  seconds(5);
  expect(on.recorder.stop().wait()).toMatchObject({ success: false });
  expect(linesOf(on.log)).toEqual([DISPATCH_ERROR]);
});

test.each(["stopAndRemoveRecorder", "shutdown"] as const)(
  "a dispatch error that was not told yet is told at the end of the recorder: %s",
  (way) => {
    const on = scene();
    failDispatch(on);
    expect(thrownBy(() => on.runtime[way]("carts"))).toMatchObject({
      name: /Recorder/.test(way)
        ? "MetricsRuntimeRecorderStopError"
        : "MetricsRuntimeShutdownError",
    });
    expect(linesOf(on.log)).toEqual([DISPATCH_ERROR]);
    expect(vi.getTimerCount()).toBe(0);
    seconds(3);
    expect(linesOf(on.log)).toEqual([DISPATCH_ERROR]);
  },
);

test("a stop during which a dispatch fails tells of both, the cause first", () => {
  const { log, recorder } = scene();
  failAt("dispatch");
  recorder.registerEvent(Tick());
  expect(recorder.stop().wait()).toMatchObject({ success: false });
  expect(log.short).toEqual([
    "recorder.stop invoke carts",
    "recorder.dispatch_error - carts",
    "recorder.stop failed carts",
  ]);
  expect(log.events.at(-1)?.payload).toMatchObject({
    state: "FAILURE",
    error: { kind: "MetricsRecorderDispatcherError" },
  });
});

test("a queue that nobody empties for two seconds is told once, until it moves again", async () => {
  const { log, recorder } = scene();
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  holdAt("turn", 60_000);
  recorder.registerEvent(Tick());
  seconds(1); // notices what is pending
  seconds(1); // and that it stays; the clock itself is real
  expect(linesOf(log)).toEqual([]);
  await sleep(2_100);
  seconds(1);
  const [stalled] = log.named("metrics_recorder.drain_stalled");
  expect(stalled).toMatchObject({ level: 30, entityId: "carts", eventOutcome: undefined });
  expect(stalled?.payload).toEqual({
    state: "RUNNING",
    pending: 1,
    stalledMs: expect.any(Number),
  });
  expect(stalled?.payload.stalledMs).toBeGreaterThanOrEqual(2_000);
  seconds(3);
  expect(linesOf(log)).toHaveLength(1);
  holdAt("turn", 0);
  recorder.getMetricSnapshots();
  seconds(3);
  expect(linesOf(log)).toHaveLength(1);
});

test("a recorder that a shutdown could not stop is told as one that has not stopped", () => {
  const { log, runtime } = scene();
  holdAt("turn", 12_000);
  thrownBy(() => runtime.shutdown());
  expect(log.lines).toEqual([
    'DEBUG metrics_runtime.shutdown invoke shop {"state":"RUNNING"}',
    'DEBUG metrics_recorder.stop invoke carts {"state":"RUNNING"}',
    expect.stringMatching(
      /^ERROR metrics_recorder.stop failed carts .*MetricsRuntimeShutdownError/,
    ),
    expect.stringMatching(/^ERROR metrics_runtime.shutdown failed shop .*"state":"FAILURE"/),
  ]);
});
