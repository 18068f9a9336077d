/** The bucket of a number at scale 8 against its definition in whole numbers. */
import { describe, expect, test } from "vitest";
import {
  exponentialIndex,
  prepareExponentialIndex,
} from "../../src/instruments/exponential-index.js";
import { seededRandom } from "../support/seeded-random.js";

prepareExponentialIndex();

const bits = new BigUint64Array(1);
const number = new Float64Array(bits.buffer);

function bitsOf(value: number): bigint {
  number[0] = value;
  return bits[0] ?? 0n;
}

function numberOf(itsBits: bigint): number {
  bits[0] = itsBits;
  return number[0] ?? 0;
}

/** Above 0 and finite, up to `distance` numbers away. */
function around(value: number, distance = 1): number[] {
  const centre = bitsOf(value);
  return Array.from({ length: 2 * distance + 1 }, (_, n) => centre + BigInt(n - distance))
    .filter((each) => each > 0n && each < 0x7ff0_0000_0000_0000n)
    .map(numberOf);
}

const known = new Map<bigint, number>();

/** ceil(log2(x) * 256) - 1: of a whole number n, log2 of n^256 is at most its number of digits. */
function exactIndex(value: number): number {
  const its = bitsOf(value);
  const fraction = its & 0xf_ffff_ffff_ffffn;
  const biased = Number(its >> 52n);
  const whole = biased === 0 ? fraction : fraction | (1n << 52n);
  let digits = known.get(whole);
  if (digits === undefined) {
    // ceil(log2(n)) is the number of binary digits of n - 1.
    const hex = (whole ** 256n - 1n).toString(16);
    digits =
      whole === 1n ? 0 : 4 * hex.length - (Math.clz32(Number.parseInt(hex[0] ?? "", 16)) - 28);
    known.set(whole, digits);
  }
  return digits + (Math.max(biased, 1) - 1_075) * 256 - 1;
}

function wrongOf(values: readonly number[]): unknown[] {
  return values
    .map((value) => [value, exponentialIndex(value), exactIndex(value)])
    .filter(([, actual, expected]) => actual !== expected);
}

const EXPONENTS = [-1_022, -1_021, -700, -53, -2, -1, 0, 1, 2, 52, 53, 700, 1_022, 1_023];

describe("the index of a bucket is the exact one of", () => {
  test("1, 2 and their neighbours", () => {
    expect(exponentialIndex(1)).toBe(-1);
    expect(exponentialIndex(1 + Number.EPSILON)).toBe(0);
    expect(exponentialIndex(2)).toBe(255);
    expect(exponentialIndex(2 + 2 * Number.EPSILON)).toBe(256);
    expect(exponentialIndex(Number.MIN_VALUE)).toBe(-1_074 * 256 - 1);
    expect(exponentialIndex(Number.MAX_VALUE)).toBe(1_024 * 256 - 1);
  });

  test("every power of two and its neighbours", () => {
    const powers = Array.from({ length: 2_098 }, (_, n) => 2 ** (n - 1_074));
    const values = powers.flatMap((power) => around(power));
    expect(values).toHaveLength(3 * 2_098 - 1); // less 0
    expect(wrongOf(values)).toEqual([]);
  });

  test("each of the 256 bounds and its neighbours, over the exponents", () => {
    // Math.pow may be off by a few units in the last place: the bound is among those around it.
    const near = Array.from({ length: 257 }, (_, j) => around(2 ** (j / 256), 4));
    for (const [j, values] of near.entries()) {
      const [first, last] = [values.at(0) ?? 0, values.at(-1) ?? 0];
      expect([exactIndex(first), exactIndex(last)], `bound ${j}`).toEqual([j - 1, j]);
    }
    for (const exponent of EXPONENTS) {
      // In two steps: neither 2^-1022 nor 2^1023 times a number near 2 is to round.
      const values = near
        .slice(0, 256)
        .flat()
        .map((value) => value * 2 ** (exponent >> 1) * 2 ** (exponent - (exponent >> 1)))
        .filter((value) => value >= 2 ** -1_022);
      expect(wrongOf(values)).toEqual([]);
    }
  });

  test("subnormal numbers: the least, the greatest, of every length, at the bounds", () => {
    const random = seededRandom(3);
    const smallest = Array.from({ length: 1_000 }, (_, n) => (n + 1) * Number.MIN_VALUE);
    const lengths = Array.from({ length: 52 }, (_, n) => 2 ** (n - 1_074));
    const values = lengths.flatMap((length) => [
      ...around(length * (1 + random())),
      ...around(length * (1 + random())),
    ]);
    const bounds = Array.from({ length: 256 }, (_, j) => 2 ** (j / 256));
    const atBounds = [-1_023, -1_030, -1_050, -1_066].flatMap((exponent) =>
      bounds.flatMap((bound) => around(bound * 2 ** -511 * 2 ** (exponent + 511))),
    );
    expect(wrongOf([...smallest, ...values, ...atBounds, ...around(2 ** -1_022, 50)])).toEqual([]);
  });

  test("numbers of random bits", () => {
    const random = seededRandom(4);
    const values = Array.from({ length: 4_000 }, () =>
      numberOf(
        BigInt(Math.floor(random() * 2 ** 32)) * 2n ** 31n + BigInt(Math.floor(random() * 2 ** 31)),
      ),
    ).filter((value) => value > 0 && Number.isFinite(value));
    expect(values.length).toBeGreaterThan(3_900);
    expect(wrongOf(values)).toEqual([]);
  });
});

test("the index never goes down as numbers go up", () => {
  const random = seededRandom(5);
  let before = exponentialIndex(Number.MIN_VALUE);
  let bitsOfIt = 1n;
  while (bitsOfIt < 0x7fe0_0000_0000_0000n) {
    bitsOfIt += BigInt(Math.floor(random() * 2 ** 47)) + 1n;
    const index = exponentialIndex(numberOf(bitsOfIt));
    if (index < before) expect.fail(`${index} after ${before} at ${numberOf(bitsOfIt)}`);
    before = index;
  }
});
