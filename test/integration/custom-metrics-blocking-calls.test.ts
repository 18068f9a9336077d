import { type MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";

interface Scene {
  readonly runtime: MetricsRuntime;
  /** Its metric has events to handle. */
  readonly recorder: MetricsRecorder;
  readonly log: EventLog;
  /** It runs, and has nothing to do. */
  readonly other: MetricsRecorder;
}

function scene(): Scene {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const other = runtime.createRecorder("other");
  const log = new EventLog();
  recorder.registerMetric(log);
  return { runtime, recorder, log, other };
}

const CALLS: [name: string, call: (scene: Scene) => unknown][] = [
  ["getMetricSnapshots", ({ recorder }) => recorder.getMetricSnapshots()],
  ["getMetricSnapshots of another recorder", ({ other }) => other.getMetricSnapshots()],
  ["registerMetric", ({ recorder }) => recorder.registerMetric(new EventLog("more"))],
  ["registerMetric of another recorder", ({ other }) => other.registerMetric(new EventLog("more"))],
  ["createRecorder", ({ runtime }) => runtime.createRecorder("new")],
  ["getRecorder", ({ runtime }) => runtime.getRecorder("other")],
  ["tryGetRecorder", ({ runtime }) => runtime.tryGetRecorder("none")],
  ["listRecorderIds", ({ runtime }) => runtime.listRecorderIds()],
  ["stopRecorder", ({ runtime }) => runtime.stopRecorder("a")],
  ["stopRecorder of another one", ({ runtime }) => runtime.stopRecorder("other")],
  ["stopAndRemoveRecorder", ({ runtime }) => runtime.stopAndRemoveRecorder("a")],
  ["shutdown", ({ runtime }) => runtime.shutdown()],
  ["Symbol.dispose", ({ runtime }) => runtime[Symbol.dispose]()],
  ["shutdown of another runtime", () => startedRuntime().shutdown()],
  ["start of another runtime", () => newRuntime().start()],
  ["stop, by itself", ({ recorder }) => recorder.stop()],
];

describe("what is due is handled inside", () => {
  test.each(CALLS)("%s", (_, call) => {
    const { log, ...rest } = scene();
    for (let n = 0; n < 100; n++) rest.recorder.registerEvent(Numbered({ n }));
    expect(log.events).toEqual([]);
    call({ log, ...rest });
    expect(log.numbers).toEqual(numbersFrom(0, 100));
    expect(rest.recorder.getStats().undelivered).toBe(0);
  });

  test.each([undefined, 0, 1, 1_000])("wait(%s) on a handle", (limit) => {
    const { recorder, log, other } = scene();
    const handle = other.stop();
    handle.wait();
    for (let n = 0; n < 3; n++) recorder.registerEvent(Numbered({ n }));
    expect(handle.wait(limit)).toMatchObject({ success: true });
    expect(log.numbers).toEqual([0, 1, 2]);
  });
});

test("a stop that is waited for ends with everything handled", () => {
  const { recorder, log } = scene();
  for (let n = 0; n < 1_000; n++) recorder.registerEvent(Numbered({ n }));
  expect(recorder.stop().wait()).toMatchObject({ opName: "STOP", success: true });
  expect(log.numbers).toEqual(numbersFrom(0, 1_000));
  expect(recorder.getStats()).toMatchObject({ dispatched: 1_000, pending: 0, undelivered: 0 });
});

test("a stop of this thread's own waits for its metrics, however long they take", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  // More than a batch, and longer than a stop waits for the metrics of other threads.
  const log = new EventLog("log", () => blockFor(1_100 / 64));
  recorder.registerMetric(log);
  for (let n = 0; n < 65; n++) recorder.registerEvent(Numbered({ n }));
  expect(recorder.stop().wait()).toMatchObject({ opName: "STOP", success: true });
  expect(log.numbers).toEqual(numbersFrom(0, 65));
  expect(recorder.getStats()).toMatchObject({ pending: 0, undelivered: 0 });
});

test("a stop that is awaited ends with everything handled", async () => {
  const { recorder, log } = scene();
  for (let n = 0; n < 1_000; n++) recorder.registerEvent(Numbered({ n }));
  expect(await recorder.stop()).toMatchObject({ opName: "STOP", success: true });
  expect(log.numbers).toEqual(numbersFrom(0, 1_000));
  expect(recorder.getStats()).toMatchObject({ dispatched: 1_000, pending: 0, undelivered: 0 });
});

test("what a call delivered does not come again on a turn or in the next call", async () => {
  const { recorder, log } = scene();
  for (let n = 0; n < 10; n++) recorder.registerEvent(Numbered({ n }));
  recorder.getMetricSnapshots();
  await new Promise((resolve) => setTimeout(resolve, 50)); // for turns that should bring nothing
  recorder.getMetricSnapshots();
  expect(log.numbers).toEqual(numbersFrom(0, 10));
});

test("a call that is refused for its arguments or state delivers or not, and loses nothing", () => {
  const { runtime, recorder, log } = scene();
  recorder.registerEvent(Numbered({ n: 0 }));
  expect(() => runtime.createRecorder("a")).toThrow();
  expect(() => runtime.createRecorder(" ")).toThrow(TypeError);
  expect(() => runtime.stopRecorder("none")).toThrow();
  expect(() => recorder.registerMetric({} as never)).toThrow(TypeError);
  expect(() => new MetricsRuntime({ namespace: "" })).toThrow(TypeError);
  recorder.getMetricSnapshots();
  expect(log.numbers).toEqual([0]);
});

function blockFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
