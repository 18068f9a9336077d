import { boolean, defineMetricEvent, float64, key, label, oneOf, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

describe("oneOf", () => {
  const make = oneOf as unknown as (...members: unknown[]) => unknown;

  test("keeps its members in order, frozen", () => {
    const field = oneOf("B", "A");
    expect(field).toEqual({ kind: "oneOf", members: ["B", "A"] });
    expect(Object.isFrozen(field) && Object.isFrozen(field.members)).toBe(true);
  });

  test.each([
    [[], INVALID_ARG_VALUE],
    [[""], INVALID_ARG_VALUE],
    [["A", "A"], INVALID_ARG_VALUE],
    [["A", 7], INVALID_ARG_TYPE],
    [[null], INVALID_ARG_TYPE],
    [[["A", "B"]], INVALID_ARG_TYPE],
    [["A", "\ud800"], INVALID_ARG_VALUE],
    [["a\udc00b"], INVALID_ARG_VALUE],
  ])("refuses the members %j", (members, expected) => {
    expect(thrownBy(() => make(...members))).toMatchObject(expected);
  });
});

describe("label", () => {
  const make = label as unknown as (options: unknown) => unknown;

  test("has room for 1 000 values unless told otherwise", () => {
    expect(label()).toEqual({ kind: "label", maxValues: 1_000 });
    expect(label({})).toEqual(label());
    expect(label({ maxValues: undefined })).toEqual(label());
    expect(label({ maxValues: 2 ** 20 }).maxValues).toBe(2 ** 20);
  });

  test.each([
    [null, INVALID_ARG_TYPE],
    [5, INVALID_ARG_TYPE],
    [{ max: 5 }, INVALID_ARG_VALUE],
    [{ maxValues: "5" }, INVALID_ARG_TYPE],
    [{ maxValues: 5n }, INVALID_ARG_TYPE],
    [{ maxValues: true }, INVALID_ARG_TYPE],
    [{ maxValues: 0 }, OUT_OF_RANGE],
    [{ maxValues: -1 }, OUT_OF_RANGE],
    [{ maxValues: 1.5 }, OUT_OF_RANGE],
    [{ maxValues: 2 ** 20 + 1 }, OUT_OF_RANGE],
  ])("refuses the options %o", (options, expected) => {
    expect(thrownBy(() => make(options))).toMatchObject(expected);
  });
});

test("key is one frozen field without options", () => {
  expect(key()).toEqual({ kind: "key" });
  expect(Object.isFrozen(key())).toBe(true);
  const Visit = defineMetricEvent("visit", { user: key() });
  expect(Visit({ user: "" }).user).toBe("");
  for (const user of [undefined, null, 7, 7n, {}]) {
    const error = thrownBy(() => Visit({ user } as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain("user");
  }
});

describe("defineMetricEvent", () => {
  const define = defineMetricEvent as unknown as (type: unknown, fields: unknown) => unknown;
  const fieldsNamed = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, uint32()]));
  const manyFields = (size: number) =>
    fieldsNamed(...Array.from({ length: size }, (_, index) => `f${index}`));

  test.each([
    [undefined, INVALID_ARG_TYPE],
    [7, INVALID_ARG_TYPE],
    ["", INVALID_ARG_VALUE],
    [" ", INVALID_ARG_VALUE],
    ["a\ud800", INVALID_ARG_VALUE],
  ])("refuses the type %o", (type, expected) => {
    expect(thrownBy(() => define(type, {}))).toMatchObject(expected);
  });

  test.each([
    ["absent", undefined, INVALID_ARG_TYPE],
    ["null", null, INVALID_ARG_TYPE],
    ["an array", [], INVALID_ARG_TYPE],
    ["16 of them", manyFields(16), INVALID_ARG_VALUE],
    ["one that is no field kind", { a: "float64" }, INVALID_ARG_TYPE],
    ["a function that makes one", { a: float64 }, INVALID_ARG_TYPE],
    ["null for one", { a: null }, INVALID_ARG_TYPE],
    ["an unknown kind", { a: { kind: "int8" } }, INVALID_ARG_TYPE],
    ["a name with a dot", fieldsNamed("a.b"), INVALID_ARG_VALUE],
    ["a name that begins with a digit", fieldsNamed("1a"), INVALID_ARG_VALUE],
    ["an empty name", fieldsNamed(""), INVALID_ARG_VALUE],
    ["the name eventType", fieldsNamed("eventType"), INVALID_ARG_VALUE],
    ["the name metrics_overflow", fieldsNamed("metrics_overflow"), INVALID_ARG_VALUE],
  ])("refuses fields: %s", (_, fields, expected) => {
    expect(thrownBy(() => define("e", fields))).toMatchObject(expected);
  });

  test("takes none to 15 fields, and gives a frozen class that says what it is", () => {
    expect(defineMetricEvent("none", {}).fields).toEqual({});
    const eventClass = defineMetricEvent(" most ", manyFields(15));
    expect(eventClass.eventType).toBe("most");
    expect(Object.keys(eventClass.fields)).toHaveLength(15);
    expect(Object.isFrozen(eventClass) && Object.isFrozen(eventClass.fields)).toBe(true);
  });

  test("is not changed through the object it was given", () => {
    const fields: Record<string, ReturnType<typeof boolean>> = { a: boolean() };
    const eventClass = defineMetricEvent("e", fields);
    fields.b = boolean();
    expect(Object.keys(eventClass.fields)).toEqual(["a"]);
  });
});
