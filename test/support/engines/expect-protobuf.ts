/** Whether the protobuf of an exposition says what snapshots say. */
import { expect } from "vitest";
import { type DecodedMetric, decodeFamilies } from "./decode-families.js";
import type { ExposedFamily, ExposedValue } from "./exposed-families.js";
import { saidUnit } from "./exposed-names.js";
import { bucketsOf, LEAST_NATIVE_SCALE } from "./exposed-samples.js";
import {
  byName,
  expectBegun,
  type Known,
  seriesKey,
  sortedSeries,
  typeName,
} from "./rendered-document.js";

export function expectProtobuf(
  bytes: Uint8Array,
  expected: readonly ExposedFamily[],
  { own, begun }: Known,
): void {
  const families = decodeFamilies(bytes).filter(
    ({ name, type }) => !own.has(type === "counter" ? name.replace(/_total$/, "") : name),
  );
  const told = families.map(({ metrics, ...family }) => ({
    ...family,
    series: sortedSeries(
      metrics.map((metric) => [labelsKey(metric), withSortedQuantiles(metric.value)]),
    ),
  }));
  const wanted = expected.map(({ name, type, help, unit, series }) => ({
    name: type === "counter" ? `${name}_total` : name,
    type: typeName(type),
    help,
    unit: saidUnit({ name, type, unit }),
    series: sortedSeries(
      series.map(({ labels, value }) => [
        seriesKey(labels),
        withSortedQuantiles(protobufValue(value)),
      ]),
    ),
  }));
  expect(byName(withoutSigns(told))).toEqual(byName(withoutSigns(wanted)));
  for (const { created } of families.flatMap(({ metrics }) => metrics)) {
    if (created !== undefined) expectBegun(created, begun);
  }
}

/** Snapshots have them in the order of JavaScript's objects, "0" and "1" first. */
function withSortedQuantiles(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("quantiles" in value)) return value;
  const quantiles = value.quantiles as readonly (readonly [number, number])[];
  return { ...value, quantiles: quantiles.toSorted(([a], [b]) => a - b) };
}

function labelsKey({ labels }: DecodedMetric): string {
  expect(new Set(labels.map(([name]) => name)).size).toBe(labels.length);
  return JSON.stringify(labels.toSorted());
}

/** Of zeros: whether a zero has one is nobody's business. */
function withoutSigns<T>(value: T): T {
  if (Object.is(value, -0)) return 0 as T;
  if (Array.isArray(value)) return value.map(withoutSigns) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withoutSigns(one)]),
  ) as T;
}

const ZERO_EXPONENT = -128;

function protobufValue(value: ExposedValue): unknown {
  if (typeof value === "number") return value;
  const { count, sum } = value;
  if ("quantiles" in value) {
    const quantiles = Object.entries(value.quantiles).map(([quantile, at]): [number, number] => [
      Number(quantile),
      at ?? Number.NaN,
    ]);
    return { count, sum, quantiles };
  }
  let below = 0;
  const buckets = bucketsOf(value).map(({ le, count }): [number, number] => {
    below += count;
    return [le, below];
  });
  if ("buckets" in value || value.scale < LEAST_NATIVE_SCALE) {
    return { count, sum, buckets, native: undefined };
  }
  const zeroIndex = Math.floor(ZERO_EXPONENT * 2 ** value.scale);
  let zeroCount = value.zeroCount;
  const side = ({ offset, counts }: typeof value.positive) =>
    counts.flatMap((count, i): [number, number][] => {
      const index = offset + i + 1;
      if (count === 0) return [];
      if (index > zeroIndex) return [[index, count]];
      zeroCount += count;
      return [];
    });
  const negative = side(value.negative);
  const positive = side(value.positive);
  const native = {
    schema: value.scale,
    zeroThreshold: 2 ** ZERO_EXPONENT,
    zeroCount,
    positive,
    negative,
    hasSpan: true,
  };
  return { count, sum, buckets, native };
}
