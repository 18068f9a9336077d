import type { HistogramSnapshot, MetricsRecorderLike } from "metrics-runtime";

/** The dimensions of one metric now; throws when it is not registered. */
export function dimensionsOf(recorder: MetricsRecorderLike, metric: string) {
  const snapshots = recorder.getMetricSnapshots();
  const snapshot = snapshots[metric];
  if (snapshot === undefined) {
    throw new Error(`no metric ${metric}, but ${Object.keys(snapshots).join(", ")}`);
  }
  return snapshot.dimensions;
}

export function numberOf(recorder: MetricsRecorderLike, metric: string, dimension: string): number {
  const value = dimensionsOf(recorder, metric)[dimension];
  if (typeof value !== "number") throw new Error(`${metric}.${dimension} is no number`);
  return value;
}

export function histogramOf(
  recorder: MetricsRecorderLike,
  metric: string,
  dimension: string,
): HistogramSnapshot {
  const value = dimensionsOf(recorder, metric)[dimension];
  if (typeof value !== "object") throw new Error(`${metric}.${dimension} is no histogram`);
  return value;
}
