import { addon } from "../native/addon.js";

/** Where a number's bits are looked at; the words are little-endian wherever Node.js runs. */
const number = new Float64Array(1);
const words = new Int32Array(number.buffer);
const HIGH = 1;

const EXPONENT_SHIFT = 20;
const EXPONENT_BIAS = 1_023;
/** Buckets from a power of two to the next at scale 8: 2^8. */
const PART_BITS = 8;
/**
 * Mantissas in steps of 1/512, where bounds are at least ln 2 / 256 apart: so no step has two within
 * it.
 */
const STEPS = 512;
const STEP_SHIFT = 11;
/** Makes every subnormal number a normal one. */
const SUBNORMAL_BITS = 54;

// Tables that are there from the beginning, so that the engine takes them for constants.
/** The largest doubles not above 2^(j/256), and 2. */
const bounds = new Float64Array((1 << PART_BITS) + 1);
/** For each step how many bounds are below its first mantissa. */
const parts = new Uint16Array(STEPS);
/** By the exponent of a number, what makes a number from 1 to 2 of it. */
const factors = new Float64Array(2 * EXPONENT_BIAS + 1);

/** Before the first index is asked for. */
export function prepareExponentialIndex(): void {
  if (bounds[0] === 1) return;
  const exact = addon().exponentialBounds();
  for (let step = 0; step < STEPS; step++) {
    parts[step] = exact.findIndex((bound) => bound >= 1 + step / STEPS);
  }
  for (let exponent = 0; exponent < factors.length; exponent++) {
    factors[exponent] = 2 ** (EXPONENT_BIAS - exponent);
  }
  bounds.set(exact);
}

/**
 * The bucket of a number in a base-2 exponential histogram at scale 8, as
 * `native/core/aggregation/exponential_index.h` has it; at scale s it is `index >> (8 - s)`. Exact for
 * every number: integers and a table of bounds, no logarithm. On the hot path.
 *
 * @param magnitude finite and above 0
 */
export function exponentialIndex(magnitude: number): number {
  number[0] = magnitude;
  const high = words[HIGH] as number;
  const exponent = high >> EXPONENT_SHIFT;
  if (exponent === 0) return subnormalIndex(magnitude);
  const mantissa = magnitude * (factors[exponent] as number);
  const part = parts[(high >> STEP_SHIFT) & (STEPS - 1)] as number;
  // A bound belongs to the bucket below it.
  const last = mantissa > (bounds[part] as number) ? part : part - 1;
  return ((exponent - EXPONENT_BIAS) << PART_BITS) + last;
}

function subnormalIndex(magnitude: number): number {
  return exponentialIndex(magnitude * 2 ** SUBNORMAL_BITS) - (SUBNORMAL_BITS << PART_BITS);
}
