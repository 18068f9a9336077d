import {
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";

const Step = defineMetricEvent("step", { size: uint32() });

describe("a snapshot", () => {
  test("has every event that its caller registered before", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(defineMetric("steps", { total: count(Step), size: sum(Step, "size") }));
    let size = 0;
    for (let total = 1; total <= 500; total++) {
      size += total;
      recorder.registerEvent(Step({ size: total }));
      expect(recorder.getMetricSnapshots().steps?.dimensions).toEqual({ total, size });
    }
  });

  test("is data of that moment: later events do not change it", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(defineMetric("steps", { total: count(Step) }));
    const before = recorder.getMetricSnapshots();
    recorder.registerEvent(Step({ size: 1 }));
    expect(before).toEqual({ steps: { name: "steps", dimensions: { total: 0 } } });
    expect(JSON.parse(JSON.stringify(before))).toEqual(before);
  });

  test("has no prototype, so that every name is only a name", () => {
    const recorder = startedRuntime().createRecorder("a");
    const names = ["constructor", "__proto__", "toString", "größe 😀", "a.b"];
    for (const name of names) {
      recorder.registerMetric(defineMetric(name, { [name]: count(Step) }));
    }
    recorder.registerEvent(Step({ size: 1 }));
    const snapshots = recorder.getMetricSnapshots();
    expect(Object.getPrototypeOf(snapshots)).toBe(null);
    expect(Object.keys(snapshots)).toEqual(names);
    for (const name of names) {
      expect(snapshots[name]?.name).toBe(name);
      expect(Object.entries(snapshots[name]?.dimensions ?? {})).toEqual([[name, 1]]);
    }
  });

  test("lists metrics and dimensions in the order of registration", () => {
    const recorder = startedRuntime().createRecorder("a");
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual([]);
    const order = ["z", "m", "a", "y"];
    const dimensions = Object.fromEntries(
      order.map((name): [string, Dimension] => [name, count(Step)]),
    );
    for (const name of order) recorder.registerMetric(defineMetric(name, dimensions));
    const snapshots = recorder.getMetricSnapshots();
    expect(Object.keys(snapshots)).toEqual(order);
    expect(Object.keys(snapshots.z?.dimensions ?? {})).toEqual(order);
  });

  test("keeps a byte order mark at the front of a name", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(defineMetric("m", { "\ufeffa": count(Step), a: sum(Step, "size") }));
    recorder.registerEvent(Step({ size: 7 }));
    expect(recorder.getMetricSnapshots().m?.dimensions).toEqual({ "\ufeffa": 1, a: 7 });
  });

  test("may be large", () => {
    const recorder = startedRuntime().createRecorder("a");
    const dimensions = Object.fromEntries(
      Array.from({ length: 500 }, (_, index): [string, Dimension] => [`d${index}`, count(Step)]),
    );
    for (let n = 0; n < 100; n++) recorder.registerMetric(defineMetric(`m${n}`, dimensions));
    for (let n = 0; n < 3; n++) recorder.registerEvent(Step({ size: 1 }));
    const snapshots = Object.values(recorder.getMetricSnapshots());
    expect(snapshots).toHaveLength(100);
    for (const { dimensions } of snapshots) {
      expect(Object.values(dimensions)).toEqual(Array.from({ length: 500 }, () => 3));
    }
  });
});

test("iterMetrics gives the definitions, and does not follow later registrations", () => {
  const recorder = startedRuntime().createRecorder("a");
  const [a, b] = ["a", "b"].map((name) => defineMetric(name, { total: count(Step) }));
  if (a === undefined || b === undefined) throw new Error("unreachable");
  recorder.registerMetric(a);
  const metrics = recorder.iterMetrics();
  recorder.registerMetric(b);
  expect([...metrics]).toEqual([a]);
  expect([...recorder.iterMetrics()]).toEqual([a, b]);
});

test("several recorders of one runtime do not mix", () => {
  const runtime = startedRuntime();
  const recorders = Array.from({ length: 20 }, (_, index) => runtime.createRecorder(`r${index}`));
  for (const recorder of recorders) {
    recorder.registerMetric(defineMetric("steps", { total: count(Step) }));
  }
  for (let round = 0; round < 50; round++) {
    for (const [index, recorder] of recorders.entries()) {
      for (let n = 0; n <= index; n++) recorder.registerEvent(Step({ size: 1 }));
    }
  }
  expect(recorders.map((recorder) => numberOf(recorder, "steps", "total"))).toEqual(
    recorders.map((_, index) => 50 * (index + 1)),
  );
});
