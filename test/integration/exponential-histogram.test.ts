import {
  defineMetric,
  defineMetricEvent,
  type ExponentialHistogramSnapshot,
  exponentialHistogram,
  float64,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";

const Measured = defineMetricEvent("measured", { value: float64() });

function histogramOf(values: readonly number[], maxSize?: number): ExponentialHistogramSnapshot {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(
    defineMetric("m", { histogram: exponentialHistogram(Measured, "value", { maxSize }) }),
  );
  const emit = recorder.emitter(Measured, ["value"]);
  expect(values.filter((value) => !emit(value))).toEqual([]);
  return dimensionsOf(recorder, "m").histogram as ExponentialHistogramSnapshot;
}

const MOST_SCALE = 8;

/** The definition in whole numbers: index = ceil(log2(|value|) * 2^scale) - 1. */
function indexOf(value: number, scale: number): number {
  if (scale < 0) return Math.floor(indexOf(value, 0) / 2 ** -scale);
  let exponent = 0;
  let mantissa = Math.abs(value);
  while (mantissa >= 2 ** 53) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  while (!Number.isInteger(mantissa)) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  let power = BigInt(mantissa);
  for (let n = 0; n < scale; n++) power *= power;
  // ceil(log2(n)) is the number of binary digits of n - 1.
  const digits = power === 1n ? 0 : (power - 1n).toString(2).length;
  return digits + exponent * 2 ** scale - 1;
}

function modelOf(values: readonly number[], maxSize = 160): ExponentialHistogramSnapshot {
  const signs = [values.filter((value) => value > 0), values.filter((value) => value < 0)];
  const finest = signs.map((some) => some.map((value) => indexOf(value, MOST_SCALE)));
  let scale = MOST_SCALE;
  const indexesAtScale = () =>
    finest.map((indexes) => indexes.map((index) => index >> (MOST_SCALE - scale)));
  while (indexesAtScale().some((indexes) => Math.max(...indexes) - Math.min(...indexes) >= maxSize))
    scale--;
  const [positive = [], negative = []] = indexesAtScale();
  return {
    scale,
    zeroCount: values.filter((value) => value === 0).length,
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
    count: values.length,
    sum: values.reduce((total, value) => total + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

function bucketsOf(indexes: readonly number[]) {
  if (indexes.length === 0) return { offset: 0, counts: [] };
  const offset = Math.min(...indexes);
  const counts = new Array<number>(Math.max(...indexes) - offset + 1).fill(0);
  for (const index of indexes) counts[index - offset] = (counts[index - offset] ?? 0) + 1;
  return { offset, counts };
}

test("empty: the finest scale, no buckets, null for min and max", () => {
  expect(histogramOf([])).toEqual({
    scale: 8,
    zeroCount: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
    count: 0,
    sum: 0,
    min: null,
    max: null,
  });
});

describe("agrees with its definition in whole numbers", () => {
  const random = seededRandom(1);
  const many = (make: () => number) => Array.from({ length: 1_500 }, make);
  const anyDouble = () => {
    const words = Uint32Array.from([random() * 2 ** 32, random() * 2 ** 32]);
    const value = new Float64Array(words.buffer)[0] ?? 0;
    return Number.isFinite(value) ? value : 1;
  };
  test.each<[string, number[]]>([
    ["latencies", many(() => Math.exp(random() * 3))],
    ["numbers near one", many(() => 1 + (random() - 0.5) / 100)],
    ["both signs and zeros", many(() => Math.round((random() - 0.5) * 30) * random())],
    ["negative numbers only", many(() => -1 / (1e-9 + random()))],
    ["any doubles", many(anyDouble)],
    ["subnormal numbers", many(() => random() * 2 ** -1022)],
    ["zeros only", [0, 0, 0]],
    ["the extremes", [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 0]],
  ])("%s", (_, values) => {
    expect(histogramOf(values)).toEqual(modelOf(values));
  });

  test.each([2, 3, 7, 8, 9, 160, 320, 4_096])("with maxSize %i", (maxSize) => {
    const values = many(() => (random() - 0.2) * 10 ** (random() * 4));
    const snapshot = histogramOf(values, maxSize);
    expect(snapshot).toEqual(modelOf(values, maxSize));
    const size = Math.max(snapshot.positive.counts.length, snapshot.negative.counts.length);
    expect(size).toBeLessThanOrEqual(maxSize);
  });

  test("a power of two and its neighbours, at every scale down to -9", () => {
    const scales = new Set<number>();
    for (let wanted = 8; wanted >= -9; wanted--) {
      // A second value so far away that two buckets reach from the one to the other at this scale.
      const far = 2 ** (1.5 * 2 ** -wanted);
      for (const power of [0.5, 1, 2 ** 10]) {
        const values = [power * (1 - 2 ** -53), power, power * (1 + 2 ** -52), power * far];
        const snapshot = histogramOf(values, 3);
        expect(snapshot).toEqual(modelOf(values, 3));
        scales.add(snapshot.scale);
      }
    }
    expect([...scales]).toEqual(Array.from({ length: 18 }, (_, index) => 8 - index));
  });
});

describe("bounds include the upper end:", () => {
  test("powers of two are the last of their buckets", () => {
    const { scale, positive } = histogramOf([1, 2, 4, 8, 16], 5);
    expect({ scale, ...positive }).toEqual({ scale: 0, offset: -1, counts: [1, 1, 1, 1, 1] });
  });

  test("the next number up is in the next bucket", () => {
    const above = 1 + Number.EPSILON;
    const { scale, positive } = histogramOf([1, 1, above], 160);
    expect({ scale, ...positive }).toEqual({ scale: 8, offset: -1, counts: [2, 1] });
  });

  test("the smallest and the largest double have buckets at the coarsest scale", () => {
    const snapshot = histogramOf([Number.MIN_VALUE, 1, 2, Number.MAX_VALUE], 2);
    expect(snapshot).toMatchObject({
      scale: -11,
      positive: { offset: -1, counts: [2, 2] },
      min: Number.MIN_VALUE,
      max: Number.MAX_VALUE,
    });
  });
});

test("the counts add up to count, and the outermost buckets have min and max in them", () => {
  const random = seededRandom(2);
  const values = Array.from({ length: 5_000 }, () => (random() - 0.5) * 10 ** (random() * 20 - 10));
  const { scale, zeroCount, positive, negative, count, min, max } = histogramOf([...values, 0]);
  const total = [...positive.counts, ...negative.counts].reduce((a, b) => a + b, zeroCount);
  expect(total).toBe(5_001);
  expect(count).toBe(5_001);
  const bound = (index: number) => 2 ** (index * 2 ** -scale);
  for (const [{ offset, counts }, largest] of [
    [positive, max],
    [negative, -(min ?? 0)],
  ] as const) {
    const end = offset + counts.length;
    expect(bound(end - 1)).toBeLessThan(largest ?? 0);
    expect(bound(end)).toBeGreaterThanOrEqual(largest ?? 0);
  }
});

test("0 and -0 are zeros, in no bucket", () => {
  expect(histogramOf([-0, 0, 0])).toMatchObject({
    zeroCount: 3,
    positive: { counts: [] },
    negative: { counts: [] },
    count: 3,
  });
});

test("a uint32 field is taken in full", () => {
  const Sized = defineMetricEvent("sized", { bytes: uint32() });
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("m", { bytes: exponentialHistogram(Sized, "bytes") }));
  const values = [0, 1, 2 ** 31, 2 ** 32 - 1];
  for (const bytes of values) recorder.registerEvent(Sized({ bytes }));
  expect(dimensionsOf(recorder, "m").bytes).toEqual(modelOf(values));
});
