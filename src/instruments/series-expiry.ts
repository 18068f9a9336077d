import type { LabelIndex } from "./label-index.js";

/** How many slots one slice of a sweep looks at: it holds up the event loop for about a millisecond … */
const LEAST_SLICE = 1_024;
/** … and for more in a large table, whose sweep is to be over after so many turns of a busy loop. */
const MOST_SLICES = 64;

/** A set of series as its sweeps see it. */
export interface Expiring {
  readonly index: LabelIndex;
  /** Whether series may expire now; `undefined`: none ever will again. */
  readonly expires: () => boolean | undefined;
  /** Ends the series in that slot, unless it is one to keep. */
  readonly end: (slot: number) => void;
}

/**
 * Frees the series of one instrument and thread that nobody has written to for a while: each period is
 * a turn, and what was last used in the turn before the one before has been idle for at least one
 * whole period. On a timer of that thread that keeps no process alive, in slices, which do for the
 * moment that a sweep takes: else the loop would sleep between them.
 */
export class SeriesExpiry {
  readonly #expiring: Expiring;
  readonly #periodMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sweeps = false;

  constructor(expiring: Expiring, periodMs: number) {
    this.#expiring = expiring;
    this.#periodMs = periodMs;
  }

  /** There are series. The timer does not keep them in memory. */
  begin(): void {
    if (this.#timer !== undefined) return;
    const weak = new WeakRef(this);
    const timer = setInterval(() => {
      const expiry = weak.deref();
      if (expiry === undefined) clearInterval(timer);
      else expiry.#turn();
    }, this.#periodMs).unref();
    this.#timer = timer;
  }

  #turn(): void {
    const { index, expires } = this.#expiring;
    const now = expires();
    if (now === undefined || index.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (now && !this.#sweeps) {
      index.nextTurn();
      this.#sweep(0);
    }
  }

  #sweep(first: number): void {
    const { index, expires, end } = this.#expiring;
    this.#sweeps = expires() === true;
    if (!this.#sweeps) return;
    const slice = Math.max(LEAST_SLICE, Math.ceil(index.capacity / MOST_SLICES));
    for (const slot of index.idleSlots(first, slice)) end(slot);
    const next = first + slice;
    this.#sweeps = next < index.capacity;
    if (this.#sweeps) setImmediate(() => this.#sweep(next));
  }
}
