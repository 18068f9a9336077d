import {
  boolean,
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  key,
  label,
  last,
  max,
  mean,
  min,
  oneOf,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", {
  ms: float64(),
  bytes: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
  user: key(),
});
/** The aggregations of a numeric field. */
const OF_A_NUMBER = [
  sum,
  min,
  max,
  mean,
  last,
  histogram,
  exponentialHistogram,
  quantiles,
] as const;
/** What each of them must have. */
const optionsOf = (make: unknown) =>
  make === histogram ? { buckets: [1] } : make === quantiles ? { quantiles: [0.5] } : {};
const any = <Function extends (...args: never[]) => unknown>(one: Function) =>
  one as unknown as (...args: unknown[]) => unknown;

describe("an aggregation refuses", () => {
  test.each([[undefined], [null], [{}], [() => {}], ["save"], [Save.fields]])(
    "%o as event class",
    (event) => {
      for (const make of [...OF_A_NUMBER, distinct]) {
        const error = thrownBy(() => any(make)(event, "ms", optionsOf(make)));
        expect(error).toMatchObject(INVALID_ARG_TYPE);
        expect(error.message).toContain('"event"');
      }
      expect(thrownBy(() => any(count)(event))).toMatchObject(INVALID_ARG_TYPE);
      expect(thrownBy(() => any(upDown)([[event, 1]]))).toMatchObject(INVALID_ARG_TYPE);
    },
  );

  test.each([
    [undefined, INVALID_ARG_TYPE],
    [7, INVALID_ARG_TYPE],
    ["msec", INVALID_ARG_VALUE],
    ["toString", INVALID_ARG_VALUE],
    ["cached", INVALID_ARG_VALUE],
    ["outcome", INVALID_ARG_VALUE],
    ["backend", INVALID_ARG_VALUE],
    ["user", INVALID_ARG_VALUE],
  ])("%o as numeric field", (field, expected) => {
    for (const make of OF_A_NUMBER) {
      const error = thrownBy(() => any(make)(Save, field, optionsOf(make)));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain('"field"');
    }
  });

  test.each([
    [undefined, INVALID_ARG_TYPE],
    [null, INVALID_ARG_TYPE],
    ["users", INVALID_ARG_VALUE],
    ["cached", INVALID_ARG_VALUE],
    ["outcome", INVALID_ARG_VALUE],
    ["backend", INVALID_ARG_VALUE],
  ])("%o as field whose different values are to be counted", (field, expected) => {
    const error = thrownBy(() => any(distinct)(Save, field));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"field"');
    for (const countable of ["user", "bytes", "ms"] as const) {
      expect(distinct(Save, countable).aggregation).toEqual({ kind: "distinct" });
    }
  });

  test.each([[null], ["x"], [[]], [7]])("%o as options", (options) => {
    expect(thrownBy(() => any(count)(Save, options))).toMatchObject(INVALID_ARG_TYPE);
    expect(thrownBy(() => any(upDown)([[Save, 1]], options))).toMatchObject(INVALID_ARG_TYPE);
    for (const make of [...OF_A_NUMBER, distinct]) {
      expect(thrownBy(() => any(make)(Save, "ms", options))).toMatchObject(INVALID_ARG_TYPE);
    }
  });

  test("an option that it does not know", () => {
    const error = thrownBy(() => any(count)(Save, { were: {} }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain("options.were");
    for (const make of [sum, min, max, mean, last, distinct]) {
      const wrong = thrownBy(() => any(make)(Save, "ms", { buckets: [1] }));
      expect(wrong).toMatchObject(INVALID_ARG_VALUE);
      expect(wrong.message).toContain("options.buckets");
    }
  });
});

describe("where refuses", () => {
  test.each([
    ["null", null, INVALID_ARG_TYPE],
    ["an array", [], INVALID_ARG_TYPE],
    ["an unknown field", { nothing: 1 }, INVALID_ARG_VALUE],
    ["an inherited name", { toString: "x" }, INVALID_ARG_VALUE],
    ["a float64", { ms: 1 }, INVALID_ARG_VALUE],
    ["a boolean as text", { cached: "true" }, INVALID_ARG_TYPE],
    ["null for a boolean", { cached: null }, INVALID_ARG_TYPE],
    ["a number as text", { bytes: "1" }, INVALID_ARG_TYPE],
    ["a number out of range", { bytes: -1 }, OUT_OF_RANGE],
    ["a number with a fraction", { bytes: 1.5 }, OUT_OF_RANGE],
    ["2 ** 32", { bytes: 2 ** 32 }, OUT_OF_RANGE],
    ["an unknown member", { outcome: "GOOD" }, INVALID_ARG_VALUE],
    ["a member that is no string", { outcome: 0 }, INVALID_ARG_TYPE],
    ["a label that is no string", { backend: 7 }, INVALID_ARG_TYPE],
    ["an empty array", { outcome: [] }, INVALID_ARG_VALUE],
    ["an array with one bad member", { outcome: ["OK", "GOOD"] }, INVALID_ARG_VALUE],
    ["an array in an array", { backend: [["s3"]] }, INVALID_ARG_TYPE],
    ["an array with a hole", { backend: new Array(1) }, INVALID_ARG_TYPE],
    ["a key", { user: "a" }, INVALID_ARG_VALUE],
    ["a label too long to be one", { backend: "x".repeat(1_025) }, INVALID_ARG_VALUE],
    ["a label with a lone surrogate", { backend: ["s3", "a\ud800"] }, INVALID_ARG_VALUE],
  ])("%s", (_, where, expected) => {
    const error = thrownBy(() => any(count)(Save, { where }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("options.where");
  });

  test("no label that an event can have", () => {
    for (const backend of ["", "\0", "x".repeat(1_024), "😀".repeat(512)]) {
      expect(any(count)(Save, { where: { backend } })).toMatchObject({
        sources: [{ where: [{ fieldName: "backend", values: [backend] }] }],
      });
    }
  });
});

describe("histogram refuses buckets", () => {
  test.each([
    ["absent", undefined, INVALID_ARG_TYPE],
    ["null", null, INVALID_ARG_TYPE],
    ["a number", 5, INVALID_ARG_TYPE],
    ["none", [], INVALID_ARG_VALUE],
    ["1 001", Array.from({ length: 1_001 }, (_, index) => index), INVALID_ARG_VALUE],
    ["unsorted", [2, 1], INVALID_ARG_VALUE],
    ["duplicates", [1, 1], INVALID_ARG_VALUE],
    ["0 and -0, which are equal", [-0, 0], INVALID_ARG_VALUE],
    ["Infinity", [1, Number.POSITIVE_INFINITY], OUT_OF_RANGE],
    ["NaN", [Number.NaN], OUT_OF_RANGE],
    ["text", ["1"], INVALID_ARG_TYPE],
    ["a bigint", [1n], INVALID_ARG_TYPE],
    ["a hole", new Array(1), INVALID_ARG_TYPE],
  ])("%s", (_, buckets, expected) => {
    const error = thrownBy(() => any(histogram)(Save, "ms", { buckets }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("options.buckets");
  });

  test("but takes 1 000 of them, and does not follow the array", () => {
    const buckets = Array.from({ length: 1_000 }, (_, index) => index - 500);
    const dimension = histogram(Save, "ms", { buckets });
    buckets[0] = 7;
    expect(dimension.aggregation).toMatchObject({ buckets: [-500, ...buckets.slice(1)] });
  });
});

describe("upDown refuses", () => {
  test.each([
    ["no array", undefined, INVALID_ARG_TYPE],
    ["no steps", [], INVALID_ARG_VALUE],
    ["a class without its step", [[Save]], INVALID_ARG_TYPE],
    ["a class alone", [Save], INVALID_ARG_TYPE],
    ["a hole", new Array(1), INVALID_ARG_TYPE],
    ["a triple", [[Save, 1, 2]], INVALID_ARG_TYPE],
    ["text as step", [[Save, "1"]], INVALID_ARG_TYPE],
    ["NaN as step", [[Save, Number.NaN]], OUT_OF_RANGE],
    ["Infinity as step", [[Save, Number.NEGATIVE_INFINITY]], OUT_OF_RANGE],
  ])("%s", (_, steps, expected) => {
    const error = thrownBy(() => any(upDown)(steps));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("steps");
  });

  test("a condition on a field that not all its classes declare alike", () => {
    const Other = defineMetricEvent("other", { cached: boolean(), outcome: oneOf("OK") });
    const steps = [
      [Save, 1],
      [Other, -1],
    ] as const;
    expect(any(upDown)(steps, { where: { cached: true } })).toBeDefined();
    expect(thrownBy(() => any(upDown)(steps, { where: { outcome: "OK" } }))).toMatchObject(
      INVALID_ARG_VALUE,
    );
    expect(thrownBy(() => any(upDown)(steps, { where: { backend: "s3" } }))).toMatchObject(
      INVALID_ARG_VALUE,
    );
  });
});

describe("defineMetric", () => {
  test.each([
    ["an absent name", undefined, { a: count(Save) }, INVALID_ARG_TYPE],
    ["a blank name", " ", { a: count(Save) }, INVALID_ARG_VALUE],
    ["no dimensions", "m", undefined, INVALID_ARG_TYPE],
    ["null", "m", null, INVALID_ARG_TYPE],
    ["an array", "m", [count(Save)], INVALID_ARG_TYPE],
    ["an empty object", "m", {}, INVALID_ARG_VALUE],
    ["a blank dimension name", "m", { " ": count(Save) }, INVALID_ARG_VALUE],
    ["a lone surrogate in its name", "m\ud800", { a: count(Save) }, INVALID_ARG_VALUE],
    ["a lone surrogate in a dimension's", "m", { "a\udc00": count(Save) }, INVALID_ARG_VALUE],
    ["something that is no aggregation", "m", { a: Save }, INVALID_ARG_TYPE],
    ["an aggregation not called", "m", { a: count }, INVALID_ARG_TYPE],
  ])("refuses %s", (_, name, dimensions, expected) => {
    expect(thrownBy(() => any(defineMetric)(name, dimensions))).toMatchObject(expected);
  });

  test("gives a frozen definition that does not follow what it was made of", () => {
    const dimensions: Record<string, Dimension> = { total: count(Save) };
    const metric = defineMetric(" saves ", dimensions);
    dimensions.more = count(Save);
    expect(metric.metricName).toBe("saves");
    expect(Object.keys(metric.dimensions)).toEqual(["total"]);
    expect(Object.isFrozen(metric) && Object.isFrozen(metric.dimensions)).toBe(true);
  });
});
