import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { labelOrder } from "../../bench/versus/scaling/label-order.js";
import { pointsOf } from "../../bench/versus/scaling/points.js";
import { type Case, measureCurves } from "../../bench/versus/scaling/repetitions.js";
import { range, scalingParts } from "../../bench/versus/scaling/tables.js";

const one = (value: number) => ({ median: value, min: value, max: value });

describe("the repetitions of a curve", () => {
  const reading = (subject: string, at: number, ns: number, dropped: number) => ({
    subject,
    at,
    values: { ns, dropped },
  });

  test("come to the middle, the least and the greatest of each measure by itself", () => {
    const readings = [reading("a", 1, 30, 0), reading("a", 1, 10, 2), reading("a", 1, 20, 9)];
    expect(pointsOf(["ns", "dropped"], readings)).toEqual([
      {
        subject: "a",
        at: 1,
        values: { ns: { median: 20, min: 10, max: 30 }, dropped: { median: 2, min: 0, max: 9 } },
      },
    ]);
  });

  test("are told apart by subject and place, and keep the order of the first round", () => {
    const round = [reading("b", 1, 1, 0), reading("a", 1, 2, 0), reading("b", 10, 3, 0)];
    const points = pointsOf(["ns", "dropped"], [...round, ...round]);
    expect(points.map(({ subject, at }) => [subject, at])).toEqual([
      ["b", 1],
      ["a", 1],
      ["b", 10],
    ]);
  });
});

describe("the programs of a curve", () => {
  let folder = "";
  const program = (): string => join(folder, "program.mjs");
  const log = (): string => join(folder, "log");
  const calls = (): string => readFileSync(log(), "utf8");
  const caseOf = (subject: string, isPeer: boolean): Case => ({
    subject,
    at: 7,
    args: [subject, log()],
    isPeer,
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-scaling-"));
    writeFileSync(
      program(),
      `import { appendFileSync, readFileSync } from "node:fs";
      const [, , subject, log] = process.argv;
      appendFileSync(log, subject);
      const before = readFileSync(log, "utf8").length - 1;
      if (subject === "x" && before > 1) {
        console.error("warning\\nRangeError: too many series\\n  at x");
        process.exit(1);
      }
      console.log(JSON.stringify({ before }));`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("run by turns, three times each", async () => {
    const { points, leftOut } = await measureCurves(
      program(),
      ["before"],
      [caseOf("a", false), caseOf("b", true)],
    );
    expect(calls()).toBe("ababab");
    expect(points.map(({ values }) => values.before)).toEqual([
      { median: 2, min: 0, max: 4 },
      { median: 3, min: 1, max: 5 },
    ]);
    expect(leftOut).toEqual([]);
  });

  test("a peer's that fails is not asked again, and its point is left out, with a line that says why", async () => {
    const { points, leftOut } = await measureCurves(
      program(),
      ["before"],
      [caseOf("a", false), caseOf("x", true)],
    );
    expect(calls()).toBe("axaxa");
    expect(points.map(({ subject }) => subject)).toEqual(["a"]);
    expect(leftOut).toEqual(["x, 7: left out (RangeError: too many series)"]);
  });

  test("ours that fails ends the run", async () => {
    await expect(
      measureCurves(program(), ["before"], [caseOf("a", false), caseOf("x", false)]),
    ).rejects.toThrow("x, 7: left out (RangeError: too many series)");
  });
});

describe("the order in which series are written", () => {
  test.each([100, 1_000, 100_000])("comes to each of %i as often as to any other", (series) => {
    const { slot, steps } = labelOrder(series);
    expect(steps).toBeGreaterThanOrEqual(2 ** 16);
    const times = new Uint32Array(series);
    for (const index of slot) times[index] = (times[index] ?? 0) + 1;
    expect(new Set(times)).toEqual(new Set([steps / series]));
  });

  test("is random, and the same each time", () => {
    const { slot } = labelOrder(1_000);
    expect(slot.join()).toBe(labelOrder(1_000).slot.join());
    const neighbours = slot.filter((index, step) => index === (slot[step - 1] ?? 0) + 1);
    expect(neighbours.length).toBeLessThan(slot.length / 100);
    expect(slot.subarray(0, 1_000).join()).not.toBe(slot.subarray(1_000, 2_000).join());
  });

  test("has other labels for each series", () => {
    const { methods, routes, shards, method, route, shard, slot, steps } = labelOrder(12_345);
    const seriesOf = new Map<string, number>();
    const mixed: string[] = [];
    for (let step = 0; step < steps; step++) {
      const labels = [
        methods[method[step] ?? -1],
        routes[route[step] ?? -1],
        shards[shard[step] ?? -1],
      ].join();
      if (!/^method-\d+,route-\d+,shard-\d+$/.test(labels)) mixed.push(labels);
      if ((seriesOf.get(labels) ?? slot[step]) !== slot[step]) mixed.push(labels);
      seriesOf.set(labels, slot[step] ?? -1);
    }
    expect(mixed).toEqual([]);
    expect(seriesOf.size).toBe(12_345);
  });
});

describe("the tables of the section scaling", () => {
  test("a figure has its range where that says more", () => {
    expect(range({ median: 12.345, min: 9.876, max: 20 })).toBe("12.3 (9.88–20)");
    expect(range({ median: 123_456, min: 123_455.6, max: 123_456.2 })).toBe("123456");
    expect(range(one(0))).toBe("0");
  });

  test("a series without a point leaves its cell empty, and what was left out is said", () => {
    const values = { nanoseconds: one(80), snapshotMs: one(2) };
    const text = scalingParts({
      threads: { points: [], leftOut: [] },
      series: {
        points: [
          { subject: "ours", at: 100, values },
          { subject: "theirs", at: 100, values },
          { subject: "ours", at: 1_000, values },
        ],
        leftOut: ["theirs, 1000: left out (no end within 60 s)"],
      },
      queue: { points: [], leftOut: [] },
    }).join("\n");
    expect(text).toMatch(/^\| 100 +\| 80 +\| 80 +\|$/m);
    expect(text).toMatch(/^\| 1000 +\| 80 +\| {2,}\|$/m);
    expect(text).toContain("- theirs, 1000: left out (no end within 60 s)");
  });
});
