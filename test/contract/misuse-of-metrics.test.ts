import {
  count,
  Dimension,
  defineMetric,
  defineMetricEvent,
  label,
  MetricDefinition,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_NAMES, NO_STRINGS } from "../support/bad-values.js";
import { expectStillWorks, refused, Seen, scene, seen, untyped } from "../support/misuse.js";
import { dimensionsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const metric = defineMetric("misuse.new", { total: count(Seen) });
const dimension = count(Seen);

describe("registerMetric refuses, and changes nothing, what defineMetric has not made:", () => {
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["a name", "misuse.new"],
    ["a function that gives a metric", () => metric],
    ["a metric in an array", [metric]],
    [
      "a plain object with all that a metric has",
      { metricName: "x", dimensions: { total: dimension } },
    ],
    ["a spread copy", { ...metric }],
    ["a clone", structuredClone({ metricName: "x", dimensions: {} })],
    ["a JSON copy", JSON.parse(JSON.stringify(metric))],
    ["an object that inherits from a metric", Object.create(metric)],
    ["one that inherits, with another name", Object.create(metric, { metricName: { value: "y" } })],
    [
      "one that inherits, with a name that is none",
      Object.create(metric, { metricName: { value: 7 } }),
    ],
    ["a proxy of a metric", new Proxy(metric, {})],
    ["an empty object with a metric's prototype", Object.create(MetricDefinition.prototype)],
    [
      "a copy with a metric's prototype",
      Object.assign(Object.create(MetricDefinition.prototype), metric),
    ],
    ["a dimension", dimension],
    ["an event", Seen({ ms: 1, size: 1, place: "a" })],
    ["a metric's class", MetricDefinition],
    ["an object that says of itself what it is", { [Symbol.toStringTag]: "MetricDefinition" }],
  ])("%s", (_, value) => {
    const before = scene();
    const error = refused(before, () => before.recorder.registerMetric(value as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "metric" argument must be a metric made by defineMetric');
    expectStillWorks(before);
  });

  test("and one whose name is there does not replace that one", () => {
    const before = scene();
    const copy = { ...seen, dimensions: { total: count(Seen) } };
    expect(refused(before, () => before.recorder.registerMetric(copy as never))).toMatchObject(
      INVALID_ARG_TYPE,
    );
    expect([...before.recorder.iterMetrics()]).toEqual([seen]);
  });
});

describe("defineMetric refuses", () => {
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["an aggregation that was not called", count],
    ["an event class", Seen],
    ["a metric", metric],
    ["a spread copy", { ...dimension }],
    ["a clone", structuredClone({ aggregation: { kind: "count" }, sources: [], by: [] })],
    ["an object that inherits from a dimension", Object.create(dimension)],
    ["one that inherits, with other groups", Object.create(dimension, { by: { value: ["ms"] } })],
    ["a proxy of a dimension", new Proxy(dimension, {})],
    ["an empty object with a dimension's prototype", Object.create(Dimension.prototype)],
    [
      "a copy with a dimension's prototype",
      Object.assign(Object.create(Dimension.prototype), dimension),
    ],
    ["a dimension in an array", [dimension]],
  ])("a dimension that is %s", (_, value) => {
    const error = thrownBy(() => untyped(defineMetric)("m", { good: dimension, bad: value }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "dimensions.bad" property must be an aggregation');
  });

  test.each([...NO_STRINGS, ...NO_NAMES])("a name that is %s", (_, name, expected) => {
    const error = thrownBy(() => untyped(defineMetric)(name, { total: dimension }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "metricName" argument');
  });

  test.each(NO_NAMES)("a dimension whose name is %s", (_, name, expected) => {
    const error = thrownBy(() =>
      defineMetric("m", { good: dimension, [name as string]: dimension }),
    );
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "dimensions" argument');
  });

  test("a dimension that is another one each time it is read: what was checked is what counts", () => {
    const before = scene();
    const answers = [count(Seen), 7, null];
    const hostile = {
      get total() {
        return answers.shift() as Dimension;
      },
    };
    const made = defineMetric("misuse.new", hostile);
    expect(made.dimensions.total).toBeInstanceOf(Dimension);
    before.recorder.registerMetric(made);
    before.recorder.registerEvent(Seen({ ms: 1, size: 1, place: "a" }));
    expect(dimensionsOf(before.recorder, "misuse.new")).toEqual({ total: 1 });
  });
});

describe("a metric whose event types the runtime knows with other fields", () => {
  const Fresh = defineMetricEvent("misuse.fresh", { n: uint32() });
  const Conflict = defineMetricEvent("misuse.seen", { n: uint32() });

  test("is refused as a whole: none of its classes becomes known", () => {
    const before = scene();
    const mixed = defineMetric("misuse.new", { first: sum(Fresh, "n"), second: count(Conflict) });
    const error = refused(before, () => before.recorder.registerMetric(mixed));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain('The "eventType" argument is known to this runtime');
    expect(error.message).toContain('Received "misuse.seen"');
    const Other = defineMetricEvent("misuse.fresh", { n: label() });
    expect(before.recorder.registerEvent(Other({ n: "text" }))).toBe(true);
    expectStillWorks(before);
  });

  test("is refused too when it is two of its own classes that differ", () => {
    const before = scene();
    const Twin = defineMetricEvent("misuse.fresh", { n: label() });
    const mixed = defineMetric("misuse.new", { first: count(Fresh), second: count(Twin) });
    expect(refused(before, () => before.recorder.registerMetric(mixed))).toMatchObject(
      INVALID_ARG_VALUE,
    );
    expect(before.recorder.registerEvent(Twin({ n: "text" }))).toBe(true);
    expectStillWorks(before);
  });
});
