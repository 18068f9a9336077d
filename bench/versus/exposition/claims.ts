/** What we want to be true of expositions; judged by the medians of the repetitions. */
import type { JudgedClaim } from "../claims.js";
import type { Peer } from "../operations.js";
import { ratio } from "../ratios.js";
import type { Spread } from "../scaling/points.js";
import type { ExpositionCurves, ExpositionMeasure } from "./figures.js";
import { KINDS, type Kind, SERIES } from "./subject.js";
import { OUR_TEXT } from "./subjects.js";

const MOST_STALL_MS = 2;
const STALL_SERIES = 100_000;
const STALLS = [
  ["longest stall", "stallMs"],
  ["held up longest", "heldMs"],
] as const;
/** Of what prom-client takes. */
const MOST_SHARE = 0.2;
const COMPARED: Peer = "prom-client";

export function judgeExpositions(curves: ExpositionCurves): readonly JudgedClaim[] {
  const spread = (
    kind: Kind,
    subject: string,
    at: number,
    measure: ExpositionMeasure,
  ): Spread | undefined =>
    curves[kind].points.find((point) => point.subject === subject && point.at === at)?.values[
      measure
    ];
  const stalls = STALLS.map(([name, measure]) => {
    const stall = spread("counter", OUR_TEXT, STALL_SERIES, measure);
    const text = `ours, ${name}, ms: ${STALL_SERIES} of counter`;
    return judged(text, MOST_STALL_MS, stall?.median, stall?.min);
  });
  const walls = KINDS.flatMap((kind) =>
    SERIES.map((at) => {
      const ours = spread(kind, OUR_TEXT, at, "wallMs");
      const theirs = spread(kind, COMPARED, at, "wallMs");
      const text = `ours / ${COMPARED}, wall time: ${at} of ${kind}`;
      const medians = ratio(ours?.median, theirs?.median);
      return judged(text, MOST_SHARE, medians, ratio(ours?.min, theirs?.min));
    }),
  );
  return [...stalls, ...walls];
}

function judged(
  text: string,
  atMost: number,
  measured: number | undefined,
  ofMinima: number | undefined,
): JudgedClaim {
  const reached = measured === undefined ? undefined : measured <= atMost;
  return { text, limit: `at most ${atMost}`, measured, ofMinima, reached };
}
