/** A literal of three labels over 100 to a million series of one counter. */
import { fileURLToPath } from "node:url";
import { FLOOR, OURS, type Peer } from "../operations.js";
import { type Curves, measureCurves } from "./repetitions.js";

const PROGRAM = fileURLToPath(new URL("./series-program.js", import.meta.url));
const SERIES = [100, 1_000, 10_000, 100_000, 1_000_000];
/** The others keep no series by labels. */
const PEERS_WITH_SERIES: readonly Peer[] = ["prom-client", "prometheus-io", "opentelemetry"];

export const SERIES_MEASURES = ["nanoseconds", "snapshotMs"] as const;
export type SeriesMeasure = (typeof SERIES_MEASURES)[number];

/** @param peers that load here */
export async function measureSeries(peers: readonly Peer[]): Promise<Curves<SeriesMeasure>> {
  const known = PEERS_WITH_SERIES.filter((peer) => peers.includes(peer));
  const cases = SERIES.flatMap((at) =>
    [FLOOR, OURS, ...known].map((subject) => ({
      subject,
      at,
      args: [subject, String(at)],
      isPeer: subject !== FLOOR && subject !== OURS,
    })),
  );
  return await measureCurves(PROGRAM, SERIES_MEASURES, cases);
}
