import {
  boolean,
  count,
  type Dimension,
  defineMetric,
  defineMetricEvent,
  float64,
  histogram,
  label,
  oneOf,
  sum,
  uint32,
  type Where,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";

const Call = defineMetricEvent("call", {
  ms: float64(),
  status: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD", "LATE"),
  backend: label(),
});

type CallValues = Parameters<typeof Call>[0];
const CALLS: CallValues[] = [
  { ms: 1, status: 200, cached: true, outcome: "OK", backend: "s3" },
  { ms: 2, status: 200, cached: false, outcome: "OK", backend: "gcs" },
  { ms: 4, status: 404, cached: false, outcome: "BAD", backend: "s3" },
  { ms: 8, status: 503, cached: true, outcome: "LATE", backend: "" },
  { ms: 16, status: 0, cached: false, outcome: "BAD", backend: "größe/😀" },
  { ms: 32, status: 2 ** 32 - 1, cached: false, outcome: "LATE", backend: "<overflow>" },
];

/** The dimensions after `CALLS`: each value tells by its bits which of them were counted. */
function valuesAfterCalls(dimensions: Record<string, Dimension>) {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("calls", dimensions));
  for (const values of CALLS) expect(recorder.registerEvent(Call(values))).toBe(true);
  return dimensionsOf(recorder, "calls");
}

const msWhere = (where: Where<typeof Call.fields> | undefined) => sum(Call, "ms", { where });

describe("where compares", () => {
  test("oneOf fields with one member or any of several", () => {
    expect(
      valuesAfterCalls({
        one: msWhere({ outcome: "OK" }),
        several: msWhere({ outcome: ["LATE", "OK"] }),
        same_twice: msWhere({ outcome: ["BAD", "BAD"] }),
        all: msWhere({ outcome: ["OK", "BAD", "LATE"] }),
      }),
    ).toEqual({ one: 3, several: 1 + 2 + 8 + 32, same_twice: 4 + 16, all: 63 });
  });

  test("boolean fields", () => {
    expect(
      valuesAfterCalls({
        yes: msWhere({ cached: true }),
        no: msWhere({ cached: false }),
        either: msWhere({ cached: [true, false] }),
      }),
    ).toEqual({ yes: 1 + 8, no: 2 + 4 + 16 + 32, either: 63 });
  });

  test("uint32 fields over their whole range", () => {
    expect(
      valuesAfterCalls({
        one: msWhere({ status: 200 }),
        several: msWhere({ status: [503, 404, 1] }),
        zero: msWhere({ status: 0 }),
        largest: msWhere({ status: 2 ** 32 - 1 }),
        none: msWhere({ status: 7 }),
      }),
    ).toEqual({ one: 3, several: 12, zero: 16, largest: 32, none: 0 });
  });

  test("label fields, any text", () => {
    expect(
      valuesAfterCalls({
        one: msWhere({ backend: "s3" }),
        several: msWhere({ backend: ["gcs", "", "größe/😀"] }),
        never_seen: msWhere({ backend: "azure" }),
        overflow: msWhere({ backend: "<overflow>" }),
      }),
    ).toEqual({ one: 5, several: 2 + 8 + 16, never_seen: 0, overflow: 32 });
  });
});

describe("where", () => {
  test("takes only events for which every condition holds", () => {
    expect(
      valuesAfterCalls({
        two: msWhere({ outcome: "OK", cached: false }),
        four: msWhere({ outcome: ["BAD", "LATE"], cached: false, status: [404, 0], backend: "s3" }),
        contradiction: msWhere({ outcome: "OK", backend: "" }),
      }),
    ).toEqual({ two: 2, four: 4, contradiction: 0 });
  });

  test("without a condition takes every event", () => {
    expect(
      valuesAfterCalls({
        absent: msWhere(undefined),
        empty: msWhere({}),
        undefined: msWhere({ outcome: undefined }),
      }),
    ).toEqual({ absent: 63, empty: 63, undefined: 63 });
  });

  test("works for every aggregation", () => {
    const values = valuesAfterCalls({
      total: count(Call, { where: { outcome: "BAD" } }),
      ms: histogram(Call, "ms", { buckets: [4], where: { outcome: "BAD" } }),
    });
    expect(values.total).toBe(2);
    expect(values.ms).toMatchObject({ count: 2, sum: 20, min: 4, max: 16 });
  });
});
