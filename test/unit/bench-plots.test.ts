import { describe, expect, test } from "vitest";
import { FLOOR, FLOORS, OPERATIONS, OURS } from "../../bench/versus/operations.js";
import { colorOf } from "../../bench/versus/plots/colors.js";
import { costPlot } from "../../bench/versus/plots/cost-plot.js";
import { legendOption, lineOption, shortNumber } from "../../bench/versus/plots/line-option.js";
import { linesOf } from "../../bench/versus/plots/plot.js";
import { plotsOf, writePlots } from "../../bench/versus/plots/write-plots.js";
import { compare, figureOf } from "../../bench/versus/ratios.js";
import { PRODUCERS } from "../../bench/versus/scaling/producers.js";
import { STREAMS } from "../../bench/versus/scaling/queue.js";

const spread = (median: number) => ({ median, min: median / 2, max: median * 3 });
const point = (subject: string, at: number, ns: number) => ({
  subject,
  at,
  values: { ns: spread(ns) },
});
const POINTS = [point("ours", 1, 8), point("theirs", 1, 80), point("ours", 10, 10)];
const PANEL = {
  title: "Cost",
  x: { name: "threads", scale: "log", base: 2 },
  y: { name: "ns", scale: "linear" },
  lines: linesOf(POINTS, "ns", colorOf),
} as const;

interface Bar {
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Drawn {
  readonly animation: boolean;
  readonly legend: readonly { readonly data: readonly string[] }[];
  readonly xAxis: readonly { readonly type: string; readonly name: string }[];
  readonly yAxis: readonly { readonly type: string; readonly name: string }[];
  readonly series: readonly {
    readonly type: string;
    readonly name: string;
    readonly xAxisIndex: number;
    readonly data: readonly (readonly (number | string)[])[];
    readonly renderItem?: (item: unknown, place: object) => { readonly shape: Bar };
  }[];
}

describe("the lines of a plot", () => {
  test("are one for each subject, with its points in order", () => {
    const [ours, theirs] = PANEL.lines;
    expect(ours?.points).toEqual([
      { x: 1, median: 8, min: 4, max: 24 },
      { x: 10, median: 10, min: 5, max: 30 },
    ]);
    expect(theirs).toMatchObject({ name: "theirs", points: [{ x: 1, median: 80 }] });
  });

  test("have the medians, the ranges and the axes of their panel", () => {
    const { animation, legend, xAxis, yAxis, series } = lineOption(
      "Title",
      [PANEL, PANEL],
      800,
    ) as Drawn;
    expect(animation).toBe(false);
    expect(legend.map(({ data }) => data)).toEqual([["ours", "theirs"]]);
    expect(xAxis).toMatchObject([
      { type: "log", logBase: 2, name: "threads", gridIndex: 0 },
      { type: "log", logBase: 2, name: "threads", gridIndex: 1 },
    ]);
    expect(yAxis[0]).toMatchObject({ type: "value", name: "ns" });
    expect(series.map(({ type, name, xAxisIndex }) => [type, name, xAxisIndex])).toEqual(
      [0, 1].flatMap((panel) => [
        ["line", "ours", panel],
        ["custom", "ours", panel],
        ["line", "theirs", panel],
        ["custom", "theirs", panel],
      ]),
    );
    expect(series[0]?.data).toEqual([
      [1, 8],
      [10, 10],
    ]);
    expect(series[1]?.data).toEqual([
      [1, 4, 24],
      [10, 5, 30],
    ]);
  });

  test("an error bar reaches from the least to the greatest", () => {
    const { series } = lineOption("Title", [PANEL], 800) as Drawn;
    const [, bars] = series;
    const item = bars?.renderItem?.(undefined, {
      value: (dimension: number) => bars.data[0]?.[dimension],
      coord: ([x, y]: readonly [number, number]) => [100 * x, 1_000 - y],
    });
    const { points } = item?.shape ?? { points: [] };
    expect(new Set(points.map(([, y]) => y))).toEqual(new Set([1_000 - 4, 1_000 - 24]));
    expect(points.filter(([x]) => x === 100)).toHaveLength(2);
  });

  test("a legend that is too long for one row takes more, each above the next", () => {
    const names = ["a".repeat(40), "b".repeat(40), "c".repeat(40)];
    expect(legendOption(names, 800)).toMatchObject([
      { data: [names[0], names[1]], bottom: 30 },
      { data: [names[2]], bottom: 8 },
    ]);
    expect(legendOption(names, 100)).toMatchObject(names.map((name) => ({ data: [name] })));
  });

  test.each([
    [1_000, "1k"],
    [2 ** 20, "1.05M"],
    [0.001, "0.001"],
    [8, "8"],
    [0, "0"],
  ])("a tick at %d is %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  test.each([Object.values(PRODUCERS), Object.values(STREAMS)])(
    "has a colour for each of %s",
    (...subjects) => {
      expect(new Set(subjects.map(colorOf)).size).toBe(subjects.length);
    },
  );
});

describe("the plot of the section cost", () => {
  const figures = compare([
    figureOf({ operation: FLOORS.slot, subject: FLOOR }, [2]),
    figureOf({ operation: OPERATIONS.counterHeld, subject: OURS }, [5]),
    figureOf({ operation: OPERATIONS.counterHeld, subject: "prom-client" }, [300]),
    figureOf({ operation: OPERATIONS.emitter, subject: OURS }, [20]),
  ]);

  test("has a dot for what was measured, and the floor beside each operation it is of", () => {
    const { option } = costPlot(figures);
    const { series } = option as Drawn;
    expect(series.map(({ name, data }) => [name, data])).toEqual([
      [FLOOR, [[2, OPERATIONS.counterHeld]]],
      [
        OURS,
        [
          [5, OPERATIONS.counterHeld],
          [20, OPERATIONS.emitter],
        ],
      ],
      ["prom-client", [[300, OPERATIONS.counterHeld]]],
    ]);
  });

  test("is there for a report that has the section, and others for scaling", () => {
    const head = { machine: "m", startedAt: "t", rounds: 1, peers: [], skipped: [] };
    const none = { points: [], leftOut: [] };
    const scaling = { threads: none, series: none, queue: none };
    const cost = { nanoseconds: figures, claims: [], events: "" };
    const files = (plots: ReturnType<typeof plotsOf>) => plots.map(({ file }) => file);
    expect(files(plotsOf(head))).toEqual([]);
    expect(files(plotsOf({ ...head, cost }))).toEqual(["cost"]);
    expect(files(plotsOf({ ...head, cost, scaling }))).toEqual([
      "threads",
      "series",
      "queue",
      "cost",
    ]);
  });

  test("without a section that has any, no folder is made, and a line says so", async () => {
    expect(await writePlots("/nowhere/at/all", [])).toContain("neither cost nor scaling");
  });
});
