/** The section `exposition`: what it takes to give out all metrics, and how long nothing else runs meanwhile. */
import { fileURLToPath } from "node:url";
import type { JudgedClaim } from "../claims.js";
import type { Peer } from "../operations.js";
import { type Manifest, manifestOf } from "../peers/load.js";
import { type Curves, measureCurves } from "../scaling/repetitions.js";
import { judgeExpositions } from "./claims.js";
import { SERIALIZER } from "./peers.js";
import { KINDS, type Kind, SERIES } from "./subject.js";
import { OUR_WAYS, PEER_WAYS } from "./subjects.js";

const PROGRAM = fileURLToPath(new URL("./program.js", import.meta.url));

export const EXPOSITION_MEASURES = [
  "wallMs",
  "cpuMs",
  "stallMs",
  "worstStallMs",
  "heldMs",
  "worstHeldMs",
  "monitorMs",
  "idleMs",
  "worstIdleMs",
  "bytes",
] as const;
/**
 * `stallMs` is the longest of one exposition, `worstStallMs` of all of a process; `held` are the same without what the
 * thread waited for a processor, `idle` are stalls of a loop that only watches itself.
 */
export type ExpositionMeasure = (typeof EXPOSITION_MEASURES)[number];

export type ExpositionCurves = Readonly<Record<Kind, Curves<ExpositionMeasure>>>;

export interface ExpositionFigures {
  readonly curves: ExpositionCurves;
  readonly claims: readonly JudgedClaim[];
  /** What makes the text of OpenTelemetry; a package of its own. */
  readonly serializer: Manifest | undefined;
}

/** @param peers that load here */
export async function measureExpositions(peers: readonly Peer[]): Promise<ExpositionFigures> {
  const known = peers.filter((peer) => peer in PEER_WAYS);
  const curvesOf = async (kind: Kind): Promise<Curves<ExpositionMeasure>> =>
    await measureCurves(
      PROGRAM,
      EXPOSITION_MEASURES,
      SERIES.flatMap((at) =>
        [...Object.keys(OUR_WAYS), ...known].map((subject) => ({
          subject,
          at,
          args: [subject, kind, String(at)],
          isPeer: !(subject in OUR_WAYS),
        })),
      ),
    );
  const [counter, histogram] = KINDS;
  const curves: ExpositionCurves = {
    [counter]: await curvesOf(counter),
    [histogram]: await curvesOf(histogram),
  };
  return {
    curves,
    claims: judgeExpositions(curves),
    serializer: known.includes("opentelemetry") ? serializerIfAny() : undefined,
  };
}

function serializerIfAny(): Manifest | undefined {
  try {
    return manifestOf(SERIALIZER);
  } catch {
    return undefined;
  }
}
