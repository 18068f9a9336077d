import type { NativeRecorder } from "../native/boundary.js";

const FIRST_CHUNK = 512;
const LARGEST_CHUNK_BITS = 16;
const LARGEST_CHUNK = 2 ** LARGEST_CHUNK_BITS;

/** Doubles in a row that this thread alone writes and the native side reads. */
export interface Slots {
  readonly f64: Float64Array;
  /** The index of the first. */
  readonly first: number;
}

/**
 * Memory for slots, in chunks of growing size that never move. It is one thread's and one recorder's;
 * the native side reads it until the recorder is removed, the thread ends or slots are taken back.
 *
 * A place is a small integer that stands for slots: the number of their chunk in its high bits, the
 * index of the first in its low ones.
 */
export class SlotMemory {
  readonly #native: NativeRecorder;
  readonly #chunks: Float64Array[] = [];
  /** The same memory. */
  readonly #words: Int32Array[] = [];
  #length = 0;
  #used = 0;
  /** By width, the places of slots that were given back. */
  readonly #free = new Map<number, number[]>();

  constructor(native: NativeRecorder) {
    this.#native = native;
  }

  /**
   * The place of slots that nobody uses, at 0; at most 2^16 of them.
   *
   * @throws RangeError when the memory is refused
   */
  take(width: number): number {
    const place = this.#free.get(width)?.pop() ?? this.#next(width);
    const { f64, first } = this.at(place);
    f64.fill(0, first, first + width);
    return place;
  }

  /** They are not written any more, and the native side does not read them. */
  give(place: number, width: number): void {
    const free = this.#free.get(width);
    if (free === undefined) this.#free.set(width, [place]);
    else free.push(place);
  }

  at(place: number): Slots {
    return { f64: this.chunkOf(place), first: this.indexOf(place) };
  }

  chunkOf(place: number): Float64Array {
    return this.#chunks[place >>> LARGEST_CHUNK_BITS] as Float64Array;
  }

  /** The index of the first slot in its chunk. */
  indexOf(place: number): number {
    return place & (LARGEST_CHUNK - 1);
  }

  /** The chunk as words of 4 bytes. */
  wordsOf(place: number): Int32Array {
    return this.#words[place >>> LARGEST_CHUNK_BITS] as Int32Array;
  }

  #next(width: number): number {
    if (this.#used + width > this.#length) this.#grow(width);
    const place = (this.#chunks.length - 1) * LARGEST_CHUNK + this.#used;
    this.#used += width;
    return place;
  }

  #grow(width: number): void {
    const length = Math.max(width, FIRST_CHUNK, Math.min(LARGEST_CHUNK, 2 * this.#length));
    const chunk = new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
    this.#native.holdSlots(chunk);
    this.#chunks.push(chunk);
    this.#words.push(new Int32Array(chunk.buffer));
    this.#length = length;
    this.#used = 0;
  }
}
