import { checkInteger, checkOptions } from "../../errors/argument-checks.js";
import type { LogEvent, LogEventSink } from "../log-event.js";

const DEFAULT_MAX_EVENTS = 10_000;
const MAX_EVENTS_LIMIT = 1_000_000;

/** How much is kept. */
export interface MemorySinkOptions {
  /** How many events are kept: 1 … 1 000 000; default 10 000. The oldest go first. */
  readonly maxEvents?: number | undefined;
}

/** Keeps log events, for tests and to look at. */
export interface MemorySink extends LogEventSink {
  /** Those kept now, the oldest first: a copy when some have come or gone since it was last read. */
  readonly events: readonly LogEvent[];
  /** Forgets all of them. */
  clear(): void;
}

/**
 * Keeps log events in memory: for tests.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; RangeError `ERR_OUT_OF_RANGE`
 */
export function memorySink(options: MemorySinkOptions = {}): MemorySink {
  const { maxEvents } = checkOptions("options", options, ["maxEvents"]);
  const most =
    maxEvents === undefined
      ? DEFAULT_MAX_EVENTS
      : checkInteger("options.maxEvents", maxEvents, 1, MAX_EVENTS_LIMIT);
  return new KeptEvents(most);
}

class KeptEvents implements MemorySink {
  readonly #most: number;
  /** A ring, once it is full. */
  readonly #ring: LogEvent[] = [];
  /** Where the oldest is in it. */
  #oldest = 0;
  /** What was shown last, while it holds. */
  #shown: readonly LogEvent[] | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  get events(): readonly LogEvent[] {
    this.#shown ??= Object.freeze([
      ...this.#ring.slice(this.#oldest),
      ...this.#ring.slice(0, this.#oldest),
    ]);
    return this.#shown;
  }

  log(event: LogEvent): void {
    this.#shown = undefined;
    if (this.#ring.length < this.#most) {
      this.#ring.push(event);
      return;
    }
    this.#ring[this.#oldest] = event;
    this.#oldest = (this.#oldest + 1) % this.#most;
  }

  clear(): void {
    this.#ring.length = 0;
    this.#oldest = 0;
    this.#shown = undefined;
  }
}
