/** From the readings of several repetitions to the points of curves. */
import { median } from "../../statistics.js";

/** What one repetition read for one subject at one place of the axis. */
export interface Reading<Measure extends string> {
  readonly subject: string;
  readonly at: number;
  readonly values: Readonly<Record<Measure, number>>;
}

/** Over the repetitions. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Point<Measure extends string> {
  readonly subject: string;
  readonly at: number;
  readonly values: Readonly<Record<Measure, Spread>>;
}

/** A point for each subject and place, in the order in which they first come. */
export function pointsOf<Measure extends string>(
  measures: readonly Measure[],
  readings: readonly Reading<Measure>[],
): readonly Point<Measure>[] {
  const together = new Map<string, Reading<Measure>[]>();
  for (const reading of readings) {
    const key = JSON.stringify([reading.subject, reading.at]);
    const known = together.get(key);
    if (known === undefined) together.set(key, [reading]);
    else known.push(reading);
  }
  return [...together.values()].flatMap((repetitions) => {
    const [first] = repetitions;
    if (first === undefined) return [];
    const { subject, at } = first;
    const spreads = measures.map((measure) => [
      measure,
      spreadOf(repetitions.map(({ values }) => values[measure])),
    ]);
    return [{ subject, at, values: Object.fromEntries(spreads) }];
  });
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
