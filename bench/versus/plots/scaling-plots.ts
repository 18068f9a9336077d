/** The plots of the section `scaling`. */
import type { ScalingFigures } from "../scaling/figures.js";
import { colorOf } from "./colors.js";
import { lineOption } from "./line-option.js";
import { type Axis, linesOf, type Panel, type Plot } from "./plot.js";

const WIDTH = 1_000;
const HEIGHT = 460;
/** The greatest limit there is. */
const MOST_EVENTS = 2 ** 20;

const log = (name: string, base: 2 | 10 = 10): Axis => ({ name, scale: "log", base });

export function scalingPlots({ threads, series, queue }: ScalingFigures): readonly Plot[] {
  const threadsAxis = log("producing threads", 2);
  const seriesAxis = log("series of the counter");
  const limitAxis = { ...log("queue limit, events"), max: MOST_EVENTS };
  return [
    plot("threads", "Threads that share one runtime", [
      {
        title: "Throughput",
        x: threadsAxis,
        y: log("million operations per second, in total"),
        lines: linesOf(threads.points, "millionPerSecond", colorOf),
      },
      {
        title: "Processor time",
        x: threadsAxis,
        y: log("ns of processor time, per operation"),
        lines: linesOf(threads.points, "cpuNanoseconds", colorOf),
      },
    ]),
    plot("series", "Counter with a literal of 3 labels", [
      {
        title: "One add, series in random order",
        x: seriesAxis,
        y: log("ns per add"),
        lines: linesOf(series.points, "nanoseconds", colorOf),
      },
      {
        title: "One snapshot of all series",
        x: seriesAxis,
        y: log("ms per snapshot"),
        lines: linesOf(series.points, "snapshotMs", colorOf),
      },
    ]),
    plot("queue", "Events of one thread", [
      {
        title: "Cost",
        x: limitAxis,
        y: log("ns per accepted event"),
        lines: linesOf(queue.points, "nanoseconds", colorOf),
      },
      {
        title: "Dropped",
        x: limitAxis,
        y: { name: "% of the events offered", scale: "linear" },
        lines: linesOf(queue.points, "droppedPercent", colorOf),
      },
    ]),
  ];
}

function plot(file: string, title: string, panels: readonly Panel[]): Plot {
  return { file, width: WIDTH, height: HEIGHT, option: lineOption(title, panels, WIDTH) };
}
