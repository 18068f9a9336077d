/** What somebody who can be asked for all of his metrics is asked to do. */
import type { ThreeLabels } from "../three-labels.js";

export const KINDS = ["counter", "histogram of 11 buckets"] as const;
export type Kind = (typeof KINDS)[number];

export const SERIES = [1_000, 10_000, 100_000];

export type Exposition = Uint8Array | string;

export interface ExpositionSubject {
  /** Writes to one series. */
  readonly write: (labels: ThreeLabels, value: number) => void;
  readonly expose: () => Promise<Exposition>;
  /** How many samples of the series written to are in it. */
  readonly countSamples: (exposition: Exposition) => number;
  readonly close: () => void | Promise<void>;
}

export type OpenExposition = (
  kind: Kind,
  series: number,
) => ExpositionSubject | Promise<ExpositionSubject>;

/** The same in everybody's exposition. */
export const COUNTER = "bench_requests_total";
export const HISTOGRAM = "bench_seconds";

/** Of a series: the value of a counter; 12 buckets, a sum and a count of a histogram. */
export const SAMPLES: Readonly<Record<Kind, number>> = {
  counter: 1,
  "histogram of 11 buckets": 14,
};
