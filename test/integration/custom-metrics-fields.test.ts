import {
  boolean,
  count,
  defineMetric,
  defineMetricEvent,
  type EventFields,
  float64,
  key,
  label,
  type MetricEvent,
  type MetricsRecorder,
  oneOf,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";

function logging() {
  const recorder = startedRuntime().createRecorder("a");
  const log = new EventLog();
  recorder.registerMetric(log);
  return { recorder, log };
}

/** What the metric has of the events that are registered now, the values of their fields alone. */
function seenOf(recorder: MetricsRecorder, log: EventLog, events: readonly MetricEvent[]) {
  log.events.length = 0;
  for (const event of events) expect(recorder.registerEvent(event)).toBe(true);
  recorder.getMetricSnapshots();
  return log.events.map(({ eventType, ...values }) => values as Record<string, unknown>);
}

describe("a custom metric sees the values that were registered:", () => {
  test.each<[string, EventFields[string], unknown[]]>([
    ["float64", float64(), [0, -0, 1.5, -1e300, Number.MAX_VALUE, Number.MIN_VALUE, -5e-324]],
    ["uint32", uint32(), [0, 1, 2 ** 31, 2 ** 32 - 1]],
    ["boolean", boolean(), [true, false, true]],
    ["oneOf", oneOf("A", "b", "größe"), ["größe", "A", "b"]],
    ["label", label(), ["", "a", "b", "c", "d", "a", "größe 😀", "x".repeat(1_024), "__proto__"]],
  ])("%s", (kind, field, values) => {
    const { recorder, log } = logging();
    const Some = defineMetricEvent(`some.${kind}`, { value: field });
    const seen = seenOf(
      recorder,
      log,
      values.map((value) => Some({ value: value as never })),
    );
    expect(seen).toHaveLength(values.length);
    for (const [index, { value }] of seen.entries()) expect(value).toBe(values[index]);
  });

  test("from an emitter, in the order of its arguments", () => {
    const { recorder, log } = logging();
    const Some = defineMetricEvent("some", { a: uint32(), b: label(), c: float64() });
    const emit = recorder.emitter(Some, ["c", "a", "b"]);
    emit(-0.5, 7, "x");
    emit(2, 8, "y");
    recorder.getMetricSnapshots();
    expect(log.events).toEqual([Some({ a: 7, b: "x", c: -0.5 }), Some({ a: 8, b: "y", c: 2 })]);
  });

  test("of classes with no field and with 15, mixed", () => {
    const { recorder, log } = logging();
    const None = defineMetricEvent("none", {});
    const names = Array.from({ length: 15 }, (_, index) => `f${index}`);
    const Most = defineMetricEvent("most", Object.fromEntries(names.map((n) => [n, float64()])));
    const most = (first: number) =>
      Most(Object.fromEntries(names.map((name, index) => [name, first + index])));
    const events = [None(), most(0), most(0.5), None(), None(), most(-100)];
    for (const event of events) recorder.registerEvent(event);
    recorder.getMetricSnapshots();
    expect(log.events).toEqual(events);
  });
});

test("labels beyond maxValues come as <overflow>, and as themselves once a metric has named them", () => {
  const { recorder, log } = logging();
  const Hit = defineMetricEvent("hit", { path: label({ maxValues: 2 }) });
  const hits = (...paths: string[]) =>
    seenOf(
      recorder,
      log,
      paths.map((path) => Hit({ path })),
    ).map(({ path }) => path);
  expect(hits("a", "b", "c", "a", "d")).toEqual(["a", "b", "<overflow>", "a", "<overflow>"]);
  recorder.registerMetric(defineMetric("c", { c: count(Hit, { where: { path: "c" } }) }));
  expect(hits("a", "b", "c", "d")).toEqual(["a", "b", "c", "<overflow>"]);
});

test("a key comes as 16 hexadecimal digits, the same in every recorder and runtime", () => {
  const Seen = defineMetricEvent("seen", { user: key() });
  const users = ["", "a", "b", "größe 😀", "x".repeat(10_000)];
  const events = users.map((user) => Seen({ user }));
  const [first, second] = [logging(), logging()].map(({ recorder, log }) =>
    seenOf(recorder, log, events).map(({ user }) => user),
  );
  expect(first).toEqual(users.map(() => expect.stringMatching(/^[0-9a-f]{16}$/)));
  expect(new Set(first).size).toBe(users.length);
  expect(second).toEqual(first);
});

test("every metric is given the one frozen object, which its class knows", () => {
  const { recorder, log } = logging();
  const second = new EventLog("second");
  recorder.registerMetric(second);
  const Some = defineMetricEvent("some", { n: uint32(), text: label() });
  const Other = defineMetricEvent("other", { n: uint32(), text: label() });
  recorder.registerEvent(Some({ n: 1, text: "a" }));
  recorder.getMetricSnapshots();
  const [event] = log.events;
  if (event === undefined) throw new Error("no event came");
  expect(second.events[0]).toBe(event);
  expect(Object.isFrozen(event)).toBe(true);
  expect(Object.keys(event).sort()).toEqual(["eventType", "n", "text"]);
  expect([Some.is(event), Other.is(event)]).toEqual([true, false]);
  expect(recorder.registerEvent(event)).toBe(true);
  recorder.getMetricSnapshots();
  expect(log.events).toEqual([event, event]);
});

describe("a class that was declared twice is one class:", () => {
  const declare = () =>
    defineMetricEvent("twice", { place: label(), outcome: oneOf("OK", "BAD"), n: uint32() });

  test("its events of either declaration come with their values", () => {
    const { recorder, log } = logging();
    const [One, Two] = [declare(), declare()];
    const events = [
      One({ place: "a", outcome: "OK", n: 1 }),
      Two({ place: "b", outcome: "BAD", n: 2 }),
      One({ place: "c", outcome: "BAD", n: 3 }),
      Two({ place: "a", outcome: "OK", n: 4 }),
    ];
    for (const event of events) recorder.registerEvent(event);
    recorder.getMetricSnapshots();
    expect(log.events.map((event) => ({ ...event }))).toEqual(
      events.map((event) => ({ ...event })),
    );
  });

  test("either knows its events", () => {
    const { recorder, log } = logging();
    const [One, Two] = [declare(), declare()];
    recorder.registerEvent(One({ place: "a", outcome: "OK", n: 1 }));
    recorder.registerEvent(Two({ place: "a", outcome: "OK", n: 1 }));
    recorder.getMetricSnapshots();
    expect(log.events.map((event) => One.is(event) && Two.is(event))).toEqual([true, true]);
  });
});
