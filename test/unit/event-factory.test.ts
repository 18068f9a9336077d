import { boolean, defineMetricEvent, float64, label, oneOf, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", {
  ms: float64(),
  bytes: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
});
const VALUES = { ms: 1.5, bytes: 7, cached: true, outcome: "OK", backend: "s3" } as const;
const make = Save as unknown as (values: unknown) => unknown;

describe("an event", () => {
  test("has its type and exactly its fields", () => {
    expect({ ...Save(VALUES) }).toEqual({ eventType: "save", ...VALUES });
    expect(JSON.parse(JSON.stringify(Save(VALUES)))).toEqual({ eventType: "save", ...VALUES });
  });

  test("does not follow the object it was made of", () => {
    const values = { ...VALUES, ms: 1 };
    const event = Save(values);
    values.ms = 2;
    expect(event.ms).toBe(1);
  });

  test("needs no argument when the class has no fields", () => {
    const Tick = defineMetricEvent("tick", {});
    expect(Tick().eventType).toBe("tick");
    expect(Tick({}).eventType).toBe("tick");
  });
});

describe("an event class refuses", () => {
  test.each([[undefined], [null], [7], ["s3"]])("values that are no object: %o", (values) => {
    expect(thrownBy(() => make(values))).toMatchObject(INVALID_ARG_TYPE);
  });

  test.each(Object.keys(VALUES))("an event without %s", (name) => {
    const error = thrownBy(() => make({ ...VALUES, [name]: undefined }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain(`values.${name}`);
  });

  test("a field that it does not have", () => {
    const error = thrownBy(() => make({ ...VALUES, durationMs: 1 }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain("values.durationMs");
  });

  test.each([
    ["ms", "1"],
    ["ms", 1n],
    ["ms", null],
    ["bytes", "7"],
    ["bytes", true],
    ["cached", 1],
    ["cached", "true"],
    ["outcome", 0],
    ["outcome", null],
    ["backend", 3],
    ["backend", new String("s3")],
  ])("%s: %o, which is of the wrong type", (name, value) => {
    const error = thrownBy(() => make({ ...VALUES, [name]: value }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain(`values.${name}`);
  });

  test.each([["ok"], [""], ["toString"]])("%j, which is no member of oneOf", (outcome) => {
    const error = thrownBy(() => make({ ...VALUES, outcome }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain("OK, BAD");
  });

  test("what it only inherits: a field called toString", () => {
    const Odd = defineMetricEvent("odd", { toString: label() });
    expect(thrownBy(() => Odd({} as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(Odd({ toString: "x" }).toString).toBe("x");
  });
});

test.each([
  ["ms", Number.NaN],
  ["ms", Number.POSITIVE_INFINITY],
  ["bytes", -1],
  ["bytes", 1.5],
  ["bytes", 2 ** 32],
  ["bytes", Number.NaN],
])("a number that cannot be counted does not throw: %s %d", (name, value) => {
  expect(make({ ...VALUES, [name]: value })).toMatchObject({ [name]: value });
});
