/** Whether a difference of the 99th percentile is more than what the same service differs from itself by. */
import type { HttpFigure, Spread } from "./figures.js";
import { NO_METRICS } from "./plan.js";

export interface Verdict {
  readonly subject: string;
  readonly p99Ms: number;
  readonly noMetricsP99Ms: Spread;
  /** Where it lies: the noise is what "no metrics" had over the rounds, its ends included. */
  readonly place: "below" | "within" | "above";
}

/** @param subjects to judge; those that were not measured are left out, and all without "no metrics" */
export function verdictsOn(
  subjects: readonly string[],
  figures: readonly HttpFigure[],
): readonly Verdict[] {
  const noise = figures.find(({ subject }) => subject === NO_METRICS)?.p99Ms;
  if (noise === undefined) return [];
  return figures
    .filter(({ subject }) => subjects.includes(subject))
    .map(({ subject, p99Ms: { median } }) => ({
      subject,
      p99Ms: median,
      noMetricsP99Ms: noise,
      place: median < noise.min ? "below" : median <= noise.max ? "within" : "above",
    }));
}
