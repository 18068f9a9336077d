/** From the runs of all rounds to what is said about each subject. */
import { median } from "../../statistics.js";
import { ratio } from "../ratios.js";
import type { LoadReading } from "./load-reading.js";
import { NO_METRICS } from "./plan.js";
import type { Tally } from "./tally.js";

/** One subject in one round. */
export interface HttpRun {
  readonly subject: string;
  readonly load: LoadReading;
  readonly cpuUsPerRequest: number;
  /** Requests that the service answered, the warm-up among them. */
  readonly served: number;
  readonly tally?: Tally;
}

/** Over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface HttpFigure {
  readonly subject: string;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly p999Ms: Spread;
  readonly cpuUs: Spread;
  /** Of the medians. */
  readonly p99OverNoMetrics?: number | undefined;
  readonly cpuUsOverNoMetrics?: number | undefined;
}

/** In the order in which the subjects are named. */
export function figuresOf(
  subjects: readonly string[],
  runs: readonly HttpRun[],
): readonly HttpFigure[] {
  const figures = subjects.map((subject) => {
    const own = runs.filter((run) => run.subject === subject);
    const over = (value: (run: HttpRun) => number): Spread => spreadOf(own.map(value));
    return {
      subject,
      p50Ms: over(({ load }) => load.fromDue.p50),
      p99Ms: over(({ load }) => load.fromDue.p99),
      p999Ms: over(({ load }) => load.fromDue.p999),
      cpuUs: over(({ cpuUsPerRequest }) => cpuUsPerRequest),
    };
  });
  const nothing = figures.find(({ subject }) => subject === NO_METRICS);
  if (nothing === undefined) return figures;
  return figures.map((figure) =>
    figure === nothing
      ? figure
      : {
          ...figure,
          p99OverNoMetrics: ratio(figure.p99Ms.median, nothing.p99Ms.median),
          cpuUsOverNoMetrics: figure.cpuUs.median - nothing.cpuUs.median,
        },
  );
}

export function spreadOf(samples: readonly number[]): Spread {
  return { median: median(samples), min: Math.min(...samples), max: Math.max(...samples) };
}
