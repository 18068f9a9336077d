/** What the hot path promises beside its result: no allocation, no waiting, no user code. */
import { getHeapStatistics } from "node:v8";
import {
  boolean,
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  key,
  label,
  type MetricEvent,
  oneOf,
  uint32,
} from "metrics-runtime";
import { describe, expect, test, vi } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";

const Save = defineMetricEvent("save", {
  ms: float64(),
  size: uint32(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
  cached: boolean(),
});
const NAMES = ["ms", "size", "outcome", "backend", "cached"] as const;
const CALLS = 10_000;
const ROUNDS = 60;

/** The bytes by which the heap grows for each call, once the engine has done what it will do. */
function growthOf(call: (n: number) => unknown): number {
  const growths = Array.from({ length: ROUNDS }, () => {
    const before = getHeapStatistics().used_heap_size;
    for (let n = 0; n < CALLS; n++) call(n);
    return getHeapStatistics().used_heap_size - before;
  });
  // The median: a round with a collection in it shrinks, one in which code was compiled grows.
  const settled = growths.slice(ROUNDS / 2).sort((a, b) => a - b);
  return (settled[settled.length / 2] ?? 0) / CALLS;
}

const recording = () => startedRuntime().createRecorder("a", { queueMaxSize: 1_000 });

/** Values of mixed kinds, so many that a class can have as many fields. */
const VALUES = Array.from({ length: 15 }, (_, n) => [2.5, n, "OK", `label ${n}`, true][n % 5]);
const KINDS = [float64, uint32, () => oneOf("OK", "BAD"), () => label(), boolean] as const;

function classOf(size: number) {
  const kinds = VALUES.slice(0, size).map((_, n) => [`f${n}`, (KINDS[n % 5] ?? float64)()]);
  return defineMetricEvent(`sized.${size}`, Object.fromEntries(kinds));
}

/** Calls `emit` with the first `size` of the values, without an array of its own. */
function callOf(emit: (...values: unknown[]) => boolean, size: number): () => boolean {
  const call = `() => emit(${VALUES.slice(0, size).map((value) => JSON.stringify(value))})`;
  return new Function("emit", `return ${call}`)(emit) as () => boolean;
}

const expectNothing = (call: () => boolean) => expect(growthOf(call)).toBeLessThan(1);

describe("once its class and labels are known, an event allocates nothing", () => {
  const SIZES = Array.from({ length: 16 }, (_, size) => [size]);

  test.each(SIZES)("through an emitter of %i fields", (size) => {
    const recorder = recording();
    const Sized = classOf(size);
    const names = Object.keys(Sized.fields);
    const emit = recorder.emitter(Sized as never, names as never) as (...v: unknown[]) => boolean;
    expectNothing(callOf(emit, size));
    expect(recorder.getStats().offered).toBe(ROUNDS * CALLS);
  });

  test.each(SIZES)("through registerEvent, of %i fields", (size) => {
    const recorder = recording();
    const Sized = classOf(size) as unknown as (values: object) => MetricEvent;
    const event = Sized(
      Object.fromEntries(VALUES.slice(0, size).map((value, n) => [`f${n}`, value])),
    );
    expectNothing(() => recorder.registerEvent(event));
    expect(recorder.getStats().offered).toBe(ROUNDS * CALLS);
  });

  test("through an emitter with a key", () => {
    const Login = defineMetricEvent("login", { user: key() });
    const emit = recording().emitter(Login, ["user"]);
    expectNothing(() => emit("somebody"));
  });

  test("while one small object for each call would be seen", () => {
    const holder: { kept?: object } = {};
    const growth = growthOf((n) => {
      holder.kept = { n };
    });
    expect(holder.kept).toEqual({ n: CALLS - 1 });
    expect(growth).toBeGreaterThan(8);
  });
});

describe("while the runtime thread is busy with a stop", () => {
  test("recording and what only looks do not wait for it", () => {
    const runtime = startedRuntime({ namespace: "storage" });
    const busy = runtime.createRecorder("busy", { queueMaxSize: 4_000 });
    const recorder = runtime.createRecorder("a", { queueMaxSize: 2 });
    const emit = recorder.emitter(SlowEvent, ["number"]);
    registerSlowMetric(busy, 8_000);
    const fill = busy.emitter(SlowEvent, ["number"]);
    for (let n = 0; n < 4_000; n++) fill(n);
    const stop = busy.stop();

    expect([emit(1), recorder.registerEvent(SlowEvent({ number: 2 })), emit(3)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(recorder.getStats()).toMatchObject({ accepted: 2, dropped: 1, pending: 2 });
    expect([...recorder.iterMetrics()]).toEqual([]);
    expect([runtime.getStatus(), busy.getStatus()]).toEqual(["RUNNING", "STOPPING"]);
    expect(runtime.entityId).toBe("storage");
    expect(runtime.getStats().threadId).toBeGreaterThan(0);
    expect(runtime.getRecorder("a")).toBe(recorder);
    expect(runtime.listRecorderIds()).toEqual(["busy", "a"]);
    // None of it had to come before the end of the stop.
    expect(stop.wait(0)).toBeUndefined();
    expect(stop.wait().success).toBe(true);
  });
});

test("recording calls no hook: those of the start and the stop are called then alone", () => {
  const hooks = { onStarting: vi.fn(), onStopped: vi.fn() };
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 4, hooks });
  recorder.registerMetric(defineMetric("saves", { total: count(Save) }));
  expect(hooks.onStarting).toHaveBeenCalledTimes(1);
  const emit = recorder.emitter(Save, NAMES);
  for (let n = 0; n < 10_000; n++) emit(n % 7 === 0 ? Number.NaN : n, n, "OK", "s3", true);
  const { accepted, dropped, invalid } = recorder.getStats();
  expect([accepted > 0, dropped > 0, invalid > 0]).toEqual([true, true, true]);
  expect(hooks.onStarting).toHaveBeenCalledTimes(1);
  expect(hooks.onStopped).not.toHaveBeenCalled();
  recorder.stop().wait();
  expect(hooks.onStopped).toHaveBeenCalledTimes(1);
});
