/** How long a thread was ready to run and had no processor. Linux tells it, of each thread; elsewhere it is 0. */
import { closeSync, openSync, readSync } from "node:fs";

const BYTES = 64;
const SPACE = 32;
const ZERO = 48;

export interface ProcessorWait {
  /** Since the thread began. */
  readonly totalMs: () => number;
  readonly close: () => void;
}

/** @param threadId as the system has it; without it, the calling thread */
export function processorWait(threadId?: number): ProcessorWait {
  const thread = threadId === undefined ? "thread-self" : `self/task/${threadId}`;
  const file = openIfAny(`/proc/${thread}/schedstat`);
  if (file === undefined) return { totalMs: () => 0, close() {} };
  const bytes = Buffer.alloc(BYTES);
  return {
    totalMs() {
      readSync(file, bytes, 0, BYTES, 0);
      return secondNumber(bytes) / 1e6;
    },
    close: () => closeSync(file),
  };
}

/** Nanoseconds on a processor, nanoseconds waiting for one, turns. No text is made: that would be garbage. */
function secondNumber(bytes: Buffer): number {
  let number = 0;
  for (let at = bytes.indexOf(SPACE) + 1; bytes[at] !== SPACE; at++) {
    number = 10 * number + (bytes[at] as number) - ZERO;
  }
  return number;
}

function openIfAny(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
  }
}
