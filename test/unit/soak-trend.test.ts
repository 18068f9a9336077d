import { describe, expect, test } from "vitest";
import { median, slopeOf, thirdsOf } from "../soak/trend.js";
import { seededRandom } from "../support/seeded-random.js";

const readings = (values: readonly number[]) => values.map((value, at) => ({ at, value }));

test("the median is the middle, or between the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

describe("the slope", () => {
  test("is that of a line", () => {
    expect(slopeOf(readings([1, 3, 5, 7, 9]))).toBe(2);
    expect(slopeOf(readings([5, 5, 5, 5]))).toBe(0);
  });

  test("of a line with noise is hardly another one, also where one reading is far off", () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 60 }, (_, at) => 2 * at + 10 * (random() - 0.5));
    values[7] = 100_000;
    expect(slopeOf(readings(values))).toBeCloseTo(2, 1);
  });
});

test("the thirds are told by their medians", () => {
  expect(thirdsOf(readings([1, 900, 2, 5, 5, 5, 8, 9, -900]))).toEqual([2, 8]);
});
