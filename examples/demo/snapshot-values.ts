import type { DimensionValue, HistogramSnapshot, MetricSnapshots } from "metrics-runtime";

export function numberAt(
  snapshots: MetricSnapshots,
  metricName: string,
  dimension: string,
): number {
  const value = snapshots[metricName]?.dimensions[dimension];
  if (typeof value !== "number") {
    throw new Error(`the snapshot has no number ${metricName}.${dimension}`);
  }
  return value;
}

export function histogramAt(
  snapshots: MetricSnapshots,
  metricName: string,
  dimension: string,
): HistogramSnapshot {
  const value = snapshots[metricName]?.dimensions[dimension];
  if (!isHistogram(value)) {
    throw new Error(`the snapshot has no histogram ${metricName}.${dimension}`);
  }
  return value;
}

export function isHistogram(value: DimensionValue | undefined): value is HistogramSnapshot {
  return typeof value === "object" && value !== null && "buckets" in value;
}
