/**
 * Metric definitions that no function of this package has made, or that were changed after it had: in
 * a process of their own, since what they must not do is end it.
 */
import {
  boolean,
  count,
  Dimension,
  defineMetricEvent,
  float64,
  histogram,
  label,
  MetricDefinition,
  quantiles,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", {
  ms: float64(),
  cached: boolean(),
  size: uint32(),
  place: label(),
});

describe("a forged definition is refused, the process lives and the other metrics go on:", () => {
  test.each([
    "inherits, with groups that are no fields",
    "groups that are no fields",
    "an aggregation that there is not",
    "buckets that are none",
    "no room for a bucket",
    "sources that are none",
    "another field",
    "a condition on no field",
    "a further condition",
    "a further value",
    "another type of event",
    "other fields of an event",
  ])("%s", async (way) => {
    const { code, signal, stdout, stderr } = await runFixture("forged-definition.mjs", [way]);
    expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
    expect(JSON.parse(stdout)).toEqual({
      thrown: "TypeError",
      snapshots: { before: { name: "before", dimensions: { total: 10 } } },
    });
  });
});

test.each<[string, Dimension]>([
  ["count", count(Save, { where: { cached: true, place: ["a", "b"] }, by: ["place"] })],
  ["histogram", histogram(Save, "ms", { buckets: [1, 2], where: { size: [1, 2] } })],
  ["quantiles", quantiles(Save, "ms", { quantiles: [0.5], by: ["cached", "size"] })],
])("a dimension is frozen all the way down: %s", (_, dimension) => {
  expect(openObjectsIn(dimension)).toEqual([]);
});

test.each<[string, () => unknown]>([
  ["a Dimension of nothing", () => new (Dimension as unknown as new () => unknown)()],
  ["a Dimension of an empty object", () => new Dimension({} as never, {} as never)],
  ["a MetricDefinition of nothing", () => new (MetricDefinition as unknown as new () => unknown)()],
  [
    "a MetricDefinition of what is none",
    () => new MetricDefinition(7 as never, "m", { a: 7 } as never),
  ],
])("nobody can construct %s", (_, construct) => {
  const error = thrownBy(construct);
  expect(error.name).toBe("TypeError");
  expect(error.message).toMatch(/defineMetric|count/);
});

/** The paths of what is not frozen. */
function openObjectsIn(value: unknown, path = "dimension"): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, one]) => openObjectsIn(one, `${path}.${key}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}
