/** The bucket of a value among explicit bounds, against a look at one after the other. */
import { describe, expect, test } from "vitest";
import { BucketFinder } from "../../src/instruments/bucket-finder.js";
import { seededRandom } from "../support/seeded-random.js";

const bits = new BigInt64Array(1);
const number = new Float64Array(bits.buffer);

/** The number that is `distance` numbers above, by value: 0 and -0 are one. */
function beside(value: number, distance: number): number {
  number[0] = value + 0;
  const itsBits = bits[0] ?? 0n;
  // In the order of the numbers; of negative ones the bits go the other way.
  const ordered = (itsBits < 0n ? -(itsBits & 0x7fff_ffff_ffff_ffffn) : itsBits) + BigInt(distance);
  bits[0] = ordered < 0n ? -ordered : ordered;
  return ordered < 0n ? -(number[0] ?? 0) : (number[0] ?? 0);
}

function scan(bounds: readonly number[], value: number): number {
  const found = bounds.findIndex((bound) => bound >= value);
  return found < 0 ? bounds.length : found;
}

const EVERYWHERE = [
  0,
  -0,
  1,
  -1,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2 ** -1_022,
  beside(2 ** -1_022, -1),
  -(2 ** -1_022),
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  1e-300,
  -1e-300,
  1e300,
  -1e300,
  Number.EPSILON,
  Number.MAX_SAFE_INTEGER,
];

function wrongIn(bounds: readonly number[], values: readonly number[] = []): unknown[] {
  for (const [index, bound] of bounds.entries()) {
    const ascending = index === 0 || (bounds[index - 1] ?? 0) < bound;
    if (!ascending || !Number.isFinite(bound)) throw new Error(`the test's own bounds: ${bound}`);
  }
  const finder = new BucketFinder(bounds);
  const atBounds = bounds.flatMap((bound) => [-2, -1, 0, 1, 2].map((n) => beside(bound, n)));
  const between = bounds.map((bound, index) => bound / 2 + (bounds[index + 1] ?? bound) / 2);
  return [...EVERYWHERE, ...atBounds, ...between, ...values]
    .filter(Number.isFinite)
    .map((value) => [value, finder.find(value), scan(bounds, value)])
    .filter(([, actual, expected]) => actual !== expected);
}

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
const range = (length: number, make: (n: number) => number) =>
  Array.from({ length }, (_, n) => make(n));

const BOUNDS: readonly [string, readonly number[]][] = [
  ["one, positive", [1]],
  ["one, negative", [-1]],
  ["0 alone", [0]],
  ["-0 alone", [-0]],
  ["the least positive number alone", [Number.MIN_VALUE]],
  ["the greatest negative number alone", [-Number.MIN_VALUE]],
  ["the greatest number alone", [Number.MAX_VALUE]],
  ["the least number alone", [-Number.MAX_VALUE]],
  ["0 and the numbers beside it", [-Number.MIN_VALUE, 0, Number.MIN_VALUE]],
  ["the ends of the numbers", [-Number.MAX_VALUE, 0, Number.MAX_VALUE]],
  ["the usual ones", [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]],
  ["integers from 0 on", range(20, (n) => n)],
  ["all negative", range(500, (n) => n - 500)],
  ["all negative and 0", range(501, (n) => n - 500)],
  ["both signs", range(1_000, (n) => (n - 500) / 7)],
  ["all positive, a thousand", range(1_000, (n) => n + 1)],
  ["a thousand in one octave", range(1_000, (n) => 1 + n / 1_000)],
  ["a thousand, one number beside the other", range(1_000, (n) => beside(1 - 2 ** -45, n))],
  ["a thousand beside each other, negative", range(1_000, (n) => beside(-3, n))],
  ["a thousand beside each other, across 0", range(1_000, (n) => beside(0, n - 500))],
  [
    "a thousand beside each other, at the greatest",
    range(1_000, (n) => beside(Number.MAX_VALUE, n - 999)),
  ],
  ["two beside each other", [5, beside(5, 1)]],
  ["powers of two, all of a side", range(1_000, (n) => 2 ** (n - 500))],
  ["subnormal ones", range(1_000, (n) => (n + 1) * Number.MIN_VALUE)],
  ["subnormal ones of every length", range(52, (n) => 2 ** (n - 1_074))],
  ["around where subnormal numbers end", range(1_000, (n) => beside(2 ** -1_022, n - 500))],
  ["from the least to the greatest", [Number.MIN_VALUE, 1, Number.MAX_VALUE]],
  ["every second power of two there is", range(1_000, (n) => 2 ** (2 * n - 1_000))],
  [
    "few far apart and many close together",
    ascending([1e-300, 1e300, ...range(900, (n) => 7 + n / 1e6)]),
  ],
  ["at the ends of steps", range(64, (n) => 1 + n / 8)],
  [
    "beside the ends of steps",
    ascending(range(64, (n) => 1 + n / 8).flatMap((x) => [-1, 1].map((n) => beside(x, n)))),
  ],
];

describe("finds the first bound that is not below the value, among bounds that are", () => {
  test.each(BOUNDS)("%s", (_, bounds) => {
    expect(wrongIn(bounds)).toEqual([]);
  });

  test("1 … 1 000 of any magnitude and sign", () => {
    const random = seededRandom(11);
    const any = () => (random() < 0.3 ? -1 : 1) * 10 ** ((random() - 0.5) * 600) * random();
    const near = () => (random() - 0.3) * 100;
    for (const length of [1, 2, 3, 5, 8, 13, 40, 100, 300, 999, 1_000]) {
      for (const make of [any, near, () => (random() < 0.5 ? any() : near())]) {
        const bounds = ascending(range(length, make));
        expect(wrongIn(bounds, range(500, random() < 0.5 ? any : near))).toEqual([]);
      }
    }
  });
});
