import { describe, expect, test } from "vitest";
import { CLAIMS, judge } from "../../bench/versus/claims.js";
import { FLOOR, FLOOR_OF, FLOORS, OPERATIONS, OURS } from "../../bench/versus/operations.js";
import { overviewTable } from "../../bench/versus/overview.js";
import { compare, figureOf, peerWins, ratio } from "../../bench/versus/ratios.js";
import { claimTable, figureTable, winsOf } from "../../bench/versus/report.js";

const figure = (operation: string, subject: string, median: number) =>
  figureOf({ operation, subject }, [median]);

/** One slot costs 2, ours 5, theirs 300. */
const HELD = [
  figure(FLOORS.slot, FLOOR, 2),
  figure(OPERATIONS.counterHeld, OURS, 5),
  figure(OPERATIONS.counterHeld, "prom-client", 300),
];

describe("the ratios of bench:versus", () => {
  test("a figure is the median of its samples, beside the least and the 90th percentile", () => {
    const samples = [9, 1, 2, 8, 3, 7, 4, 6, 5, 100];
    expect(figureOf({ operation: "o", subject: "s" }, samples)).toEqual({
      operation: "o",
      subject: "s",
      median: 6,
      min: 1,
      p90: 100,
    });
  });

  test("a row is compared with the floor of its own operation, and a peer's with ours", () => {
    const [floor, ours, theirs] = compare(HELD);
    expect(floor).toEqual(HELD[0]);
    expect(ours).toEqual({ ...HELD[1], timesFloor: 2.5 });
    expect(theirs).toEqual({ ...HELD[2], timesFloor: 150, timesOurs: 60 });
  });

  test("every operation has a floor", () => {
    for (const operation of Object.values(OPERATIONS)) {
      expect(Object.values(FLOORS)).toContain(FLOOR_OF[operation]);
    }
  });

  test("nothing is divided by what was not measured, by 0, or by what is lost in noise", () => {
    expect(ratio(3, undefined)).toBeUndefined();
    expect(ratio(undefined, 3)).toBeUndefined();
    expect(ratio(3, 0)).toBeUndefined();
    expect(ratio(3, -1)).toBeUndefined();
    expect(compare(HELD, 10).some((row) => "timesOurs" in row || "timesFloor" in row)).toBe(false);
  });

  test("a row that a peer wins is said first", () => {
    const rows = compare([...HELD, figure(OPERATIONS.counterHeld, "hot-shots", 4)]);
    expect(peerWins(rows).map(({ subject }) => subject)).toEqual(["hot-shots"]);
    expect(winsOf(rows)).toContain(`hot-shots, ${OPERATIONS.counterHeld}: 0.8 of ours`);
    expect(winsOf(compare(HELD))).toContain("No peer");
  });
});

describe("the claims of bench:versus", () => {
  const held = CLAIMS.filter(({ text }) => text.includes(OPERATIONS.counterHeld));

  test("are about operations that are measured", () => {
    const known: string[] = [...Object.values(OPERATIONS), ...Object.values(FLOORS)];
    for (const { numerator, denominator } of CLAIMS) {
      expect(known).toContain(numerator[0]);
      expect(known).toContain(denominator[0]);
    }
  });

  test("are reached up to their limit, included", () => {
    expect(judge(held, HELD)).toMatchObject([
      { limit: "at most 3", measured: 2.5, ofMinima: 2.5, reached: true },
      { limit: "at least 50", measured: 60, reached: true },
    ]);
    const slower = HELD.map((row) => (row.subject === OURS ? { ...row, median: 6 } : row));
    expect(judge(held, slower)).toMatchObject([
      { measured: 3, reached: true },
      { measured: 50, reached: true },
    ]);
  });

  test("are judged by the medians, whatever the minima say", () => {
    const noisy = HELD.map((row) => (row.subject === OURS ? { ...row, min: 1 } : row));
    expect(judge(held, noisy)).toMatchObject([
      { measured: 2.5, ofMinima: 0.5 },
      { measured: 60, ofMinima: 300 },
    ]);
  });

  test("are not reached beyond it", () => {
    const slower = HELD.map((row) => (row.subject === OURS ? { ...row, median: 6.1 } : row));
    expect(judge(held, slower)).toMatchObject([{ reached: false }, { reached: false }]);
    expect(claimTable(judge(held, slower))).toContain("not reached");
  });

  test("are neither when a side is missing", () => {
    expect(judge(CLAIMS, []).map(({ reached }) => reached)).toEqual(CLAIMS.map(() => undefined));
    expect(claimTable(judge(CLAIMS, []))).toContain("not measured");
  });

  test("the exponential histogram is compared with the peer's explicit one", () => {
    const judged = judge(CLAIMS, [
      figure(OPERATIONS.exponentialHeld, OURS, 10),
      figure(OPERATIONS.histogramHeld, "prom-client", 300),
    ]);
    expect(judged.filter(({ reached }) => reached)).toMatchObject([{ measured: 30 }]);
  });
});

test("the overview has a row for each operation and a column for each subject", () => {
  const table = overviewTable("ns", compare(HELD), 1);
  expect(table).toContain("| x floor | prom-client |");
  expect(table).toMatch(/\| counter, held .*\| 2\.0 +\| \*\*5\.0\*\* +\| 2\.5 +\| 300 \(60x\) +\|/);
});

test("the table of figures has ratios with three digits", () => {
  const table = figureTable("ns", compare(HELD), 2);
  expect(table).toContain("| ns, median |");
  expect(table).toMatch(/\*\*metrics-runtime\*\* \| 5\.00 +\| 5\.00 +\| 5\.00 +\| 2\.5 /);
  expect(table).toMatch(/prom-client +\| 300\.00 .*\| 60 +\|/);
});
