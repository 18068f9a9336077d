/** What is thrown by objects that the caller hands in, while a factory reads them. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  histogram,
  label,
  quantiles,
  sum,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { Seen, untyped } from "../support/misuse.js";
import { thrownBy } from "../support/thrown.js";

const boom = new Error("boom");
const throwing = () => {
  throw boom;
};
const getter = (key: string): object =>
  Object.defineProperty({}, key, { enumerable: true, get: throwing });
const trapped = (trap: "get" | "ownKeys", target: object): object =>
  new Proxy(target, { [trap]: throwing });

describe("factories let through, as it is, what they are thrown at:", () => {
  const values = { ms: 1, size: 1 };
  test.each<[string, () => unknown]>([
    ["an event's value", () => untyped(Seen)(Object.assign(getter("place"), values))],
    ["an event's values in a proxy", () => untyped(Seen)(trapped("ownKeys", values))],
    ["a field", () => untyped(defineMetricEvent)("e", getter("a"))],
    ["a field's kind", () => untyped(defineMetricEvent)("e", { a: getter("kind") })],
    ["fields in a proxy", () => untyped(defineMetricEvent)("e", trapped("ownKeys", {}))],
    ["label's maxValues", () => untyped(label)(getter("maxValues"))],
    ["a dimension", () => untyped(defineMetric)("m", getter("total"))],
    ["dimensions in a proxy", () => untyped(defineMetric)("m", trapped("ownKeys", {}))],
    ["where", () => untyped(count)(Seen, getter("where"))],
    ["a condition", () => untyped(count)(Seen, { where: getter("place") })],
    [
      "a condition's values",
      () => untyped(count)(Seen, { where: { place: trapped("get", ["a"]) } }),
    ],
    ["by", () => untyped(count)(Seen, getter("by"))],
    ["a name in by", () => untyped(count)(Seen, { by: trapped("get", ["place"]) })],
    ["maxSeries", () => untyped(count)(Seen, getter("maxSeries"))],
    ["an aggregation's options in a proxy", () => untyped(sum)(Seen, "ms", trapped("ownKeys", {}))],
    ["buckets", () => untyped(histogram)(Seen, "ms", getter("buckets"))],
    ["a bucket", () => untyped(histogram)(Seen, "ms", { buckets: trapped("get", [1]) })],
    ["quantiles", () => untyped(quantiles)(Seen, "ms", getter("quantiles"))],
    ["steps", () => untyped(upDown)(trapped("get", [[Seen, 1]]))],
    ["a step", () => untyped(upDown)([trapped("get", [Seen, 1])])],
  ])("%s", (_, make) => {
    expect(thrownBy(make)).toBe(boom);
  });
});
