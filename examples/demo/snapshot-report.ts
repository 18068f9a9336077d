import type {
  DimensionValue,
  HistogramSnapshot,
  MetricSnapshots,
  QuantilesSnapshot,
  Series,
  SeriesValue,
} from "metrics-runtime";
import { titleOf } from "./snapshot-values.js";

/** The snapshots as text: a line for each dimension, or for each series of a grouped one. */
export function snapshotReport(snapshots: MetricSnapshots): string[] {
  return Object.entries(snapshots).flatMap(([metricName, { dimensions }]) => {
    const lines = Object.entries(dimensions).flatMap(([name, value]) => linesOf(name, value));
    const width = Math.max(...lines.map(([name]) => name.length));
    return [metricName, ...lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
  });
}

function linesOf(name: string, value: DimensionValue): (readonly [name: string, text: string])[] {
  if (!isGrouped(value)) {
    return [[name, describe(value)]];
  }
  return value
    .map((series) => [`${name} ${titleOf(series)}`, describe(series.value)] as const)
    .sort(([one], [other]) => one.localeCompare(other));
}

function isGrouped(value: DimensionValue): value is readonly Series<SeriesValue>[] {
  return Array.isArray(value);
}

function describe(value: SeriesValue): string {
  if (value === null) return "nothing recorded";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : round(value);
  if ("quantiles" in value) return describeQuantiles(value);
  return "scale" in value ? JSON.stringify(value) : describeBuckets(value);
}

function describeQuantiles({ count, sum, min, max, quantiles }: QuantilesSnapshot): string {
  const listed = Object.entries(quantiles).map(
    ([q, value]) => `p${Number(q) * 100} ${round(value)}`,
  );
  const mean = count === 0 ? null : sum / count;
  return `count ${count}, mean ${round(mean)}, min ${round(min)}, max ${round(max)}, ${listed.join(", ")}`;
}

function describeBuckets({ buckets }: HistogramSnapshot): string {
  const filled = buckets.filter(({ count }) => count > 0);
  return filled.map(({ le, count }) => `<=${le}: ${count}`).join("  ") || "nothing recorded";
}

function round(value: number | null): string {
  return value?.toFixed(3) ?? "-";
}
