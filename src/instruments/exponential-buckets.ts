import { wrapForeign } from "../native/failures.js";
import { MetricsRecorderUnexpectedError } from "../recorder/errors.js";
import * as index from "./exponential-index.js";
import * as windows from "./exponential-windows.js";
import type { InstrumentParts } from "./instrument-parts.js";
import type { SlotMemory } from "./slots.js";

// Constants of this module, which the engine folds; through an import they would be loaded each time.
const { exponentialIndex } = index;
const { SHIFT, POSITIVE, NEGATIVE, BASE, SIZE, PLACE } = windows;

const MIN = 1;
const MAX = 2;
const ZEROS = 3;

/** How many slots a series has, with the words of its windows. */
export const EXPONENTIAL_WIDTH = 8;

/** The buckets of a series for positive values. */
export interface PositiveWindow extends windows.Window {
  /** By how much the scale is below 8. */
  readonly shift: number;
  readonly counts: Float64Array;
  /** The index of the first count. */
  readonly first: number;
}

/** Writes a value to the slots of its series, at `first`, and to the count of its bucket. */
export function countIn(
  f64: Float64Array,
  first: number,
  value: number,
  counts: Float64Array,
  count: number,
): void {
  // In the order of explicit histograms, for the same reasons.
  if (value < (f64[first + MIN] as number)) f64[first + MIN] = value;
  if (value > (f64[first + MAX] as number)) f64[first + MAX] = value;
  f64[first] = (f64[first] as number) + value;
  counts[count] = (counts[count] as number) + 1;
}

/** The series of one exponential histogram as one thread writes them. */
export class ExponentialBuckets {
  readonly #memory: SlotMemory;
  readonly #windows: windows.ExponentialWindows;
  /** How often a window was exchanged for another: what was read of them before may be old. */
  moves = 0;

  constructor({ memory, native, settings }: InstrumentParts) {
    index.prepareExponentialIndex();
    this.#memory = memory;
    this.#windows = new windows.ExponentialWindows(memory, native, settings.maxSize);
  }

  /**
   * Whether it was counted; else no slot is read any more. On the hot path.
   *
   * @param value finite
   * @throws MetricsRecorderUnexpectedError when memory is refused
   */
  record(place: number, value: number): boolean {
    const f64 = this.#memory.chunkOf(place);
    const first = this.#memory.indexOf(place);
    let counts = f64;
    let count = first + ZEROS;
    if (value !== 0) {
      const words = this.#memory.wordsOf(place);
      const shift = 2 * first + SHIFT;
      const sign = value > 0 ? POSITIVE : NEGATIVE;
      const window = 2 * first + sign;
      const exact = exponentialIndex(Math.abs(value));
      let bucket = (exact >> (words[shift] as number)) - (words[window + BASE] as number);
      if (bucket < 0 || bucket >= (words[window + SIZE] as number)) {
        if (!this.#cover(place, sign, exact)) return false;
        bucket = (exact >> (words[shift] as number)) - (words[window + BASE] as number);
      }
      const at = words[window + PLACE] as number;
      counts = this.#memory.chunkOf(at);
      count = this.#memory.indexOf(at) + bucket;
    }
    countIn(f64, first, value, counts, count);
    return true;
  }

  /** Where the positive values of a series are counted, until something moves. */
  positiveWindow(place: number): PositiveWindow {
    const words = this.#memory.wordsOf(place);
    const at = 2 * this.#memory.indexOf(place);
    const window = windows.windowAt(words, at + POSITIVE);
    const { f64, first } = this.#memory.at(window.place);
    return { ...window, shift: words[at + SHIFT] as number, counts: f64, first };
  }

  #cover(place: number, sign: number, index: number): boolean {
    this.moves++;
    try {
      return this.#windows.cover(place, sign, index);
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }
}
