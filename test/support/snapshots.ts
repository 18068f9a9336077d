import type {
  ExponentialHistogramSnapshot,
  HistogramSnapshot,
  MetricsRecorderLike,
  Series,
  SeriesValue,
} from "metrics-runtime";

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
  if (typeof value !== "object" || value === null || !("buckets" in value)) {
    throw new Error(`${metric}.${dimension} is no histogram`);
  }
  return value;
}

export function exponentialOf(
  recorder: MetricsRecorderLike,
  metric: string,
  dimension: string,
): ExponentialHistogramSnapshot {
  const value = dimensionsOf(recorder, metric)[dimension];
  if (typeof value !== "object" || value === null || !("zeroCount" in value)) {
    throw new Error(`${metric}.${dimension} is no exponential histogram`);
  }
  return value;
}

/** The series of a dimension with `by`. */
export function seriesOf(
  recorder: MetricsRecorderLike,
  metric: string,
  dimension: string,
): readonly Series<SeriesValue>[] {
  const value = dimensionsOf(recorder, metric)[dimension];
  if (!Array.isArray(value)) throw new Error(`${metric}.${dimension} has no series`);
  return value;
}

/** Each series as the values of its labels, in the order of `by`, and what it has come to. */
export function rowsOf(
  recorder: MetricsRecorderLike,
  metric: string,
  dimension: string,
): (readonly [...labels: string[], value: SeriesValue])[] {
  return seriesOf(recorder, metric, dimension).map(({ labels, value }) => [
    ...Object.values(labels),
    value,
  ]);
}
