import {
  count,
  defineMetric,
  defineMetricEvent,
  histogram,
  type MetricsRecorder,
  oneOf,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", { size: uint32(), kind: oneOf("A", "B") });
const steps = () =>
  defineMetric("steps", {
    total: count(Step, { where: { kind: ["A", "B"] } }),
    size: sum(Step, "size"),
    sizes: histogram(Step, "size", { buckets: [1, 2] }),
  });

function recording(): MetricsRecorder {
  return startedRuntime().createRecorder("a");
}
const add = (recorder: MetricsRecorder, size = 1) =>
  expect(recorder.registerEvent(Step({ size, kind: "A" }))).toBe(true);
const namesOf = (recorder: MetricsRecorder) => Object.keys(recorder.getMetricSnapshots());

describe("a metric of a name that is registered", () => {
  test("changes nothing when the definition is equal", () => {
    const recorder = recording();
    recorder.registerMetric(steps());
    add(recorder);
    recorder.registerMetric(steps());
    add(recorder);
    expect(dimensionsOf(recorder, "steps").total).toBe(2);
  });

  test.each([
    ["another dimension", { total: count(Step), size: sum(Step, "size") }],
    ["another name", { all: count(Step) }],
    ["another aggregation", { total: sum(Step, "size") }],
    ["another condition", { total: count(Step, { where: { kind: "A" } }) }],
  ])("replaces it from zero when the definition differs: %s", (_, dimensions) => {
    const recorder = recording();
    recorder.registerMetric(defineMetric("steps", { total: count(Step) }));
    add(recorder);
    recorder.registerMetric(defineMetric("steps", dimensions));
    const values = dimensionsOf(recorder, "steps");
    expect(Object.keys(values)).toEqual(Object.keys(dimensions));
    expect(Object.values(values).every((value) => value === 0)).toBe(true);
    add(recorder);
    expect(Object.values(dimensionsOf(recorder, "steps")).every((value) => value === 1)).toBe(true);
  });

  test("replaces it from zero when the order of dimensions or the buckets differ", () => {
    for (const [before, after] of [
      [
        { a: count(Step), b: sum(Step, "size") },
        { b: sum(Step, "size"), a: count(Step) },
      ],
      [
        { h: histogram(Step, "size", { buckets: [1] }) },
        { h: histogram(Step, "size", { buckets: [2] }) },
      ],
    ] as const) {
      const recorder = recording();
      recorder.registerMetric(defineMetric("steps", before));
      add(recorder);
      const empty = recording();
      empty.registerMetric(defineMetric("steps", after));
      recorder.registerMetric(defineMetric("steps", after));
      expect(recorder.getMetricSnapshots()).toEqual(empty.getMetricSnapshots());
      expect(Object.keys(dimensionsOf(recorder, "steps"))).toEqual(Object.keys(after));
    }
  });

  test("keeps its place among the others", () => {
    const recorder = recording();
    for (const name of ["b", "a", "c"]) {
      recorder.registerMetric(defineMetric(name, { total: count(Step) }));
    }
    const replacement = defineMetric("a", { other: count(Step) });
    recorder.registerMetric(replacement);
    expect(namesOf(recorder)).toEqual(["b", "a", "c"]);
    expect([...recorder.iterMetrics()].map(({ metricName }) => metricName)).toEqual([
      "b",
      "a",
      "c",
    ]);
    expect([...recorder.iterMetrics()][1]).toBe(replacement);
  });

  test("leaves the others as they are", () => {
    const recorder = recording();
    recorder.registerMetric(defineMetric("kept", { total: count(Step) }));
    recorder.registerMetric(defineMetric("steps", { total: count(Step) }));
    add(recorder);
    recorder.registerMetric(defineMetric("steps", { size: sum(Step, "size") }));
    add(recorder, 5);
    expect(dimensionsOf(recorder, "kept").total).toBe(2);
    expect(dimensionsOf(recorder, "steps").size).toBe(5);
  });
});

describe("events registered before a metric do not reach it, those after do", () => {
  test("one by one", () => {
    const recorder = recording();
    for (let n = 0; n < 50; n++) {
      for (let events = 0; events < n; events++) add(recorder);
      recorder.registerMetric(defineMetric(`m${n}`, { total: count(Step) }));
    }
    for (let n = 0; n < 50; n++) {
      const after = Array.from({ length: 49 - n }, (_, index) => n + 1 + index);
      expect(dimensionsOf(recorder, `m${n}`).total).toBe(
        after.reduce((sum, size) => sum + size, 0),
      );
    }
  });

  test("in floods: each metric splits them exactly", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 5_000 });
    const emit = recorder.emitter(Step, ["size", "kind"]);
    const accepted: number[] = [];
    for (let flood = 0; flood < 20; flood++) {
      recorder.registerMetric(
        defineMetric("latest", { [`flood_${flood}`]: count(Step), size: sum(Step, "size") }),
      );
      recorder.registerMetric(defineMetric(`from_${flood}`, { total: count(Step) }));
      let taken = 0;
      for (let n = 0; n < 10_000; n++) taken += emit(3, "B") ? 1 : 0;
      accepted.push(taken);
      if (flood % 2 === 0) {
        expect(dimensionsOf(recorder, "latest")).toEqual({
          [`flood_${flood}`]: taken,
          size: 3 * taken,
        });
      }
    }
    for (const [flood] of accepted.entries()) {
      const expected = accepted.slice(flood).reduce((sum, taken) => sum + taken, 0);
      expect(dimensionsOf(recorder, `from_${flood}`).total).toBe(expected);
    }
  });

  test("the events of the one it replaced stay gone", () => {
    const recorder = recording();
    recorder.registerMetric(defineMetric("m", { total: count(Step) }));
    add(recorder);
    recorder.registerMetric(defineMetric("m", { size: sum(Step, "size") }));
    recorder.registerMetric(defineMetric("m", { total: count(Step) }));
    expect(dimensionsOf(recorder, "m").total).toBe(0);
  });
});

test.each<[string, unknown]>([
  ["undefined", undefined],
  ["null", null],
  ["text", "steps"],
  ["dimensions alone", { total: count(Step) }],
  ["a look-alike", { metricName: "steps", dimensions: { total: count(Step) } }],
  ["an event class", Step],
])("what defineMetric has not made is refused, and changes nothing: %s", (_, metric) => {
  const recorder = recording();
  const error = thrownBy(() => recorder.registerMetric(metric as never));
  expect(error).toMatchObject(INVALID_ARG_TYPE);
  expect(error.message).toContain('"metric"');
  expect(namesOf(recorder)).toEqual([]);
  expect([...recorder.iterMetrics()]).toEqual([]);
});

test("one definition may be registered in many recorders, each with its own state", () => {
  const runtime = startedRuntime();
  const definition = steps();
  const recorders = ["a", "b"].map((id) => runtime.createRecorder(id));
  for (const [index, recorder] of recorders.entries()) {
    recorder.registerMetric(definition);
    for (let n = 0; n <= index; n++) add(recorder);
  }
  expect(recorders.map((recorder) => dimensionsOf(recorder, "steps").total)).toEqual([1, 2]);
});
