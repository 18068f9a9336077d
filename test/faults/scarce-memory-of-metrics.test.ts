import {
  count,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  key,
  label,
  type MetricsRecorder,
  oneOf,
  quantiles,
  sum,
} from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";
import { numberOf } from "../support/snapshots.js";

const Call = defineMetricEvent("call", {
  result: oneOf("OK", "FAILED"),
  place: label({ maxValues: 2 }),
  ms: float64(),
  user: key(),
});
const calls = defineMetric("calls", {
  total: count(Call),
  by_place: count(Call, { by: ["place", "result"], maxSeries: 8 }),
  at_home: count(Call, { where: { place: "home" } }),
  ms: sum(Call, "ms", { by: ["result"] }),
  histogram: histogram(Call, "ms", { buckets: [1, 10, 100] }),
  exponential: exponentialHistogram(Call, "ms"),
  quantiles: quantiles(Call, "ms", { quantiles: [0.5, 0.99] }),
  users: distinct(Call, "user"),
});
const event = (place: string) => Call({ result: "OK", place, ms: 5, user: "ann" });

/** With a metric and a past; the event class `call` is known, its table of places may be full. */
function known(...places: string[]): MetricsRecorder {
  const recorder = fresh();
  for (const place of places) recorder.registerEvent(event(place));
  recorder.getMetricSnapshots();
  return recorder;
}

function fresh(): MetricsRecorder {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 64 });
  recorder.registerMetric(defineMetric("older", { total: count(Call) }));
  return recorder;
}

const look = (recorder: MetricsRecorder) => [
  recorder.getStatus(),
  recorder.getStats(),
  recorder.getMetricSnapshots(),
  [...recorder.iterMetrics()].map(({ metricName }) => metricName),
];

function expectRegistered(recorder: MetricsRecorder): void {
  const before = numberOf(recorder, "calls", "total");
  expect(recorder.registerEvent(event("home"))).toBe(true);
  expect(numberOf(recorder, "calls", "total")).toBe(before + 1);
  expect(numberOf(recorder, "calls", "at_home")).toBe(before + 1);
  expect([...recorder.iterMetrics()].map(({ metricName }) => metricName)).toEqual([
    "older",
    "calls",
  ]);
}

test.each([
  ["of a class that the runtime knows", ["home"]],
  ["of a class whose table of labels is full", ["home", "work", "elsewhere"]],
])("registerMetric %s, without memory, has changed nothing", (_, places) => {
  const errors = sweepMemory({
    prepare: () => known(...places),
    call: (recorder) => recorder.registerMetric(calls),
    look,
    succeeded: expectRegistered,
  });
  expect(errors.length).toBeGreaterThan(20);
});

test("getMetricSnapshots without memory has changed nothing", () => {
  const errors = sweepMemory({
    prepare: () => {
      const recorder = known("home", "work");
      recorder.registerMetric(calls);
      recorder.registerEvent(event("home"));
      recorder.getMetricSnapshots();
      return recorder;
    },
    call: (recorder) => expect(recorder.getMetricSnapshots().calls).toBeDefined(),
    look,
  });
  expect(errors.length).toBeGreaterThan(1);
});

test("an emitter of a new class, without memory, is not made", () => {
  const Other = defineMetricEvent("other", { place: label(), result: oneOf("OK", "FAILED") });
  const errors = sweepMemory({
    prepare: fresh,
    call: (recorder) => recorder.emitter(Other, ["place", "result"]),
    look,
    succeeded: (recorder) => {
      expect(recorder.emitter(Other, ["place", "result"])("home", "OK")).toBe(true);
    },
  });
  expect(errors.length).toBeGreaterThan(3);
});

test("registerEvent of a new class, without memory, is not an event", () => {
  let registered = 0;
  const errors = sweepMemory({
    prepare: fresh,
    call: (recorder) => {
      expect(recorder.registerEvent(event(`place ${registered++}`))).toBe(true);
    },
    look,
    succeeded: (recorder) => expect(numberOf(recorder, "older", "total")).toBe(1),
  });
  expect(errors.length).toBeGreaterThan(5);
});

test.each([
  [
    "registerEvent",
    (recorder: MetricsRecorder, place: string) => recorder.registerEvent(event(place)),
  ],
  [
    "an emitter",
    (recorder: MetricsRecorder, place: string) =>
      recorder.emitter(Call, ["result", "place", "ms", "user"])("OK", place, 5, "ann"),
  ],
])("%s of a new label value, without memory, is no event", (_, register) => {
  for (const places of [["home"], ["home", "work"]]) {
    const errors = sweepMemory({
      prepare: () => known(...places),
      call: (recorder) => expect(register(recorder, "a new one")).toBe(true),
      look,
      succeeded: (recorder) => {
        expect(numberOf(recorder, "older", "total")).toBe(places.length + 1);
        expect(recorder.getStats().labelsOverflowed).toBe(places.length - 1);
      },
    });
    expect(errors.length).toBeGreaterThan(0);
  }
});
