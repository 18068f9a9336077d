import {
  boolean,
  count,
  defineMetric,
  defineMetricEvent,
  label,
  type MetricDefinition,
  type MetricEvent,
  oneOf,
  sum,
  uint32,
  upDown,
  type Where,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import * as acceptance from "../../dist/metrics/acceptance.js";

/** Of the built library, with the types of the sources. */
const acceptanceOf = acceptance.acceptanceOf as unknown as (
  metric: MetricDefinition,
) => (event: MetricEvent) => boolean;

const FIELDS = {
  n: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD", "LATE"),
  place: label(),
};
const Save = defineMetricEvent("save", FIELDS);
const Load = defineMetricEvent("load", FIELDS);
const save = (values: Partial<Parameters<typeof Save>[0]> = {}) =>
  Save({ n: 1, cached: false, outcome: "OK", place: "a", ...values });
const load = (values: Partial<Parameters<typeof Load>[0]> = {}) =>
  Load({ n: 1, cached: false, outcome: "OK", place: "a", ...values });

describe("a condition holds for the values it names and no others:", () => {
  test.each<[string, { readonly where?: Where<typeof FIELDS> }, object[], object[]]>([
    ["none", {}, [{}], []],
    ["a number", { where: { n: 7 } }, [{ n: 7 }], [{ n: 1 }, { n: 70 }]],
    ["0", { where: { n: 0 } }, [{ n: 0 }], [{ n: 1 }]],
    ["the largest", { where: { n: 2 ** 32 - 1 } }, [{ n: 2 ** 32 - 1 }], [{ n: 2 ** 31 - 1 }]],
    ["numbers", { where: { n: [7, 9] } }, [{ n: 7 }, { n: 9 }], [{ n: 8 }]],
    ["true", { where: { cached: true } }, [{ cached: true }], [{ cached: false }]],
    ["false", { where: { cached: false } }, [{ cached: false }], [{ cached: true }]],
    ["both", { where: { cached: [true, false] } }, [{ cached: true }, { cached: false }], []],
    ["a member", { where: { outcome: "BAD" } }, [{ outcome: "BAD" }], [{ outcome: "OK" }]],
    ["the first", { where: { outcome: "OK" } }, [{ outcome: "OK" }], [{ outcome: "LATE" }]],
    ["a label", { where: { place: "b" } }, [{ place: "b" }], [{ place: "B" }, { place: "" }]],
    ["an empty label", { where: { place: "" } }, [{ place: "" }], [{ place: "a" }]],
    [
      "several fields: all must",
      { where: { n: 7, cached: true, outcome: ["OK", "LATE"] } },
      [{ n: 7, cached: true, outcome: "LATE" }],
      [{ n: 7, cached: true, outcome: "BAD" }, { n: 7 }, { cached: true }],
    ],
  ])("%s", (_, options, accepted, refused) => {
    const accepts = acceptanceOf(defineMetric("m", { total: count(Save, options) }));
    for (const values of accepted) expect(accepts(save(values))).toBe(true);
    for (const values of refused) expect(accepts(save(values))).toBe(false);
    for (const values of accepted) expect(accepts(load(values))).toBe(false);
  });
});

test("some dimension is enough", () => {
  const accepts = acceptanceOf(
    defineMetric("m", {
      bad: count(Save, { where: { outcome: "BAD" } }),
      large: sum(Save, "n", { where: { n: [100, 200] } }),
      loads: count(Load, { where: { cached: true } }),
    }),
  );
  expect(accepts(save())).toBe(false);
  expect(accepts(save({ outcome: "BAD" }))).toBe(true);
  expect(accepts(save({ n: 200 }))).toBe(true);
  expect(accepts(load({ n: 200, outcome: "BAD" }))).toBe(false);
  expect(accepts(load({ cached: true }))).toBe(true);
});

test("every class of an upDown counts, whatever its step", () => {
  const accepts = acceptanceOf(
    defineMetric("m", {
      open: upDown(
        [
          [Save, +1],
          [Load, -1],
        ],
        { where: { place: "a" } },
      ),
    }),
  );
  expect([save(), load(), save({ place: "b" }), load({ place: "b" })].map(accepts)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("a class declared again is the same class", () => {
  const Again = defineMetricEvent("save", FIELDS);
  const accepts = acceptanceOf(
    defineMetric("m", { bad: count(Again, { where: { outcome: "BAD" } }) }),
  );
  expect([save({ outcome: "BAD" }), save()].map(accepts)).toEqual([true, false]);
});

test("what no event class has made is accepted by none", () => {
  const accepts = acceptanceOf(defineMetric("m", { total: count(Save) }));
  for (const value of [{ ...save() }, null, undefined, "save", new Proxy(save(), {})]) {
    expect(accepts(value as never)).toBe(false);
  }
});
