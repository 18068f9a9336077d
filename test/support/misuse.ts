/** What every test of a misuse needs: something that runs, and a look at all that can be seen of it. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  histogram,
  label,
  type MetricsRecorder,
  type MetricsRuntime,
  uint32,
} from "metrics-runtime";
import { expect } from "vitest";
import { startedRuntime } from "./runtimes.js";
import { dimensionsOf } from "./snapshots.js";
import { thrownBy } from "./thrown.js";

export const Seen = defineMetricEvent("misuse.seen", {
  ms: float64(),
  size: uint32(),
  place: label({ maxValues: 2 }),
});
export const seen = defineMetric("misuse.seen", {
  total: count(Seen),
  ms: histogram(Seen, "ms", { buckets: [1, 10] }),
  by_place: count(Seen, { by: ["place"], maxSeries: 2 }),
});

/** A runtime with a recorder that runs and one that has stopped, each with a past. */
export interface Scene {
  readonly runtime: MetricsRuntime;
  /** Registered as `running`. */
  readonly recorder: MetricsRecorder;
  /** Registered as `stopped`. */
  readonly stopped: MetricsRecorder;
}

export function scene(): Scene {
  const runtime = startedRuntime({ namespace: "misuse", defaultRecorderQueueMaxSize: 64 });
  const recorders = ["running", "stopped"].map((id) => {
    const recorder = runtime.createRecorder(id);
    recorder.registerMetric(seen);
    for (const place of ["a", "b", "c", "d"]) {
      recorder.registerEvent(Seen({ ms: 5, size: 1, place }));
    }
    recorder.registerEvent(Seen({ ms: Number.NaN, size: 1, place: "a" }));
    return recorder;
  });
  const [recorder, stopped] = recorders as [MetricsRecorder, MetricsRecorder];
  runtime.stopRecorder("stopped");
  return { runtime, recorder, stopped };
}

/** All that can be seen of the scene, apart from how often its thread turned. */
export function everythingOf({ runtime, recorder, stopped }: Scene) {
  const running = runtime.getStatus() === "RUNNING";
  return {
    status: runtime.getStatus(),
    entityId: runtime.entityId,
    ids: running ? runtime.listRecorderIds() : [],
    registered: running
      ? [runtime.getRecorder("running") === recorder, runtime.getRecorder("stopped") === stopped]
      : [],
    threadId: runtime.getStats().threadId,
    recorders: [recorder, stopped].map((one) => ({
      snapshots: one.getMetricSnapshots(),
      status: one.getStatus(),
      names: [one.recorderId, one.entityId, one.namespace],
      metrics: [...one.iterMetrics()].map(({ metricName }) => metricName),
      stats: one.getStats(),
    })),
    eventsDrained: runtime.getStats().eventsDrained,
  };
}

/** What the misuse throws; everything must be as it was before. */
export function refused(of: Scene, misuse: () => unknown) {
  const before = everythingOf(of);
  const error = thrownBy(misuse);
  expect(everythingOf(of)).toEqual(before);
  return error;
}

/** The scene works as if nothing had been: a new recorder and the old one take an event and count it. */
export function expectStillWorks({ runtime, recorder }: Scene): void {
  const next = runtime.createRecorder("next", { queueMaxSize: 4 });
  next.registerMetric(seen);
  for (const one of [next, recorder]) {
    const total = dimensionsOf(one, "misuse.seen").total as number;
    expect(one.registerEvent(Seen({ ms: 1, size: 1, place: "a" }))).toBe(true);
    expect(one.emitter(Seen, ["ms", "size", "place"])(2, 2, "b")).toBe(true);
    expect(dimensionsOf(one, "misuse.seen").total).toBe(total + 2);
  }
  expect(runtime.stopAndRemoveRecorder("next")).toBe(next);
}

/** A function without its types: what JavaScript callers can do with it. */
export function untyped(called: (...args: never[]) => unknown, receiver?: unknown) {
  return (...args: unknown[]): unknown => Reflect.apply(called, receiver, args);
}
