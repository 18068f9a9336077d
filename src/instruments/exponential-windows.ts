import type { NativeBuckets, NativeInstrument } from "../native/boundary.js";
import type { SlotMemory } from "./slots.js";

/**
 * Behind the slots of a series, words of 4 bytes that only this thread uses: by how much the scale is
 * below 8, and for each sign the index of the first bucket in its window, how many there are, and the
 * place of their counts.
 */
export const SHIFT = 8;
export const POSITIVE = 9;
export const NEGATIVE = 12;
export const BASE = 0;
export const SIZE = 1;
export const PLACE = 2;
const SIGNS = [POSITIVE, NEGATIVE] as const;

const FINEST_SCALE = 8;
const FIRST_SIZE = 8;

/** The buckets of one sign: indexes from `base` on. */
export interface Window {
  readonly base: number;
  readonly size: number;
  readonly place: number;
}

/** Indexes from the first to the last. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The windows of buckets that the series of one exponential histogram count in, on one thread.
 *
 * A window never changes its meaning: when a value does not fit, the counts go to another one, and the
 * native side is told, which from then on reads that. So whoever reads finds each count once, also when
 * this thread is terminated in between. It happens some twenty times in the life of a series.
 */
export class ExponentialWindows {
  readonly #memory: SlotMemory;
  readonly #native: NativeInstrument;
  readonly #maxSize: number;

  constructor(memory: SlotMemory, native: NativeInstrument, maxSize: number) {
    this.#memory = memory;
    this.#native = native;
    this.#maxSize = maxSize;
  }

  /**
   * Makes room for an index at scale 8: at the finest scale at which, for each sign, the buckets from
   * the first in use to the last are at most `maxSize`. `false`: no slot is read any more.
   *
   * @param sign `POSITIVE` or `NEGATIVE`
   * @throws RangeError when memory is refused; then nothing has changed
   */
  cover(place: number, sign: number, index: number): boolean {
    const words = this.#memory.wordsOf(place);
    const at = 2 * this.#memory.indexOf(place);
    const shift = words[at + SHIFT] as number;
    const before = SIGNS.map((each) => windowAt(words, at + each));
    const ranges = before.map((window, side) => {
      const used = this.#usedOf(window);
      return SIGNS[side] === sign ? extended(used, index >> shift) : used;
    });
    let by = 0;
    while (ranges.some((range) => widthOf(range, by) > this.#maxSize)) by++;
    const taken: Window[] = [];
    let told = false;
    try {
      const after = before.map((window, side) => {
        const moved = this.#moved(window, ranges[side], by);
        if (moved !== window) taken.push(moved);
        return moved;
      });
      told = this.#tell(place, FINEST_SCALE - shift - by, after);
      if (!told) return false;
      words[at + SHIFT] = shift + by;
      for (const [side, window] of after.entries()) {
        const old = before[side] as Window;
        if (window === old) continue;
        giveBack(this.#memory, old);
        words.set([window.base, window.size, window.place], at + (SIGNS[side] as number));
      }
      return true;
    } finally {
      if (!told) for (const window of taken) giveBack(this.#memory, window);
    }
  }

  #tell(place: number, scale: number, windows: readonly Window[]): boolean {
    const { f64, first } = this.#memory.at(place);
    const described = windows.map(({ base, size, place: at }): NativeBuckets => {
      const counts = this.#memory.at(at);
      return { base, size, chunk: counts.f64, first: counts.first };
    });
    return this.#native.setBuckets(f64, first, scale, described);
  }

  /** Another window for the same counts at a scale lower by `by`; the same where that will do. */
  #moved(window: Window, range: Range | undefined, by: number): Window {
    if (range === undefined) return window;
    const width = widthOf(range, by);
    const first = range.first >> by;
    const fits = first >= window.base && first + width <= window.base + window.size;
    if (by === 0 && fits) return window;
    const size = this.#sizeFor(width, window.size);
    // In the middle, so that values which wander to either side seldom come back here.
    const base = first - ((size - width) >> 1);
    const place = this.#memory.take(size);
    const from = this.#memory.at(window.place);
    const to = this.#memory.at(place);
    for (let bucket = 0; bucket < window.size; bucket++) {
      const count = from.f64[from.first + bucket] as number;
      if (count === 0) continue;
      const target = to.first + ((window.base + bucket) >> by) - base;
      to.f64[target] = (to.f64[target] as number) + count;
    }
    return { base, size, place };
  }

  #sizeFor(width: number, before: number): number {
    let size = Math.max(FIRST_SIZE, before);
    while (size < width) size *= 2;
    return Math.min(size, this.#maxSize);
  }

  #usedOf({ base, size, place }: Window): Range | undefined {
    const { f64, first } = this.#memory.at(place);
    let start = 0;
    let end = size;
    while (start < end && f64[first + start] === 0) start++;
    while (start < end && f64[first + end - 1] === 0) end--;
    return start === end ? undefined : { first: base + start, last: base + end - 1 };
  }
}

/** The windows of a series that is over. */
export function giveBackWindows(memory: SlotMemory, place: number): void {
  const words = memory.wordsOf(place);
  for (const sign of SIGNS) giveBack(memory, windowAt(words, 2 * memory.indexOf(place) + sign));
}

function giveBack(memory: SlotMemory, { size, place }: Window): void {
  if (size > 0) memory.give(place, size);
}

export function windowAt(words: Int32Array, at: number): Window {
  const [base, size, place] = words.subarray(at, at + 3) as unknown as [number, number, number];
  return { base, size, place };
}

function extended(range: Range | undefined, index: number): Range {
  if (range === undefined) return { first: index, last: index };
  return { first: Math.min(range.first, index), last: Math.max(range.last, index) };
}

function widthOf(range: Range | undefined, by: number): number {
  return range === undefined ? 0 : (range.last >> by) - (range.first >> by) + 1;
}
