/** Whether a process grows, from readings of its size. */
import { type Reading, slopeOf, thirdsOf } from "./trend.js";

const KIB = 1024;
const MIB = KIB * KIB;
/** Of the readings: the engine compiles, its heaps and the allocator's get their size. */
const WARM_UP = 1 / 3;
export const MEASURES = ["native", "heap", "rss"] as const;
export type Measure = (typeof MEASURES)[number];
/**
 * MiB by which a process that leaks nothing may seem to grow from the first third of the readings to the last: what its
 * readings differ by, measured. More than that, by that and by the slope, is a leak.
 */
const ALLOWED: Readonly<Record<Measure, number>> = { native: 0.75, heap: 3, rss: 8 };
export const NAMES: Readonly<Record<Measure, string>> = {
  native: "native memory",
  heap: "JavaScript heap",
  rss: "RSS",
};

export interface Growth {
  readonly kibPerMinute: number;
  /** MiB. */
  readonly first: number;
  readonly last: number;
  /** What is allowed, over the minutes that were measured. */
  readonly limitKibPerMinute: number;
}

export function growthOf(measure: Measure, readings: readonly Reading[]): Growth {
  const measured = readings.slice(Math.floor(readings.length * WARM_UP));
  const [first, last] = thirdsOf(measured);
  const minutes = (measured.at(-1)?.at ?? 0) - (measured[0]?.at ?? 0);
  return {
    kibPerMinute: slopeOf(measured) / KIB,
    first: first / MIB,
    last: last / MIB,
    limitKibPerMinute: (ALLOWED[measure] * KIB) / minutes,
  };
}

/** What is wrong with it; `undefined`: it does not grow. */
export function complaintOf(measure: Measure, growth: Growth): string | undefined {
  const { kibPerMinute, first, last, limitKibPerMinute } = growth;
  if (kibPerMinute <= limitKibPerMinute || last - first <= (2 / 3) * ALLOWED[measure]) {
    return undefined;
  }
  const grew = `from ${first.toFixed(1)} to ${last.toFixed(1)} MiB`;
  const limit = `the limit is ${limitKibPerMinute.toFixed(0)}`;
  return `${NAMES[measure]} grows by ${kibPerMinute.toFixed(0)} KiB/min, ${grew}; ${limit}`;
}
