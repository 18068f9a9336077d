import { Metric, MetricsRecorderUnexpectedError } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_NAMES, NO_STRINGS } from "../support/bad-values.js";
import { EventLog } from "../support/event-log.js";
import { everythingOf, expectStillWorks, refused, Seen, scene } from "../support/misuse.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const revokedMetric = Proxy.revocable(new EventLog(), {});
revokedMetric.revoke();
const throwing = (): never => {
  throw new Error("the metric's own");
};

/** A metric with members of another kind, or a getter in their place. */
function metricWith(members: PropertyDescriptorMap): Metric {
  return Object.create(new EventLog(), members) as Metric;
}
const VALUES: [string, unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["text", "handle"],
  ["an object", {}],
  ["an object that can be called by name alone", { call() {}, apply() {} }],
];

describe("registerMetric refuses, and changes nothing, what is no metric:", () => {
  test.each<[string, unknown]>([
    ["the class", EventLog],
    ["the base class", Metric],
    ["a function that gives one", () => new EventLog()],
    ["a metric in an array", [new EventLog()]],
    [
      "an object with all that a metric has",
      { metricName: "x", handleEvent: () => true, snapshot: () => ({}) },
    ],
    ["a spread copy", { ...new EventLog(), handleEvent: () => true, snapshot: () => ({}) }],
    ["the class's name as a tag", { [Symbol.toStringTag]: "Metric" }],
    ["a revoked proxy", revoked.proxy],
    ["a revoked proxy of a metric", revokedMetric.proxy],
    [
      "an object whose prototype throws",
      new Proxy({}, { has: throwing, getPrototypeOf: throwing }),
    ],
    ["an event", Seen({ ms: 1, size: 1, place: "a" })],
  ])("%s", (_, value) => {
    const before = scene();
    const error = refused(before, () => before.recorder.registerMetric(value as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain(
      'The "metric" argument must be a metric made by defineMetric or an instance of Metric',
    );
    expectStillWorks(before);
  });
});

describe("registerMetric refuses, and changes nothing, a metric", () => {
  test.each([...NO_STRINGS, ...NO_NAMES])("whose name is %s", (_, metricName, expected) => {
    const before = scene();
    const metric = metricWith({ metricName: { value: metricName } });
    const error = refused(before, () => before.recorder.registerMetric(metric));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"metric.metricName"');
  });

  test.each(["handleEvent", "snapshot"].flatMap((member) => VALUES.map((row) => [member, ...row])))(
    "whose %s is %s",
    (member, _, value) => {
      const before = scene();
      const metric = metricWith({ [member as string]: { value } });
      const error = refused(before, () => before.recorder.registerMetric(metric));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain(`"metric.${member}" property must be of type function`);
      expectStillWorks(before);
    },
  );

  test("that has nothing but the base class", () => {
    const before = scene();
    const metric = new (Metric as unknown as new () => Metric)();
    expect(refused(before, () => before.recorder.registerMetric(metric))).toMatchObject(
      INVALID_ARG_TYPE,
    );
  });

  test.each(["metricName", "handleEvent", "snapshot"])(
    "whose %s throws when it is read",
    (name) => {
      const before = scene();
      const metric = metricWith({ [name]: { get: throwing } });
      const error = refused(before, () => before.recorder.registerMetric(metric));
      expect(error).toBeInstanceOf(MetricsRecorderUnexpectedError);
      expect(error.cause).toMatchObject({ name: "Error", message: "the metric's own" });
      expectStillWorks(before);
    },
  );

  test("in a recorder that does not run, for its arguments first", () => {
    const before = scene();
    const nameless = metricWith({ metricName: { value: " " } });
    expect(refused(before, () => before.stopped.registerMetric(nameless))).toMatchObject(
      INVALID_ARG_VALUE,
    );
    expect(refused(before, () => before.stopped.registerMetric(new EventLog()))).toMatchObject({
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "STOPPED", expectedStates: ["STARTING", "RUNNING"] },
    });
  });

  test("of a name that is taken: that one stays", () => {
    const { recorder } = scene();
    const log = new EventLog();
    recorder.registerMetric(log);
    const bad = metricWith({ metricName: { value: "log" }, snapshot: { value: 7 } });
    expect(thrownBy(() => recorder.registerMetric(bad))).toMatchObject(INVALID_ARG_TYPE);
    recorder.registerEvent(Seen({ ms: 1, size: 1, place: "a" }));
    recorder.getMetricSnapshots();
    expect(log.events).toHaveLength(1);
  });
});

describe("a metric keeps the name that it was registered with", () => {
  test("when it changes later", () => {
    const { recorder } = scene();
    const log = new EventLog("first");
    recorder.registerMetric(log);
    Object.assign(log, { metricName: "second" });
    recorder.registerEvent(Seen({ ms: 1, size: 1, place: "a" }));
    expect(recorder.getMetricSnapshots().first).toEqual({
      name: "first",
      dimensions: { events: 1 },
    });
    expect(recorder.getMetricSnapshots().second).toBeUndefined();
  });

  test("which is read once, and may be another each time", () => {
    const { recorder } = scene();
    let reads = 0;
    const metric = metricWith({ metricName: { get: () => `read ${++reads}` } });
    metric.handleEvent = () => true;
    metric.snapshot = () => ({ name: "any", dimensions: {} });
    recorder.registerMetric(metric);
    expect(reads).toBe(1);
    expect(Object.keys(recorder.getMetricSnapshots())).toContain("read 1");
  });
});

test("a metric whose methods are lost later is in quarantine, and its snapshot is an error", () => {
  const of = scene();
  const log = new EventLog();
  of.recorder.registerMetric(log);
  Object.assign(log, { handleEvent: undefined, snapshot: undefined });
  of.recorder.registerEvent(Seen({ ms: 1, size: 1, place: "a" }));
  expect(of.recorder.getMetricSnapshots().log).toMatchObject({
    dimensions: {},
    error: { kind: "TypeError" },
  });
  expect(of.recorder.getStats().quarantined).toEqual(["log"]);
  expect(everythingOf(of).status).toBe("RUNNING");
  expectStillWorks(of);
});

test("a metric that is frozen, or a proxy of one, works", () => {
  const { recorder } = scene();
  const frozen = Object.freeze(new EventLog("frozen"));
  const target = new EventLog("proxied");
  const bound = new Proxy(target, {
    get: (of, name) => {
      const value: unknown = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  for (const metric of [frozen, bound]) recorder.registerMetric(metric);
  recorder.registerEvent(Seen({ ms: 1, size: 1, place: "a" }));
  recorder.getMetricSnapshots();
  expect([frozen, target].map(({ events }) => events.length)).toEqual([1, 1]);
});
