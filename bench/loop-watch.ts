/**
 * How long the event loop of this thread is held up, as the loop itself sees it: an immediate in each of its turns
 * looks at the clock, and sleeps for a moment, too short to be missed. So the time between two turns is what some
 * callback took, or what the system kept the thread waiting for a processor. On Linux the two are told apart. It
 * sleeps because a loop that spins leaves garbage with every turn, whose collection would be what is seen, and uses up
 * its share of a busy machine's processors.
 *
 * Beside it `perf_hooks.monitorEventLoopDelay`, which others quote: a timer of 1 ms that has its own millisecond in
 * every figure, and does not see what begins and ends between two of its ticks.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { processorWait } from "./processor-wait.js";

/** The system adds some 60 µs. */
const SLEEP_MS = 0.05;
const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

export interface LoopGaps {
  /** The longest time between two turns. */
  readonly longestMs: number;
  /** The same without the time in which the thread could run and had no processor; not for less than it, if unknown. */
  readonly longestHeldMs: number;
  /** The longest that `monitorEventLoopDelay` saw; 0 when it did not tick. */
  readonly monitorMs: number;
}

/** What it gives ends the watch, once the turn that is under way has been seen too. */
export function watchLoop(): () => Promise<LoopGaps> {
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  const wait = processorWait();
  let before = performance.now();
  let waitedBefore = wait.totalMs();
  let longestMs = 0;
  let longestHeldMs = 0;
  let end: (() => void) | undefined;
  const turn = (): void => {
    Atomics.wait(nobody, 0, 0, SLEEP_MS);
    const now = performance.now();
    const waited = wait.totalMs();
    longestMs = Math.max(longestMs, now - before);
    longestHeldMs = Math.max(longestHeldMs, now - before - (waited - waitedBefore));
    before = now;
    waitedBefore = waited;
    if (end === undefined) setImmediate(turn);
    else end();
  };
  setImmediate(turn);
  return async () => {
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    monitor.disable();
    wait.close();
    return { longestMs, longestHeldMs, monitorMs: monitor.max / 1e6 };
  };
}
