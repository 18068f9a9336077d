import type { DimensionValue, HistogramSnapshot, MetricSnapshots } from "metrics-runtime";
import { quantileOf } from "./bucket-quantile.js";
import { isHistogram } from "./snapshot-values.js";

/** The snapshots as text, a line for each dimension. */
export function snapshotReport(snapshots: MetricSnapshots): string[] {
  return Object.entries(snapshots).flatMap(([metricName, { dimensions }]) => {
    const width = Math.max(...Object.keys(dimensions).map((name) => name.length));
    const lines = Object.entries(dimensions).map(
      ([name, value]) => `  ${name.padEnd(width)}  ${describe(value)}`,
    );
    return [metricName, ...lines];
  });
}

function describe(value: DimensionValue): string {
  return isHistogram(value) ? describeHistogram(value) : JSON.stringify(value);
}

function describeHistogram({ count, sum, min, max, buckets }: HistogramSnapshot): string {
  if (min === null || max === null) {
    return "nothing recorded";
  }
  const quantiles = [0.5, 0.9, 0.99].map(
    (q) => `p${q * 100} ${round(quantileOf(buckets, q, max) ?? 0)}`,
  );
  const filled = buckets.filter((bucket) => bucket.count > 0);
  return [
    `count ${count}, mean ${round(sum / count)}, min ${round(min)}, max ${round(max)}, ${quantiles.join(", ")}`,
    `    buckets: ${filled.map((bucket) => `<=${bucket.le}: ${bucket.count}`).join("  ")}`,
  ].join("\n");
}

function round(value: number): string {
  return value.toFixed(3);
}
