/** 1 to 8 threads that produce at the same time, on one runtime. */
import { fileURLToPath } from "node:url";
import type { Peer } from "../operations.js";
import { PRODUCER_NAMES, PRODUCERS } from "./producers.js";
import { type Curves, measureCurves } from "./repetitions.js";

const PROGRAM = fileURLToPath(new URL("./threads-program.js", import.meta.url));
const THREADS = [1, 2, 4, 8];

export const THREAD_MEASURES = [
  "millionPerSecond",
  "wallNanoseconds",
  "cpuNanoseconds",
  "accepted",
  "dropped",
] as const;
/**
 * `wallNanoseconds` are of one operation on one thread: the time of all threads together, whether they had a
 * processor or waited for one. `cpuNanoseconds` have the runtime's thread in them.
 */
export type ThreadMeasure = (typeof THREAD_MEASURES)[number];

/** @param peers that load here */
export async function measureThreads(peers: readonly Peer[]): Promise<Curves<ThreadMeasure>> {
  const names = PRODUCER_NAMES.filter(
    (name) => name !== "promClient" || peers.includes("prom-client"),
  );
  const cases = THREADS.flatMap((at) =>
    names.map((name) => ({
      subject: PRODUCERS[name],
      at,
      args: [name, String(at)],
      isPeer: name === "promClient",
    })),
  );
  return await measureCurves(PROGRAM, THREAD_MEASURES, cases);
}
