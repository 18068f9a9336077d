/**
 * The bound, with the real thread draining. That thread cannot be held still from outside, so here a
 * slow metric makes it fall behind; `test/unit/event-queue.test.ts` looks at the bound step by step.
 */
import {
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricsRecorder,
  MetricsRecorderQueueOverflowError,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const SIZES = [1, 2, 3, 63, 64, 65, 1000];
const DEADLINE_MS = 5_000;

function eventOf(fieldCount: number) {
  const names = Array.from({ length: fieldCount }, (_, index) => `f${index}`);
  const eventClass = defineMetricEvent(`sized.${fieldCount}`, {
    ...Object.fromEntries(names.map((name) => [name, float64()])),
  });
  const dimensions: [string, Dimension][] = Array.from({ length: 50 }, (_, index) => [
    `total_${index}`,
    count(eventClass),
  ]);
  return { eventClass, names, dimensions: Object.fromEntries(dimensions) };
}

function expectConsistent(recorder: MetricsRecorder, size: number): number {
  const { offered, accepted, dropped, dispatched, pending } = recorder.getStats();
  expect(offered).toBe(accepted + dropped);
  expect(accepted).toBe(dispatched + pending);
  expect(pending).toBeLessThanOrEqual(size);
  return pending;
}

describe.each(SIZES)("queueMaxSize %i", (size) => {
  test.each([0, 1, 2, 7, 14, 15])("holds in a flood of events with %i fields", (fieldCount) => {
    const { eventClass, names, dimensions } = eventOf(fieldCount);
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: size });
    recorder.registerMetric(defineMetric("flood", dimensions));
    const emit = recorder.emitter(eventClass as never, names as never) as unknown as (
      ...values: number[]
    ) => boolean;
    const values = names.map((_, index) => index);
    let [accepted, refused] = [0, 0];
    for (let n = 0; n < 4_000 + 3 * size; n++) {
      if (emit(...values)) accepted++;
      else refused++;
      if (n + 1 === size) expect(accepted).toBe(size); // an empty queue has room for so many
      if (n % 97 === 0) expectConsistent(recorder, size);
    }
    expect(recorder.stop().wait()).toMatchObject({ success: true });
    expectConsistent(recorder, size);
    expect(recorder.getStats()).toMatchObject({
      accepted,
      dropped: refused,
      dispatched: accepted,
      pending: 0,
      invalid: 0,
      queueMaxSize: size,
    });
    for (const dimension of Object.keys(dimensions)) {
      expect(numberOf(recorder, "flood", dimension)).toBe(accepted);
    }
    expect(runtime.getStats().deepestQueue).toBeLessThanOrEqual(size);
    expect(runtime.getStats().eventsDrained).toBe(accepted);
  });

  test("is reached, never passed, when the thread falls behind", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: size });
    registerSlowMetric(recorder, 20_000);
    const emit = recorder.emitter(SlowEvent, ["number"]);
    const end = performance.now() + DEADLINE_MS;
    let [fullWhenRefused, accepted] = [false, 0];
    // Full when it refuses: the thread is busy with an event for longer than two calls take.
    while (!fullWhenRefused && performance.now() < end) {
      if (emit(1)) accepted++;
      else fullWhenRefused = expectConsistent(recorder, size) === size;
    }
    expect(fullWhenRefused, `${accepted} accepted`).toBe(true);
    recorder.stop().wait();
    expect(numberOf(recorder, "slow", "d0")).toBe(accepted);
    expect(runtime.getStats().deepestQueue).toBeLessThanOrEqual(size);
  });
});

describe("RAISE_ERROR", () => {
  test("throws for each event that does not fit, counts it, and goes on", () => {
    const runtime = startedRuntime({ defaultRecorderQueueOverflowPolicy: "RAISE_ERROR" });
    const recorder = runtime.createRecorder("a", { queueMaxSize: 3 });
    registerSlowMetric(recorder, 100);
    const emit = recorder.emitter(SlowEvent, ["number"]);
    let [accepted, thrown] = [0, 0];
    for (let n = 0; n < 20_000; n++) {
      try {
        expect(n % 2 === 0 ? emit(n) : recorder.registerEvent(SlowEvent({ number: n }))).toBe(true);
        accepted++;
      } catch (error) {
        expect(error).toBeInstanceOf(MetricsRecorderQueueOverflowError);
        thrown++;
      }
    }
    expect(thrown).toBeGreaterThan(0);
    recorder.stop().wait();
    expect(recorder.getStats()).toMatchObject({ accepted, dropped: thrown, dispatched: accepted });
    expect(numberOf(recorder, "slow", "d99")).toBe(accepted);
  });

  test("tells the bound in its error", () => {
    const recorder = startedRuntime().createRecorder("a", {
      queueMaxSize: 2,
      queueOverflowPolicy: "RAISE_ERROR",
    });
    registerSlowMetric(recorder, 20_000);
    const error = thrownBy(() => {
      const end = performance.now() + DEADLINE_MS;
      while (performance.now() < end) recorder.registerEvent(SlowEvent({ number: 1 }));
    });
    expect(error).toMatchObject({
      code: "ERR_METRICS_RECORDER_QUEUE_OVERFLOW",
      message: "queue overflow",
      details: { queueMaxSize: 2 },
    });
  });

  test("and DROP are chosen for each recorder", () => {
    const runtime = startedRuntime({ defaultRecorderQueueOverflowPolicy: "RAISE_ERROR" });
    const recorder = runtime.createRecorder("a", { queueMaxSize: 1, queueOverflowPolicy: "DROP" });
    registerSlowMetric(recorder, 1_000);
    const emit = recorder.emitter(SlowEvent, ["number"]);
    let refused = 0;
    for (let n = 0; n < 5_000; n++) refused += emit(n) ? 0 : 1;
    expect(refused).toBeGreaterThan(0);
    expect(recorder.getStats().dropped).toBe(refused);
  });
});
