import {
  boolean,
  defineMetricEvent,
  float64,
  key,
  label,
  type MetricEvent,
  oneOf,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { expectStillWorks, refused, Seen, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const event = Seen({ ms: 1, size: 2, place: "a" });
const VALUES = { ms: 1, size: 2, place: "a" };
const Tick = defineMetricEvent("tick", {});

describe("registerEvent refuses, and changes nothing, what no event class has made:", () => {
  const prototype = Object.getPrototypeOf(event) as object;
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["a symbol", Symbol("misuse.seen")],
    ["a bigint", 1n],
    ["a JSON copy", JSON.parse(JSON.stringify(event))],
    ["a clone", structuredClone(event)],
    ["a copy with the same prototype", Object.assign(Object.create(prototype), event)],
    ["a frozen copy", Object.freeze(Object.assign(Object.create(prototype), event))],
    ["one made by its constructor's prototype", Object.create(prototype, { ms: { value: 1 } })],
    ["an object that has an event as prototype", Object.setPrototypeOf({ ms: 2 }, event)],
    ["a proxy of a proxy of an event", new Proxy(new Proxy(event, {}), {})],
    ["the values alone", VALUES],
    [
      "a class of its own with the same fields",
      new (class misuse_seen {
        readonly eventType = "misuse.seen";
        readonly ms = 1;
        readonly size = 2;
        readonly place = "a";
      })(),
    ],
    ["a promise of an event", Promise.resolve(event)],
    ["a function that gives an event", () => event],
  ])("%s", (_, value) => {
    const before = scene();
    const error = refused(before, () => before.recorder.registerEvent(value as MetricEvent));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain(
      'The "event" argument must be an event made by its event class',
    );
    expectStillWorks(before);
  });
});

describe("an event class refuses values", () => {
  const Save = defineMetricEvent("save", {
    ms: float64(),
    size: uint32(),
    cached: boolean(),
    outcome: oneOf("OK", "BAD"),
    place: label(),
    user: key(),
  });
  const GOOD = { ms: 1, size: 1, cached: true, outcome: "OK", place: "a", user: "u" };
  const WRONG: Record<keyof typeof GOOD, readonly unknown[]> = {
    ms: [undefined, null, "1", 1n, true, [1], new Number(1), { valueOf: () => 1 }, Symbol("1")],
    size: [undefined, null, "1", 1n, true, [1], new Number(1), new Date(1), () => 1],
    cached: [undefined, null, "true", 1, 0, "", new Boolean(true), [], {}],
    outcome: [undefined, null, 0, true, ["OK"], new String("OK"), Symbol("OK")],
    place: [undefined, null, 0, true, ["a"], new String("a"), { toString: () => "a" }, 1n],
    user: [undefined, null, 0, true, ["u"], new String("u"), Buffer.from("u"), Symbol("u")],
  };

  test.each(Object.entries(WRONG))("that are of the wrong type for %s", (name, values) => {
    for (const value of values) {
      const error = thrownBy(() => untyped(Save)({ ...GOOD, [name]: value }));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain(`The "values.${name}" property must be of type`);
    }
    expect(untyped(Save)(GOOD)).toMatchObject(GOOD);
  });

  test.each([null, 7, 7n, "s", true, Symbol("v"), () => VALUES])(
    "that are no object: %o",
    (value) => {
      for (const call of [Seen, Tick]) {
        const error = thrownBy(() => untyped(call)(value));
        expect(error).toMatchObject(INVALID_ARG_TYPE);
        expect(error.message).toContain('The "values" argument must be of type object');
      }
    },
  );

  test.each([[[]], [[1, 2, "a"]], [new Array(3)]])("that are an array: %o", (value) => {
    for (const call of [Seen, Tick]) {
      const error = thrownBy(() => untyped(call)(value));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain('The "values" argument must be of type object');
    }
  });

  test.each<[string, object, string]>([
    ["one too many", { ...VALUES, more: 1 }, "more"],
    ["several: the first is named", { zebra: 1, ...VALUES, ape: 1 }, "zebra"],
    ["one that is undefined", { ...VALUES, more: undefined }, "more"],
    [
      "the type, which an event has but no field",
      { ...VALUES, eventType: "misuse.seen" },
      "eventType",
    ],
    ["an own __proto__", { ...VALUES, ["__proto__"]: 1 }, "__proto__"],
    ["toString", { ...VALUES, toString: 1 }, "toString"],
    ["one in the place of another", { ms: 1, size: 2, location: "a" }, "location"],
    ["one in other letters", { MS: 1, size: 2, place: "a" }, "MS"],
  ])("with unknown fields: %s", (_, values, named) => {
    const error = thrownBy(() => untyped(Seen)(values));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`The "values.${named}" property is no field of misuse.seen`);
  });

  test("and takes further arguments for nothing", () => {
    const before = scene();
    const made = untyped(Seen)(VALUES, { more: 1 }, 7) as MetricEvent;
    expect({ ...made }).toEqual({ eventType: "misuse.seen", ...VALUES });
    expect(before.recorder.registerEvent(made)).toBe(true);
  });
});
