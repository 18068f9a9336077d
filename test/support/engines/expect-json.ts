/** Whether the JSON of an exposition says what snapshots say. */
import { expect } from "vitest";
import type { ExposedFamily, ExposedValue } from "./exposed-families.js";
import type { FamilyType } from "./exposed-names.js";
import {
  byName,
  decodedText,
  expectBegun,
  type Known,
  seriesKey,
  sortedSeries,
} from "./rendered-document.js";

export interface JsonFamily {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly unit: string;
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly created: number;
    readonly value: unknown;
  }[];
}

export function jsonFamilies(bytes: Uint8Array): readonly JsonFamily[] {
  const { families } = JSON.parse(decodedText(bytes)) as { families: readonly JsonFamily[] };
  return families;
}

export function expectJson(
  bytes: Uint8Array,
  expected: readonly ExposedFamily[],
  { own, begun }: Known,
): void {
  const families = jsonFamilies(bytes).filter(({ name }) => !own.has(name));
  const told = families.map(({ series, ...family }) => ({
    ...family,
    series: sortedSeries(series.map(({ labels, value }) => [seriesKey(labels), numbersIn(value)])),
  }));
  const wanted = expected.map(({ series, ...family }) => ({
    ...family,
    series: sortedSeries(series.map(({ labels, value }) => [seriesKey(labels), jsonValue(value)])),
  }));
  expect(byName(told)).toEqual(byName(wanted));
  for (const { created } of families.flatMap(({ series }) => series)) expectBegun(created, begun);
}

function jsonValue(value: ExposedValue): unknown {
  if (typeof value === "number") return value + 0;
  const { count, sum } = value;
  if ("quantiles" in value) {
    const quantiles = Object.entries(value.quantiles).map(([quantile, at]) => [
      Number(quantile),
      at === null ? Number.NaN : at + 0,
    ]);
    return {
      count,
      sum: sum + 0,
      quantiles: quantiles.toSorted(([a = 0], [b = 0]) => Number(a) - Number(b)),
    };
  }
  if ("buckets" in value) {
    const buckets = value.buckets.map((bucket) => ({ ...bucket, le: bucket.le + 0 }));
    return { count, sum: sum + 0, buckets };
  }
  const { scale, zeroCount, positive, negative } = value;
  return { count, sum: sum + 0, scale, zeroCount, positive, negative };
}

const TEXTS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  "+Inf": Number.POSITIVE_INFINITY,
  "-Inf": Number.NEGATIVE_INFINITY,
};

/** With the numbers that JSON has as text. */
function numbersIn(value: unknown): unknown {
  if (typeof value === "string") return TEXTS[value] ?? value;
  if (Array.isArray(value)) return value.map(numbersIn);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => {
    if (key !== "quantiles") return [key, numbersIn(one)];
    const quantiles = Object.entries(one as object).map(([at, one]) => [
      Number(at),
      numbersIn(one),
    ]);
    return [key, quantiles.toSorted(([a], [b]) => Number(a) - Number(b))];
  });
  return Object.fromEntries(entries);
}
