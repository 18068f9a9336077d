import {
  defineMetricEvent,
  exponentialHistogram,
  float64,
  histogram,
  quantiles,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", { ms: float64() });
const any = <Function extends (...args: never[]) => unknown>(one: Function) =>
  one as unknown as (...args: unknown[]) => unknown;

describe("exponentialHistogram", () => {
  test.each([
    ["1", 1, OUT_OF_RANGE],
    ["0", 0, OUT_OF_RANGE],
    ["-160", -160, OUT_OF_RANGE],
    ["4 097", 4_097, OUT_OF_RANGE],
    ["2.5", 2.5, OUT_OF_RANGE],
    ["NaN", Number.NaN, OUT_OF_RANGE],
    ["Infinity", Number.POSITIVE_INFINITY, OUT_OF_RANGE],
    ["text", "160", INVALID_ARG_TYPE],
    ["a bigint", 160n, INVALID_ARG_TYPE],
    ["null", null, INVALID_ARG_TYPE],
    ["true", true, INVALID_ARG_TYPE],
  ])("refuses a maxSize of %s", (_, maxSize, expected) => {
    const error = thrownBy(() => any(exponentialHistogram)(Save, "ms", { maxSize }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options.maxSize"');
  });

  test("has 160 buckets for each sign unless told otherwise", () => {
    const expected = { kind: "exponentialHistogram", maxSize: 160 };
    expect(exponentialHistogram(Save, "ms").aggregation).toEqual(expected);
    expect(exponentialHistogram(Save, "ms", {}).aggregation).toEqual(expected);
    expect(exponentialHistogram(Save, "ms", { maxSize: undefined }).aggregation).toEqual(expected);
    for (const maxSize of [2, 4_096]) {
      expect(exponentialHistogram(Save, "ms", { maxSize }).aggregation).toMatchObject({ maxSize });
    }
  });
});

describe("quantiles", () => {
  test.each([
    ["absent", undefined, INVALID_ARG_TYPE],
    ["null", null, INVALID_ARG_TYPE],
    ["a number", 0.5, INVALID_ARG_TYPE],
    ["a set", new Set([0.5]), INVALID_ARG_TYPE],
    ["none", [], INVALID_ARG_VALUE],
    ["101", Array.from({ length: 101 }, (_, index) => index / 101), INVALID_ARG_VALUE],
    ["one twice", [0.5, 0.9, 0.5], INVALID_ARG_VALUE],
    ["0 and -0, which are equal", [0, -0], INVALID_ARG_VALUE],
    ["one below 0", [-Number.MIN_VALUE], OUT_OF_RANGE],
    ["one above 1", [0.5, 1 + Number.EPSILON], OUT_OF_RANGE],
    ["percents", [50, 99], OUT_OF_RANGE],
    ["NaN", [Number.NaN], OUT_OF_RANGE],
    ["text", ["0.5"], INVALID_ARG_TYPE],
    ["a bigint", [1n], INVALID_ARG_TYPE],
    ["null among them", [0.5, null], INVALID_ARG_TYPE],
    ["a hole", new Array(1), INVALID_ARG_TYPE],
  ])("refuses quantiles: %s", (_, asked, expected) => {
    const error = thrownBy(() => any(quantiles)(Save, "ms", { quantiles: asked }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options.quantiles');
  });

  test("refuses to be called without options", () => {
    expect(thrownBy(() => any(quantiles)(Save, "ms"))).toMatchObject(INVALID_ARG_TYPE);
  });

  test.each([
    ["0", 0, OUT_OF_RANGE],
    ["1", 1, OUT_OF_RANGE],
    ["-1", -1, OUT_OF_RANGE],
    ["less than 1e-4", 0.0000999, OUT_OF_RANGE],
    ["NaN", Number.NaN, OUT_OF_RANGE],
    ["Infinity", Number.POSITIVE_INFINITY, OUT_OF_RANGE],
    ["text", "0.1", INVALID_ARG_TYPE],
    ["a bigint", 1n, INVALID_ARG_TYPE],
    ["null", null, INVALID_ARG_TYPE],
  ])("refuses a relativeError of %s", (_, relativeError, expected) => {
    const error = thrownBy(() => any(quantiles)(Save, "ms", { quantiles: [0.5], relativeError }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"options.relativeError"');
  });

  test("answer to within one percent unless told otherwise, and do not follow the array", () => {
    const asked = [0.9, 0, 1, 0.5];
    const { aggregation } = quantiles(Save, "ms", { quantiles: asked, relativeError: undefined });
    asked.pop();
    expect(aggregation).toEqual({
      kind: "quantiles",
      quantiles: [0.9, 0, 1, 0.5],
      relativeError: 0.01,
    });
    for (const relativeError of [1e-4, 0.999]) {
      const options = { quantiles: [0.5], relativeError };
      expect(quantiles(Save, "ms", options).aggregation).toMatchObject({ relativeError });
    }
  });
});

test.each([
  [histogram, "maxSize"],
  [histogram, "quantiles"],
  [exponentialHistogram, "buckets"],
  [exponentialHistogram, "relativeError"],
  [quantiles, "buckets"],
  [quantiles, "maxSize"],
])("an option of another distribution is unknown: %o, %s", (make, name) => {
  const options = { buckets: [1], quantiles: [0.5], maxSize: 160, relativeError: 0.1 };
  const own = make === histogram ? ["buckets"] : make === quantiles ? ["quantiles"] : [];
  const given = Object.entries(options).filter(([key]) => key === name || own.includes(key));
  const error = thrownBy(() => any(make)(Save, "ms", Object.fromEntries(given)));
  expect(error).toMatchObject(INVALID_ARG_VALUE);
  expect(error.message).toContain(`"options.${name}"`);
});
