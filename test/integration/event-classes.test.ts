import {
  count,
  defineMetric,
  defineMetricEvent,
  type EventFields,
  float64,
  label,
  type MetricEvent,
  type MetricsRecorder,
  oneOf,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Known = defineMetricEvent("save", { size: uint32(), outcome: oneOf("OK", "BAD") });

describe("a type that the runtime knows with other fields", () => {
  test.each<[string, EventFields]>([
    ["none", {}],
    ["another kind", { size: float64(), outcome: oneOf("OK", "BAD") }],
    ["another name", { bytes: uint32(), outcome: oneOf("OK", "BAD") }],
    ["one more", { size: uint32(), outcome: oneOf("OK", "BAD"), more: uint32() }],
    ["another member", { size: uint32(), outcome: oneOf("OK", "WORSE") }],
    ["a label for a oneOf", { size: uint32(), outcome: label() }],
  ])("is refused at its first use, and changes nothing: %s", (_, fields) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(defineMetric("saves", { total: count(Known) }));
    recorder.registerEvent(Known({ size: 1, outcome: "OK" }));

    const Other = defineMetricEvent("save", fields);
    const values = { size: 1, bytes: 1, more: 1, outcome: "OK" } as Record<string, unknown>;
    const make = Other as unknown as (values: object) => MetricEvent;
    const event = make(Object.fromEntries(Object.keys(fields).map((name) => [name, values[name]])));
    const uses = [
      () => recorder.registerEvent(event),
      () => recorder.emitter(Other, Object.keys(fields) as never),
      () => recorder.registerMetric(defineMetric("others", { total: count(Other) })),
      () => runtime.createRecorder("b").registerEvent(event),
    ];
    for (const use of uses) expect(thrownBy(use)).toMatchObject(INVALID_ARG_VALUE);

    expect(dimensionsOf(recorder, "saves").total).toBe(1);
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["saves"]);
    expect(recorder.getStats()).toMatchObject({ offered: 1, invalid: 0 });
    expect(startedRuntime().createRecorder("a").registerEvent(event)).toBe(true);
  });
});

test("a type defined again with equal fields is the same class", () => {
  const Again = defineMetricEvent("save", { size: uint32(), outcome: oneOf("OK", "BAD") });
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(
    defineMetric("saves", { known: sum(Known, "size"), again: sum(Again, "size") }),
  );
  recorder.registerEvent(Known({ size: 1, outcome: "OK" }));
  recorder.registerEvent(Again({ size: 2, outcome: "OK" }));
  recorder.emitter(Again, ["outcome", "size"])("BAD", 4);
  expect(dimensionsOf(recorder, "saves")).toEqual({ known: 7, again: 7 });
});

describe("an emitter", () => {
  test("takes its arguments in the order of its tuple", () => {
    const Three = defineMetricEvent("three", { a: float64(), b: uint32(), c: float64() });
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("m", { a: sum(Three, "a"), b: sum(Three, "b"), c: sum(Three, "c") }),
    );
    recorder.emitter(Three, ["c", "a", "b"])(100.5, 1.5, 10);
    recorder.emitter(Three, ["b", "c", "a"])(20, 200.5, 2.5);
    expect(dimensionsOf(recorder, "m")).toEqual({ a: 4, b: 30, c: 301 });
  });

  test.each(Array.from({ length: 16 }, (_, size) => [size]))("works for %i fields", (size) => {
    const random = seededRandom(size);
    const fields: Record<string, ReturnType<typeof float64> | ReturnType<typeof uint32>> = {};
    for (let n = 0; n < size; n++) fields[`f${n}`] = random() < 0.5 ? float64() : uint32();
    const Sized = defineMetricEvent("sized", fields);
    const names = Object.keys(fields).sort(() => random() - 0.5);
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("m", {
        total: count(Sized),
        ...Object.fromEntries(names.map((name) => [name, sum(Sized, name)])),
      }),
    );
    const emit = emitterOf(recorder, Sized, names);
    const expected = Object.fromEntries(names.map((name) => [name, 0]));
    for (let round = 1; round <= 50; round++) {
      const values = names.map((_, index) => round * (index + 1));
      expect(emit(...values)).toBe(true);
      for (const [index, name] of names.entries()) {
        expected[name] = (expected[name] ?? 0) + (values[index] ?? 0);
      }
    }
    expect(dimensionsOf(recorder, "m")).toEqual({ total: 50, ...expected });
  });
});

function emitterOf(recorder: MetricsRecorder, eventClass: unknown, names: readonly string[]) {
  return recorder.emitter(eventClass as never, names as never) as unknown as (
    ...values: number[]
  ) => boolean;
}

test("a runtime refuses the class after its 4 096th, and goes on with the others", () => {
  const recorder = startedRuntime().createRecorder("a");
  const classes = Array.from({ length: 4_097 }, (_, index) =>
    defineMetricEvent(`type.${index}`, {}),
  );
  const refused = classes.filter((one) => {
    try {
      return !recorder.registerEvent(one());
    } catch (error) {
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      return true;
    }
  });
  expect(refused.map(({ eventType }) => eventType)).toEqual(["type.4096"]);
  expect(recorder.registerEvent(defineMetricEvent("type.4095", {})())).toBe(true);
});
