/** What the process has of the system, read while nothing but the long-lived threads is there. Linux. */
import { collectGarbage } from "../support/collect-garbage.js";
import { descriptorKinds, openDescriptors } from "../support/descriptors.js";
import { threadIds } from "../support/os-threads.js";
import { allocator } from "./allocator.js";

/** What has ended goes in later turns; a thread or a descriptor that stays longer than that has leaked. */
const SETTLE_LIMIT_MS = 10_000;
const COLLECTIONS = 3;

export interface Footprint {
  readonly fds: number;
  /** The descriptors by what they are of. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly threads: number;
  /** Bytes that the allocator has given out, to whatever part of the process; not the JavaScript heaps. */
  readonly native: number;
  /** Bytes that live in the JavaScript heap of the main thread. */
  readonly heap: number;
  /** Bytes, after what is free was given back. */
  readonly rss: number;
}

const memory = allocator();
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @param wanted the descriptors and threads that there were before: they may still be on their way there */
export async function footprint(
  wanted: Pick<Footprint, "fds" | "threads"> | undefined,
): Promise<Footprint> {
  for (let n = 0; n < COLLECTIONS; n++) {
    collectGarbage();
    await turn();
  }
  const reading = () => ({ fds: openDescriptors(), threads: threadIds().length });
  const settled = ({ fds, threads }: ReturnType<typeof reading>) =>
    wanted === undefined || (fds === wanted.fds && threads === wanted.threads);
  const limit = performance.now() + SETTLE_LIMIT_MS;
  let seen = reading();
  while (!settled(seen) && performance.now() < limit) {
    await turn();
    seen = reading();
  }
  memory.giveBack();
  const { rss, heapUsed } = process.memoryUsage();
  return { ...seen, kinds: descriptorKinds(), native: memory.inUse(), heap: heapUsed, rss };
}
