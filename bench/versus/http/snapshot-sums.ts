/** Numbers of our snapshots. */
import type { DimensionValue, MetricSnapshots, SeriesValue } from "metrics-runtime";

/** Over all series: of counts their sum, of histograms how many values they have. */
export function sumOf(snapshots: MetricSnapshots, metric: string, dimension: string): number {
  const value = valueAt(snapshots, metric, dimension);
  if (!isGrouped(value)) throw new Error(`${metric}.${dimension} has no series`);
  return value.reduce((sum, series) => sum + countOf(series.value), 0);
}

export function numberAt(snapshots: MetricSnapshots, metric: string, dimension: string): number {
  const value = valueAt(snapshots, metric, dimension);
  if (typeof value !== "number") throw new Error(`${metric}.${dimension} is no number`);
  return value;
}

function valueAt(snapshots: MetricSnapshots, metric: string, dimension: string): DimensionValue {
  const value = snapshots[metric]?.dimensions[dimension];
  if (value === undefined) throw new Error(`the snapshots have no ${metric}.${dimension}`);
  return value;
}

function isGrouped(value: DimensionValue): value is Extract<DimensionValue, readonly unknown[]> {
  return Array.isArray(value);
}

function countOf(value: SeriesValue): number {
  if (value === null) return 0;
  return typeof value === "number" ? value : value.count;
}
