/** The section `scaling`: what becomes of a cost when there is more of something. */
import type { Peer } from "../operations.js";
import { measureQueue, type QueueMeasure } from "./queue.js";
import type { Curves } from "./repetitions.js";
import { measureSeries, type SeriesMeasure } from "./series.js";
import { measureThreads, type ThreadMeasure } from "./threads.js";

export interface ScalingFigures {
  readonly threads: Curves<ThreadMeasure>;
  readonly series: Curves<SeriesMeasure>;
  readonly queue: Curves<QueueMeasure>;
}

/** @param peers that load here */
export async function measureScaling(peers: readonly Peer[]): Promise<ScalingFigures> {
  return {
    threads: await measureThreads(peers),
    series: await measureSeries(peers),
    queue: await measureQueue(),
  };
}
