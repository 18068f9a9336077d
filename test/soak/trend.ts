/** Whether a series of readings goes up, told by medians, which a few readings far off do not move. */

export interface Reading {
  /** Minutes. */
  readonly at: number;
  readonly value: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Theil–Sen: the median of the slopes between any two readings, for each minute. */
export function slopeOf(readings: readonly Reading[]): number {
  const slopes = readings.flatMap((from, index) =>
    readings.slice(index + 1).map((to) => (to.value - from.value) / (to.at - from.at)),
  );
  return median(slopes);
}

/** The medians of the first and of the last third. */
export function thirdsOf(readings: readonly Reading[]): readonly [first: number, last: number] {
  const third = Math.ceil(readings.length / 3);
  const values = readings.map(({ value }) => value);
  return [median(values.slice(0, third)), median(values.slice(-third))];
}
