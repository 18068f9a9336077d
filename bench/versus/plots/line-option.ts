/** Panels of lines for echarts: medians joined by lines, the least and the greatest as error bars. */
import type { Axis, Line, Panel } from "./plot.js";

const BACKGROUND = "#ffffff";
const TEXT = "#24292f";
const GRID = "#d8dee4";
const MARGIN = { left: 72, right: 24, top: 84, bottom: 110 };
const CAP = 4;
const SYMBOLS = ["circle", "triangle", "rect", "diamond", "emptyCircle"];

export const PLOT_STYLE = {
  animation: false,
  backgroundColor: BACKGROUND,
  textStyle: { fontFamily: "sans-serif", color: TEXT },
};

export function titleOption(text: string) {
  return { text, left: "center", top: 10, textStyle: { fontSize: 16, color: TEXT } };
}

export function axisOption({ name, scale, base, max }: Axis) {
  return {
    name,
    nameLocation: "middle",
    nameTextStyle: { color: TEXT },
    axisLabel: { color: TEXT, hideOverlap: true, formatter: shortNumber },
    axisLine: { show: true, lineStyle: { color: TEXT } },
    splitLine: { show: true, lineStyle: { color: GRID } },
    ...(max === undefined ? {} : { max }),
    ...(scale === "log" ? { type: "log", logBase: base ?? 10 } : { type: "value" }),
  };
}

const LEGEND = { bottom: 8, rowHeight: 22, gap: 44, symbol: 22, letter: 7, margin: 60 };

/** A legend for each row, with gaps for a font that is wider than echarts believes. */
export function legendOption(names: readonly string[], width: number): readonly object[] {
  const { bottom, rowHeight, gap, symbol } = LEGEND;
  const rows = rowsOf(names, width - LEGEND.margin);
  return rows.map((data, row) => ({
    data,
    bottom: bottom + rowHeight * (rows.length - 1 - row),
    itemGap: gap,
    itemWidth: symbol,
    textStyle: { color: TEXT },
  }));
}

/** As many as fit in a row, in order. */
function rowsOf(names: readonly string[], width: number): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let left = 0;
  for (const name of names) {
    const needed = LEGEND.symbol + LEGEND.gap + LEGEND.letter * name.length;
    const row = rows.at(-1);
    if (row === undefined || needed > left) {
      rows.push([name]);
      left = width - needed;
    } else {
      row.push(name);
      left -= needed;
    }
  }
  return rows;
}

/** Panels stand side by side, and have one legend. */
export function lineOption(title: string, panels: readonly Panel[], width: number): object {
  const share = width / panels.length;
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const grids = panels.map((_, index) => ({
    left: index * share + MARGIN.left,
    width: share - MARGIN.left - MARGIN.right,
    top: MARGIN.top,
    bottom: MARGIN.bottom,
  }));
  return {
    ...PLOT_STYLE,
    title: [
      titleOption(title),
      ...panels.map((panel, index) => ({
        text: panel.title,
        left: (index + 0.5) * share + (MARGIN.left - MARGIN.right) / 2,
        top: MARGIN.top - 36,
        textAlign: "center",
        textStyle: { fontSize: 13, fontWeight: "normal", color: TEXT },
      })),
    ],
    legend: legendOption(names, width),
    grid: grids,
    xAxis: panels.map(({ x }, gridIndex) => ({ ...axisOption(x), nameGap: 28, gridIndex })),
    yAxis: panels.map(({ y }, gridIndex) => ({ ...axisOption(y), nameGap: 48, gridIndex })),
    series: panels.flatMap(({ lines }, panel) =>
      lines.flatMap((line) => [
        medians(line, panel, SYMBOLS[names.indexOf(line.name) % SYMBOLS.length] ?? "circle"),
        errorBars(line, panel),
      ]),
    ),
  };
}

function medians({ name, color, points }: Line, panel: number, symbol: string) {
  return {
    type: "line",
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbol,
    symbolSize: 7,
    lineStyle: { color, width: 2 },
    itemStyle: { color },
    data: points.map(({ x, median }) => [x, median]),
  };
}

/** Where echarts draws one item of a custom series. */
interface ItemPlace {
  value(dimension: number): number;
  coord(values: readonly number[]): readonly [number, number];
}

function errorBars({ name, color, points }: Line, panel: number) {
  const stroke = { stroke: color, lineWidth: 1.2, fill: "none" };
  return {
    type: "custom",
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    itemStyle: { color },
    silent: true,
    encode: { x: 0, y: [1, 2] },
    data: points.map(({ x, min, max }) => [x, min, max]),
    renderItem: (_: unknown, place: ItemPlace) => {
      const [x, low] = place.coord([place.value(0), place.value(1)]);
      const [, high] = place.coord([place.value(0), place.value(2)]);
      const points = [
        [x - CAP, low],
        [x + CAP, low],
        [x, low],
        [x, high],
        [x - CAP, high],
        [x + CAP, high],
      ];
      return { type: "polyline", shape: { points }, style: stroke };
    },
  };
}

/** 1000 as "1k", 2^20 as "1.05M"; what is small as it is. */
export function shortNumber(value: number): string {
  for (const [unit, name] of [
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (Math.abs(value) >= unit) return `${Number((value / unit).toPrecision(3))}${name}`;
  }
  return String(Number(value.toPrecision(3)));
}
