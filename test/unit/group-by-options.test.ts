import {
  boolean,
  count,
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

/** Each aggregation of `Save`, with options that are otherwise right. */
const EVERY_AGGREGATION: [name: string, make: (options: object) => unknown][] = [
  ["count", (options) => count(Save, options)],
  ["sum", (options) => sum(Save, "ms", options)],
  ["upDown", (options) => upDown([[Save, 1]], options)],
  ["min", (options) => min(Save, "ms", options)],
  ["max", (options) => max(Save, "ms", options)],
  ["mean", (options) => mean(Save, "ms", options)],
  ["last", (options) => last(Save, "ms", options)],
  ["histogram", (options) => histogram(Save, "ms", { buckets: [1], ...options })],
  ["exponentialHistogram", (options) => exponentialHistogram(Save, "ms", options)],
  ["quantiles", (options) => quantiles(Save, "ms", { quantiles: [0.5], ...options })],
  ["distinct", (options) => distinct(Save, "user", options)],
];

const BAD_BY: [name: string, by: unknown, expected: object, argument: string][] = [
  ["null", null, INVALID_ARG_TYPE, '"options.by"'],
  ["a string", "backend", INVALID_ARG_TYPE, '"options.by"'],
  ["a set", new Set(["backend"]), INVALID_ARG_TYPE, '"options.by"'],
  ["an object", { 0: "backend", length: 1 }, INVALID_ARG_TYPE, '"options.by"'],
  ["nothing", [], INVALID_ARG_VALUE, '"options.by"'],
  ["a number", [7], INVALID_ARG_TYPE, '"options.by[0]"'],
  ["undefined", ["cached", undefined], INVALID_ARG_TYPE, '"options.by[1]"'],
  ["null among names", [null], INVALID_ARG_TYPE, '"options.by[0]"'],
  ["a hole", new Array(1), INVALID_ARG_TYPE, '"options.by[0]"'],
  ["an array in an array", [["backend"]], INVALID_ARG_TYPE, '"options.by[0]"'],
  ["a field it does not have", ["backend", "zone"], INVALID_ARG_VALUE, '"options.by[1]"'],
  ["an inherited name", ["toString"], INVALID_ARG_VALUE, '"options.by[0]"'],
  ["__proto__", ["__proto__"], INVALID_ARG_VALUE, '"options.by[0]"'],
  ["eventType", ["eventType"], INVALID_ARG_VALUE, '"options.by[0]"'],
  ["a name in other letters", ["Backend"], INVALID_ARG_VALUE, '"options.by[0]"'],
  ["a float64", ["ms"], INVALID_ARG_VALUE, '"options.by[0]"'],
  ["a key", ["user"], INVALID_ARG_VALUE, '"options.by[0]"'],
  ["a field twice", ["backend", "cached", "backend"], INVALID_ARG_VALUE, '"options.by[2]"'],
];

const BAD_MAX_SERIES: [name: string, maxSeries: unknown, expected: object][] = [
  ["0", 0, OUT_OF_RANGE],
  ["-1", -1, OUT_OF_RANGE],
  ["1.5", 1.5, OUT_OF_RANGE],
  ["2 ** 20 + 1", 2 ** 20 + 1, OUT_OF_RANGE],
  ["NaN", Number.NaN, OUT_OF_RANGE],
  ["Infinity", Number.POSITIVE_INFINITY, OUT_OF_RANGE],
  ["text", "5", INVALID_ARG_TYPE],
  ["a bigint", 5n, INVALID_ARG_TYPE],
  ["a boolean", true, INVALID_ARG_TYPE],
  ["null", null, INVALID_ARG_TYPE],
];

describe.each(EVERY_AGGREGATION)("%s", (_, make) => {
  test.each(BAD_BY)("refuses by: %s", (_name, by, expected, argument) => {
    const error = thrownBy(() => make({ by }));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(argument);
  });

  test.each(BAD_MAX_SERIES)(
    "refuses a maxSeries of %s, with or without by",
    (_name, maxSeries, expected) => {
      for (const options of [{ maxSeries }, { maxSeries, by: ["backend"] }]) {
        const error = thrownBy(() => make(options));
        expect(error).toMatchObject(expected);
        expect(error.message).toContain('"options.maxSeries"');
      }
    },
  );

  test("refuses a condition on a key field", () => {
    const error = thrownBy(() => make({ where: { user: "a" } }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain('"options.where.user"');
  });

  test("refuses an option that it does not know, before everything else", () => {
    const error = thrownBy(() => make({ groupBy: ["backend"], by: 7, maxSeries: 0, where: 7 }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain('"options.groupBy"');
  });

  test("has 2 000 series unless told otherwise, and no by", () => {
    const absent = { where: undefined, by: undefined, maxSeries: undefined };
    expect(make({})).toMatchObject({ by: [], maxSeries: 2_000 });
    expect(make(absent)).toEqual(make({}));
    expect(make({ by: ["backend"], maxSeries: 1 })).toMatchObject({ maxSeries: 1 });
    expect(make({ by: ["backend"], maxSeries: 2 ** 20 })).toMatchObject({ maxSeries: 2 ** 20 });
  });

  test("takes every field that can be compared, and does not follow the array", () => {
    const by = ["outcome", "backend", "cached", "bytes"];
    const dimension = make({ by });
    by.pop();
    expect(dimension).toMatchObject({ by: ["outcome", "backend", "cached", "bytes"] });
    expect(Object.isFrozen((dimension as { by: unknown }).by)).toBe(true);
  });
});

describe("upDown refuses to group by a field that not all its classes declare alike:", () => {
  const fields = { same: boolean(), kind: oneOf("A", "B"), queue: label(), status: uint32() };
  const Other = defineMetricEvent("other", {
    status: boolean(),
    queue: label({ maxValues: 999 }),
    kind: oneOf("B", "A"),
    same: boolean(),
  });
  const Started = defineMetricEvent("started", { ...fields, only_here: boolean() });
  const group = (by: readonly string[], steps: readonly unknown[]) =>
    (upDown as unknown as (...args: unknown[]) => unknown)(steps, { by });

  test.each([
    ["another kind", "status"],
    ["another maxValues", "queue"],
    ["members in another order", "kind"],
    ["absent from the second class", "only_here"],
  ])("%s", (_, name) => {
    for (const steps of [
      [
        [Started, 1],
        [Other, -1],
      ],
      [
        [Other, -1],
        [Started, 1],
      ],
      [
        [Started, 1],
        [Started, 1],
        [Other, -1],
      ],
    ]) {
      const error = thrownBy(() => group(["same", name], steps));
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toContain('"options.by[1]"');
    }
  });

  test("but where it stands among the fields does not matter", () => {
    expect(
      group(
        ["same"],
        [
          [Started, 1],
          [Other, -1],
        ],
      ),
    ).toMatchObject({ by: ["same"] });
  });
});

test("by and maxSeries make a dimension another one, in the order of the fields too", () => {
  const dimensions = [
    count(Save),
    count(Save, { by: ["backend"] }),
    count(Save, { by: ["backend"], maxSeries: 7 }),
    count(Save, { by: ["backend", "cached"] }),
    count(Save, { by: ["cached", "backend"] }),
  ];
  const metric = defineMetric(
    "saves",
    Object.fromEntries(dimensions.map((one, n) => [`d${n}`, one])),
  );
  const told = Object.values(metric.dimensions).map(({ by, maxSeries }) =>
    JSON.stringify([by, maxSeries]),
  );
  expect(new Set(told).size).toBe(dimensions.length);
});
