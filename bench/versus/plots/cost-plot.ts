/** The plot of the section `cost`: a line for each operation, a dot for each subject. */
import { FLOOR, FLOOR_OF, type Operation } from "../operations.js";
import { type ComparedFigure, figureFor } from "../ratios.js";
import { colorOf } from "./colors.js";
import { axisOption, legendOption, PLOT_STYLE, titleOption } from "./line-option.js";
import type { Plot } from "./plot.js";

const WIDTH = 1_000;
const LINE_HEIGHT = 28;
const MARGIN = { left: 340, right: 40, top: 56, bottom: 110 };
const TITLE = "What one operation costs";

export function costPlot(figures: readonly ComparedFigure[]): Plot {
  const measured = figures.filter(({ subject }) => subject !== FLOOR);
  const operations = [...new Set(measured.map(({ operation }) => operation))];
  const subjects = [FLOOR, ...new Set(measured.map(({ subject }) => subject))];
  const height = MARGIN.top + MARGIN.bottom + LINE_HEIGHT * operations.length;
  const ns = axisOption({ name: "ns per operation, median", scale: "log" });
  return {
    file: "cost",
    width: WIDTH,
    height,
    option: {
      ...PLOT_STYLE,
      title: titleOption(TITLE),
      legend: legendOption(subjects, WIDTH),
      grid: MARGIN,
      xAxis: { ...ns, nameGap: 28 },
      yAxis: {
        type: "category",
        inverse: true,
        data: operations,
        axisLabel: { interval: 0, color: PLOT_STYLE.textStyle.color },
        splitLine: ns.splitLine,
      },
      series: subjects.map((subject) => ({
        type: "scatter",
        name: subject,
        symbol: subject === FLOOR ? "diamond" : "circle",
        symbolSize: 10,
        itemStyle: { color: colorOf(subject) },
        data: operations.flatMap((operation) => {
          const name = subject === FLOOR ? FLOOR_OF[operation as Operation] : operation;
          const figure = figureFor(figures, name, subject);
          return figure === undefined ? [] : [[figure.median, operation]];
        }),
      })),
    },
  };
}
