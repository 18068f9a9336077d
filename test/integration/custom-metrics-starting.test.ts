import type { MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { waitUntil } from "../support/wait-until.js";

test("metrics and events of onStarting count from then on, once the recorder has started", async () => {
  const runtime = startedRuntime();
  const logs: EventLog[] = [];
  const seenInside: number[] = [];
  const recorder = runtime.createRecorder("a", {
    hooks: {
      onStarting(self) {
        self.registerEvent(Numbered({ n: 1 }));
        const log = new EventLog(`log ${logs.length}`);
        logs.push(log);
        self.registerMetric(log);
        for (const n of [2, 3]) self.registerEvent(Numbered({ n }));
        self.getMetricSnapshots();
        seenInside.push(...logs.flatMap(({ events }) => events.length));
      },
    },
  });
  expect(seenInside).toEqual([0]);
  await waitUntil(
    () => logs[0]?.events.length === 2,
    () => logs[0]?.numbers,
  );
  expect(recorder.stop().wait().success).toBe(true);
  expect(recorder.start().wait().success).toBe(true);
  expect(seenInside).toEqual([0, 2, 0]);
  await waitUntil(
    () => logs[1]?.events.length === 2,
    () => logs[1]?.numbers,
  );
  expect(logs.map(({ numbers }) => numbers)).toEqual([
    [2, 3, 1, 2, 3],
    [2, 3],
  ]);
});

test("events of onStarting take their places in the queue until the recorder has started", () => {
  const taken: boolean[] = [];
  const log = new EventLog();
  const recorder = startedRuntime().createRecorder("a", {
    queueMaxSize: 3,
    hooks: {
      onStarting(self) {
        self.registerMetric(log);
        for (let n = 0; n < 3; n++) taken.push(self.registerEvent(Numbered({ n })));
        self.getMetricSnapshots(); // dispatched, but not handled
        taken.push(self.registerEvent(Numbered({ n: 3 })));
      },
    },
  });
  expect(taken).toEqual([true, true, true, false]);
  recorder.getMetricSnapshots();
  expect(log.numbers).toEqual([0, 1, 2]);
  for (const n of [4, 5, 6]) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
});

describe("while the runtime thread has not come to the start yet, what is registered is handled inside", () => {
  /** A recorder that starts again with events of its hook, beside one that keeps the thread busy. */
  function starting() {
    const runtime = startedRuntime();
    const log = new EventLog();
    let times = 0;
    const recorder = runtime.createRecorder("a", {
      hooks: {
        onStarting(self) {
          if (times++ > 0) for (const n of [0, 1, 2]) self.registerEvent(Numbered({ n }));
        },
      },
    });
    recorder.registerMetric(log);
    expect(recorder.stop().wait().success).toBe(true);
    const busy = runtime.createRecorder("busy", { queueMaxSize: 10_000 });
    registerSlowMetric(busy, 2_000);
    const emit = busy.emitter(SlowEvent, ["number"]);
    for (let n = 0; n < 10_000; n++) emit(n); // some 20 ms of work
    const start = recorder.start();
    for (const n of [3, 4]) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
    return { runtime, recorder, log, start };
  }

  test.each<[string, (runtime: MetricsRuntime, recorder: MetricsRecorder) => unknown]>([
    ["getMetricSnapshots", (_, recorder) => recorder.getMetricSnapshots()],
    ["stopRecorder", (runtime) => runtime.stopRecorder("a")],
    ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("a")],
    ["shutdown", (runtime) => runtime.shutdown()],
  ])("%s", (_, call) => {
    const { runtime, recorder, log } = starting();
    call(runtime, recorder);
    expect(log.numbers).toEqual(numbersFrom(0, 5));
    expect(recorder.getStats()).toMatchObject({ accepted: 5, pending: 0, undelivered: 0 });
  });

  test("a stop after waiting for the start", () => {
    const { recorder, log, start } = starting();
    expect(start.wait().success).toBe(true);
    expect(recorder.stop().wait().success).toBe(true);
    expect(log.numbers).toEqual(numbersFrom(0, 5));
  });

  test("turns of the loop, once it has started", async () => {
    const { recorder, log } = starting();
    await waitUntil(
      () => log.events.length === 5,
      () => [log.numbers, recorder.getStats()],
    );
    expect(log.numbers).toEqual(numbersFrom(0, 5));
  });
});
