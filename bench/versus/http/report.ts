/** The section's part of the report, as JSON and as Markdown. */
import { markdownTable } from "../../markdown-table.js";
import { type HttpFigure, type HttpRun, type Spread, spreadOf } from "./figures.js";
import { HTTP_ROUNDS, NO_METRICS, OUR_WAYS } from "./plan.js";
import type { Verdict } from "./verdict.js";

/** A few times the grain of the generator's timer. */
const MOST_LATE_MS = 5;

export interface HttpReport {
  /** The package that made the load, and its version. */
  readonly generator: string;
  readonly requestsPerSecond: number;
  readonly warmUpSeconds: number;
  readonly windowSeconds: number;
  readonly figures: readonly HttpFigure[];
  readonly verdicts: readonly Verdict[];
  /** In the order in which they were made. */
  readonly runs: readonly HttpRun[];
}

export function httpParts(report: HttpReport): readonly string[] {
  const { generator, requestsPerSecond, warmUpSeconds, windowSeconds } = report;
  const { figures, verdicts, runs } = report;
  return [
    `${requestsPerSecond} requests a second by ${generator} for ${windowSeconds} s after ` +
      `${warmUpSeconds} s of warm-up; the median of ${HTTP_ROUNDS} rounds (least–greatest).`,
    latencyTable(figures),
    verdictLines(verdicts),
    "The load generator, over all rounds:",
    generatorTable(
      figures.map(({ subject }) => subject),
      runs,
    ),
    latenessLine(runs),
    failureLines(runs),
    tallyLines(runs),
  ].filter((part) => part !== "");
}

export function latencyTable(figures: readonly HttpFigure[]): string {
  const header = ["who", "p50, ms", "p99, ms", "p99.9, ms", "CPU, µs a request"];
  return markdownTable(
    [...header, "p99 over no metrics", "CPU over no metrics, µs"],
    figures.map(
      ({ subject, p50Ms, p99Ms, p999Ms, cpuUs, p99OverNoMetrics, cpuUsOverNoMetrics }) => [
        OUR_WAYS.includes(subject) ? `**${subject}**` : subject,
        spread(p50Ms, 2),
        spread(p99Ms, 2),
        spread(p999Ms, 2),
        spread(cpuUs, 0),
        p99OverNoMetrics?.toFixed(2) ?? "",
        cpuUsOverNoMetrics?.toFixed(1) ?? "",
      ],
    ),
  );
}

/** Nothing fails on it. */
export function verdictLines(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ subject, p99Ms, noMetricsP99Ms: { min, max }, place }) => {
      const noise = `the noise, ${min.toFixed(2)}–${max.toFixed(2)} ms: what "${NO_METRICS}" had over the rounds`;
      return `- ${subject}: a p99 of ${p99Ms.toFixed(2)} ms lies ${place} ${noise}`;
    })
    .join("\n");
}

export function generatorTable(subjects: readonly string[], runs: readonly HttpRun[]): string {
  const header = ["who", "asked for", "sent in time", "late, p50, ms", "late, p99, ms"];
  return markdownTable(
    [...header, "late, most, ms", "p99 from sending, ms", "failed"],
    subjects.map((subject) => {
      const loads = runs.filter((run) => run.subject === subject).map(({ load }) => load);
      const sum = (value: (load: HttpRun["load"]) => number): string =>
        String(loads.reduce((total, load) => total + value(load), 0));
      return [
        subject,
        sum(({ asked }) => asked),
        sum(({ sentInTime }) => sentInTime),
        spread(spreadOf(loads.map(({ lag }) => lag.p50)), 2),
        spread(spreadOf(loads.map(({ lag }) => lag.p99)), 2),
        Math.max(...loads.map(({ lag }) => lag.max)).toFixed(1),
        spread(spreadOf(loads.map(({ fromSent }) => fromSent.p99)), 2),
        sum(({ failed }) => failed),
      ];
    }),
  );
}

/** Whether the figures mean anything. */
export function latenessLine(runs: readonly HttpRun[]): string {
  const late = runs.filter(({ load }) => load.lag.p99 > MOST_LATE_MS).length;
  const often = `The generator was more than ${MOST_LATE_MS} ms late, at the 99th percentile, in ${late} of ${runs.length} runs`;
  return late === 0 ? `${often}.` : `${often}: in those p99 and p99.9 tell of the machine.`;
}

export function failureLines(runs: readonly HttpRun[]): string {
  return runs
    .filter(({ load }) => load.failed > 0)
    .map(({ subject, load: { failed, reasons } }) => {
      return `- ${subject}: failed ${failed} of a run (${reasons.join("; ") || "no answer came"})`;
    })
    .join("\n");
}

/** Of those whose counts were checked; what was wrong would have ended the run. */
function tallyLines(runs: readonly HttpRun[]): string {
  return OUR_WAYS.map((subject) => {
    const own = runs.filter((run) => run.subject === subject);
    const counted = own.reduce((sum, { tally }) => sum + (tally?.requests ?? 0), 0);
    const served = own.reduce((sum, run) => sum + run.served, 0);
    const lost = own.reduce((sum, { tally }) => sum + (tally?.lost ?? 0), 0);
    return `- ${subject}: counted ${counted} of ${served} requests served, lost ${lost} operations`;
  }).join("\n");
}

function spread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
