/** One thread and its queue, of 100 to a million events: as fast as it can, and paced. */
import { fileURLToPath } from "node:url";
import { type Curves, measureCurves } from "./repetitions.js";

const PROGRAM = fileURLToPath(new URL("./queue-program.js", import.meta.url));
const LIMITS = [100, 1_000, 10_000, 100_000, 2 ** 20];

export const STREAMS = { blast: "full blast", paced: "paced, 500 000/s" } as const;
export type StreamName = keyof typeof STREAMS;

export const QUEUE_MEASURES = [
  "nanoseconds",
  "droppedPercent",
  "millionPerSecond",
  "accepted",
] as const;
/** `nanoseconds` are of one accepted event: what was dropped was paid for too. `millionPerSecond` were offered. */
export type QueueMeasure = (typeof QUEUE_MEASURES)[number];

export async function measureQueue(): Promise<Curves<QueueMeasure>> {
  const cases = LIMITS.flatMap((at) =>
    (Object.keys(STREAMS) as StreamName[]).map((stream) => ({
      subject: STREAMS[stream],
      at,
      args: [stream, String(at)],
      isPeer: false,
    })),
  );
  return await measureCurves(PROGRAM, QUEUE_MEASURES, cases);
}
