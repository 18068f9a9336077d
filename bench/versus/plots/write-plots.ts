/** Draws plots as SVG files, where echarts is installed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPackage } from "../peers/load.js";
import type { Report } from "../report.js";
import { costPlot } from "./cost-plot.js";
import type { Plot } from "./plot.js";
import { scalingPlots } from "./scaling-plots.js";

/** What we use of echarts. */
interface EChartsModule {
  init(
    dom: null,
    theme: null,
    options: { renderer: "svg"; ssr: true; width: number; height: number },
  ): Chart;
}

interface Chart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}

/** Those of the sections that the report has. */
export function plotsOf({ cost, scaling }: Report): readonly Plot[] {
  return [
    ...(scaling === undefined ? [] : scalingPlots(scaling)),
    ...(cost === undefined ? [] : [costPlot(cost.nanoseconds)]),
  ];
}

/** Says in a line what was written, or why nothing was. */
export async function writePlots(folder: string, plots: readonly Plot[]): Promise<string> {
  if (plots.length === 0) return "- plots: none, neither cost nor scaling was measured";
  const echarts = await loadECharts();
  if (typeof echarts === "string") return `- plots: left out, echarts ${echarts}`;
  mkdirSync(folder, { recursive: true });
  for (const plot of plots) writeFileSync(join(folder, `${plot.file}.svg`), draw(echarts, plot));
  const files = plots.map(({ file }) => join(folder, `${file}.svg`));
  return `- plots: ${files.join(", ")}`;
}

async function loadECharts(): Promise<EChartsModule | string> {
  try {
    return (await loadPackage("echarts")) as EChartsModule;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return `does not load here (${reason})`;
  }
}

function draw(echarts: EChartsModule, { width, height, option }: Plot): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(option);
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}
