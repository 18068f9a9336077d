import { count, defineMetric, defineMetricEvent } from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";

const Tick = defineMetricEvent("tick", {});

test("a runtime's stats tell what its thread has done: turns, wakes, events, depth and time", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 10_000 });
  recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
  const before = runtime.getStats();
  expect(before).toMatchObject({ eventsDrained: 0, deepestQueue: 0, drainTimeMs: 0 });
  for (let n = 0; n < 100; n++) recorder.registerEvent(Tick());
  recorder.getMetricSnapshots();
  const after = runtime.getStats();
  expect(after.loopTurns).toBeGreaterThan(before.loopTurns);
  expect(after.wakeUps).toBeGreaterThan(before.wakeUps);
  expect(after.loopTurns).toBeGreaterThanOrEqual(after.wakeUps);
  expect(after.eventsDrained).toBe(100);
  expect(after.deepestQueue).toBeGreaterThan(0);
  expect(after.deepestQueue).toBeLessThanOrEqual(100);
  expect(after.drainTimeMs).toBeGreaterThan(0);
  expect(after.threadId).toBe(before.threadId);
});

test("the time spent in drains is that of the work, and no more than has passed", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
  registerSlowMetric(recorder, 10_000);
  recorder.getMetricSnapshots();
  const emit = recorder.emitter(SlowEvent, ["number"]);
  const begin = performance.now();
  for (let n = 0; n < 1_000; n++) emit(n);
  recorder.stop().wait();
  const passed = performance.now() - begin;
  const { drainTimeMs } = runtime.getStats();
  // Ten million counts; a tenth of a nanosecond for each is far less than any machine needs.
  expect(drainTimeMs).toBeGreaterThan(1);
  expect(drainTimeMs).toBeLessThanOrEqual(passed);
});

test("a render takes many turns, and wakes nobody for them", async () => {
  const SERIES = 50_000;
  const runtime = startedRuntime();
  const options = { help: "", labels: ["n"], maxSeries: SERIES } as const;
  const numbers = runtime.createRecorder("a").counter("n", options);
  for (let n = 0; n < SERIES; n++) numbers.add(1, { n: `${n}` });
  const before = runtime.getStats();
  await runtime.render("prometheus");
  const after = runtime.getStats();
  expect(after.loopTurns - before.loopTurns).toBeGreaterThan(10);
  expect(after.wakeUps - before.wakeUps).toBeLessThan(3);
});
