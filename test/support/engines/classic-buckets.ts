import type { ExponentialBuckets, ExponentialHistogramSnapshot } from "metrics-runtime";

export interface Bucket {
  readonly le: number;
  /** Its own. */
  readonly count: number;
}

const MOST_OF_A_SIDE = 64;

/** An exponential histogram with explicit bounds, by native/core/exposition/classic_buckets.h. */
export function classicBuckets(snapshot: ExponentialHistogramSnapshot): readonly Bucket[] {
  const { scale, zeroCount } = snapshot;
  const negative = merged(snapshot.negative, scale);
  const positive = merged(snapshot.positive, scale);
  const pieces: Bucket[] = [
    ...negative.map(({ lower, count }) => ({ le: -lower, count })).reverse(),
    { le: 0, count: zeroCount },
    ...positive.map(({ upper, count }) => ({ le: upper, count })),
  ];
  const [farthest] = negative.slice(-1);
  if (farthest !== undefined) pieces.unshift({ le: -farthest.upper, count: 0 });
  const [nearest] = positive;
  if (nearest !== undefined) {
    pieces.splice(pieces.length - positive.length, 0, { le: nearest.lower, count: 0 });
  }
  // A bound that no double is, or that is there already, leaves its count to the next one.
  const buckets: Bucket[] = [];
  let waiting = 0;
  for (const { le, count } of pieces) {
    waiting += count;
    const there = le === 0 && (Object.is(le, -0) || buckets.at(-1)?.le === 0);
    if (!Number.isFinite(le) || there) continue;
    buckets.push({ le, count: waiting });
    waiting = 0;
  }
  return [...buckets, { le: Number.POSITIVE_INFINITY, count: waiting }];
}

function merged({ offset, counts }: ExponentialBuckets, itsScale: number) {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return [];
  const last = counts.findLastIndex((count) => count > 0);
  let scale = Math.min(itsScale, 0);
  const indexOf = (place: number) => Math.floor((offset + place) / 2 ** (itsScale - scale));
  while (indexOf(last) - indexOf(first) >= MOST_OF_A_SIDE) scale--;
  const begin = indexOf(first);
  const bound = (index: number) => 2 ** (index * 2 ** -scale);
  const sums = new Array<number>(indexOf(last) - begin + 1).fill(0);
  for (const [place, count] of counts.entries()) {
    if (count > 0) sums[indexOf(place) - begin] = (sums[indexOf(place) - begin] ?? 0) + count;
  }
  return sums.map((count, i) => ({ lower: bound(begin + i), upper: bound(begin + i + 1), count }));
}
