import { describe, expect, test } from "vitest";
import { changesOf, MOST_CHANGE, rounded, warningOf } from "../../bench/guard/comparison.js";

describe("the guard of the benchmarks", () => {
  test("says nothing of rows within 15 % of the record, in either direction", () => {
    const recorded = { a: 100, b: 2, c: 7.5 };
    expect(changesOf(recorded, { a: 115, b: 1.71, c: 7.5 })).toEqual([]);
    expect(MOST_CHANGE).toBe(0.15);
  });

  test.each([
    [116, "warning: a: 100 recorded, now 116 (+16 %)"],
    [84, "warning: a: 100 recorded, now 84 (-16 %)"],
    [Number.NaN, "warning: a: 100 recorded, now NaN (NaN %)"],
    [0, "warning: a: 100 recorded, now 0 (-100 %)"],
  ])("warns of a row of 100 that is %s now", (now, warning) => {
    const changes = changesOf({ a: 100, b: 1 }, { a: now, b: 1 });
    expect(changes.map(warningOf)).toEqual([warning]);
  });

  test("warns of rows that have come or gone", () => {
    const changes = changesOf({ a: 1, gone: 2 }, { a: 1, come: 3 });
    expect(changes.map(warningOf)).toEqual([
      "warning: gone: recorded 2, now not measured",
      "warning: come: not recorded, now 3",
    ]);
  });

  test("records three digits", () => {
    expect(
      rounded(
        new Map([
          ["a", 1234.5],
          ["b", 0.012345],
        ]),
      ),
    ).toEqual({ a: 1230, b: 0.0123 });
  });
});
