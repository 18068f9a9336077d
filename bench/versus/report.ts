/** The report of a run: one object, as JSON and as Markdown. */
import { markdownTable } from "../markdown-table.js";
import type { JudgedClaim } from "./claims.js";
import type { ExpositionFigures } from "./exposition/figures.js";
import type { HttpReport } from "./http/report.js";
import type { MemoryReading } from "./memory-subject.js";
import { FLOOR, OURS } from "./operations.js";
import { type ComparedFigure, peerWins } from "./ratios.js";
import type { ScalingFigures } from "./scaling/figures.js";

/** A peer as it was found. */
export interface PeerVersion {
  readonly peer: string;
  readonly version: string;
  /** For which Node.js it is made, in its own words. */
  readonly engines: string | undefined;
}

export interface MemoryFigure extends MemoryReading {
  readonly kind: string;
  readonly series: number;
  readonly subject: string;
  /** Of a peer: how many times ours, by literal. */
  readonly timesOursHeap?: number | undefined;
  readonly timesOursTogether?: number | undefined;
}

export interface Report {
  readonly machine: string;
  readonly startedAt: string;
  readonly rounds: number;
  readonly peers: readonly PeerVersion[];
  readonly skipped: readonly string[];
  readonly cost?: {
    readonly nanoseconds: readonly ComparedFigure[];
    readonly claims: readonly JudgedClaim[];
    readonly events: string;
  };
  readonly allocation?: { readonly bytes: readonly ComparedFigure[] };
  readonly memory?: readonly MemoryFigure[];
  readonly cpu?: { readonly percentOfOneCore: readonly ComparedFigure[] };
  readonly http?: HttpReport | { readonly skipped: string };
  readonly scaling?: ScalingFigures;
  readonly exposition?: ExpositionFigures;
}

export function headOf({ machine, rounds, peers, skipped }: Report): string {
  const lines = [machine, `${rounds} rounds`];
  for (const { peer, version, engines } of peers) {
    lines.push(`${peer} ${version}${engines === undefined ? "" : `, made for Node.js ${engines}`}`);
  }
  return [...lines, ...skipped].map((line) => `- ${line}`).join("\n");
}

export function figureTable(
  unit: string,
  figures: readonly ComparedFigure[],
  digits: number,
): string {
  const header = ["operation", "who", `${unit}, median`, "min", "p90", "x floor", "theirs / ours"];
  return markdownTable(
    header,
    figures.map(({ operation, subject, median, min, p90, timesFloor, timesOurs }) => [
      operation,
      subject === OURS ? `**${OURS}**` : subject,
      median.toFixed(digits),
      min.toFixed(digits),
      p90.toFixed(digits),
      subject === FLOOR ? "" : times(timesFloor),
      times(timesOurs),
    ]),
  );
}

/** @param what the claims are about */
export function claimTable(claims: readonly JudgedClaim[], what = "ratio"): string {
  return markdownTable(
    [what, "claim", "measured", "of the minima", ""],
    claims.map(({ text, limit, measured, ofMinima, reached }) => [
      text,
      limit,
      times(measured),
      times(ofMinima),
      reached === undefined ? "not measured" : reached ? "reached" : "not reached",
    ]),
  );
}

export function memoryTable(figures: readonly MemoryFigure[]): string {
  const header = ["kind", "series", "who", "bytes each: JS heap", "outside it", "together"];
  const each = ({ series }: MemoryFigure, bytes: number): string => (bytes / series).toFixed(0);
  return markdownTable(
    [...header, "heap, theirs / ours", "together, theirs / ours"],
    figures.map((figure) => [
      figure.kind,
      String(figure.series),
      figure.subject,
      each(figure, figure.heapBytes),
      each(figure, figure.outsideBytes),
      each(figure, figure.heapBytes + figure.outsideBytes),
      times(figure.timesOursHeap),
      times(figure.timesOursTogether),
    ]),
  );
}

/** Said first: where somebody else is better. */
export function winsOf(figures: readonly ComparedFigure[]): string {
  const wins = peerWins(figures);
  if (wins.length === 0) return "No peer took less than we did in any row.";
  const lines = wins.map(
    ({ operation, subject, timesOurs }) =>
      `- ${subject}, ${operation}: ${times(timesOurs)} of ours`,
  );
  return ["A peer took less than we did:", "", ...lines].join("\n");
}

/** Three digits that count, or none where there is no ratio. */
function times(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(3)));
}
