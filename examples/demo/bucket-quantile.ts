import type { HistogramSnapshot } from "metrics-runtime";

type Bucket = HistogramSnapshot["buckets"][number];

/**
 * The q-quantile, as well as buckets can tell: values are taken to be spread evenly over their bucket. In the last one,
 * which has no upper bound, it is `max`. `undefined` when nothing was counted.
 */
export function quantileOf(buckets: readonly Bucket[], q: number, max: number): number | undefined {
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  if (count === 0) {
    return undefined;
  }
  const rank = q * count;
  let below = 0;
  let lower = 0;
  for (const { le, count: inBucket } of buckets) {
    if (inBucket > 0 && below + inBucket >= rank) {
      const upper = Math.min(le, max);
      return lower + Math.max(0, upper - lower) * ((rank - below) / inBucket);
    }
    below += inBucket;
    lower = le;
  }
  return max;
}

/** What was counted between two snapshots of one histogram. */
export function bucketsSince(earlier: readonly Bucket[], now: readonly Bucket[]): Bucket[] {
  return now.map(({ le, count }, index) => ({ le, count: count - (earlier[index]?.count ?? 0) }));
}
