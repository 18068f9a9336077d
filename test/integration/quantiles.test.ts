import {
  defineMetric,
  defineMetricEvent,
  float64,
  type QuantilesSnapshot,
  quantiles,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";

const Measured = defineMetricEvent("measured", { value: float64() });
const QUANTILES = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1];

function quantilesOf(
  values: readonly number[],
  options: { quantiles: readonly number[]; relativeError?: number } = { quantiles: QUANTILES },
): QuantilesSnapshot {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: values.length + 1 });
  recorder.registerMetric(defineMetric("m", { value: quantiles(Measured, "value", options) }));
  const emit = recorder.emitter(Measured, ["value"]);
  expect(values.filter((value) => !emit(value))).toEqual([]);
  return dimensionsOf(recorder, "m").value as QuantilesSnapshot;
}

/** The q-quantile of n values is the one with floor(q * (n - 1)) values before it. */
function exactQuantile(sorted: readonly number[], q: number): number {
  return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
}

const random = seededRandom(5);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const DATA: [name: string, make: (index: number) => number][] = [
  ["log-normal", () => Math.exp(1 + 1.5 * normal())],
  ["bimodal", () => (random() < 0.7 ? 2 + 0.1 * normal() : 9_000 + 300 * normal())],
  ["heavy-tailed", () => (1 - random()) ** -2],
  ["constant", () => 7.3],
  ["uniform of both signs", () => (random() - 0.4) * 100],
  ["negative", () => -Math.exp(2 * normal())],
  ["with many zeros", () => (random() < 0.6 ? 0 : normal())],
  ["ascending", (index) => index],
  ["of nine decades", () => 10 ** (random() * 9 - 4)],
  ["tiny", () => (1 + random()) * 2 ** -1000],
  ["huge", () => (random() - 0.5) * Number.MAX_VALUE],
];

describe("every quantile is within relativeError of the exact one, min and max are exact:", () => {
  test.each(DATA)("%s data", (_, make) => {
    const values = Array.from({ length: 8_000 }, (_, index) => make(index));
    const sorted = values.toSorted((a, b) => a - b);
    const snapshot = quantilesOf(values);
    expect(snapshot).toMatchObject({
      count: 8_000,
      sum: values.reduce((total, value) => total + value, 0),
      min: sorted[0],
      max: sorted[7_999],
    });
    expect(worstError(snapshot, sorted)).toBeLessThanOrEqual(0.01);
  });

  test.each([0.5, 0.1, 0.001, 0.0001])("a relativeError of %d", (relativeError) => {
    const values = Array.from({ length: 5_000 }, () => Math.exp(normal()));
    const snapshot = quantilesOf(values, { quantiles: QUANTILES, relativeError });
    const sorted = values.toSorted((a, b) => a - b);
    expect(worstError(snapshot, sorted)).toBeLessThanOrEqual(relativeError);
  });

  test.each([1, 2, 3, 10, 101])("of %i values", (size) => {
    const values = Array.from({ length: size }, (_, index) => (index * 37) % size);
    const sorted = values.toSorted((a, b) => a - b);
    const snapshot = quantilesOf(values);
    expect(worstError(snapshot, sorted)).toBeLessThanOrEqual(0.01);
    expect(snapshot.quantiles).toMatchObject({ 0: sorted[0], 1: sorted[size - 1] });
  });
});

/** How far the worst of `QUANTILES` is from the exact one, relative to it. */
function worstError({ quantiles }: QuantilesSnapshot, sorted: readonly number[]): number {
  const errors = QUANTILES.map((q) => {
    const exact = exactQuantile(sorted, q);
    const answer = quantiles[q] ?? Number.NaN;
    return answer === exact ? 0 : Math.abs(answer / exact - 1);
  });
  return Math.max(...errors);
}

test("empty: zeros, and null for everything that there is no value for", () => {
  expect(quantilesOf([], { quantiles: [0.5, 0.99] })).toEqual({
    count: 0,
    sum: 0,
    min: null,
    max: null,
    quantiles: { "0.5": null, "0.99": null },
  });
});

test("the keys of the quantiles are the numbers as text", () => {
  const asked = [0.5, 0.999, 1e-7, 1, 0, 0.1 + 0.2, Number.MIN_VALUE, 1 - Number.EPSILON / 2];
  const { quantiles } = quantilesOf([4, 4, 4], { quantiles: asked });
  expect(Object.keys(quantiles).sort()).toEqual(asked.map(String).sort());
  expect(Object.values(quantiles)).toEqual(asked.map(() => 4));
});

test("-0 as a quantile is 0", () => {
  expect(quantilesOf([1, 2], { quantiles: [-0] }).quantiles).toEqual({ "0": 1 });
});

test("as many as a hundred quantiles may be asked for at once", () => {
  const asked = Array.from({ length: 100 }, (_, index) => index / 99);
  const { quantiles } = quantilesOf([1, 3], { quantiles: asked });
  expect(Object.keys(quantiles)).toHaveLength(100);
  expect(asked.map((q) => quantiles[q])).toEqual(asked.map((q) => (q === 1 ? 3 : 1)));
});

test("the extremes of a double and both zeros are taken", () => {
  const values = [-Number.MAX_VALUE, -Number.MIN_VALUE, -0, 0, Number.MIN_VALUE, Number.MAX_VALUE];
  expect(quantilesOf(values, { quantiles: [0, 0.2, 0.5, 0.8, 1] })).toEqual({
    count: 6,
    sum: 0,
    min: -Number.MAX_VALUE,
    max: Number.MAX_VALUE,
    // Magnitudes below the smallest normal double count as zeros.
    quantiles: { 0: -Number.MAX_VALUE, 0.2: 0, 0.5: 0, 0.8: 0, 1: Number.MAX_VALUE },
  });
});

test("a uint32 field is taken in full", () => {
  const Sized = defineMetricEvent("sized", { bytes: uint32() });
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(
    defineMetric("m", { bytes: quantiles(Sized, "bytes", { quantiles: [0.5, 1] }) }),
  );
  for (const bytes of [0, 2 ** 31, 2 ** 32 - 1]) recorder.registerEvent(Sized({ bytes }));
  const { quantiles: answers } = dimensionsOf(recorder, "m").bytes as QuantilesSnapshot;
  expect(answers["1"]).toBe(2 ** 32 - 1);
  expect(Math.abs((answers["0.5"] ?? 0) / 2 ** 31 - 1)).toBeLessThanOrEqual(0.01);
});
