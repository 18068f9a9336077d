import type { NativeRecorder } from "../native/boundary.js";

const FIRST_CHUNK = 512;
const LARGEST_CHUNK = 65_536;

/** Doubles in a row that this thread alone writes and the native side reads. */
export interface Slots {
  readonly f64: Float64Array;
  /** The index of the first. */
  readonly first: number;
}

/**
 * Memory for slots, in chunks of growing size that never move. It is one thread's and one recorder's;
 * the native side reads it until the recorder is removed or the thread ends.
 */
export class SlotMemory {
  readonly #native: NativeRecorder;
  #chunk: Float64Array = new Float64Array(0);
  #used = 0;

  constructor(native: NativeRecorder) {
    this.#native = native;
  }

  /**
   * The slots that come next, at 0; they are taken when `use` says so.
   *
   * @throws RangeError when the memory is refused
   */
  take(width: number, use: (slots: Slots) => boolean): Slots {
    if (this.#used + width > this.#chunk.length) this.#grow(width);
    const slots = { f64: this.#chunk, first: this.#used };
    // Somebody may have prepared them before and then not taken them.
    slots.f64.fill(0, slots.first, slots.first + width);
    if (use(slots)) this.#used += width;
    return slots;
  }

  #grow(width: number): void {
    const size = Math.max(width, FIRST_CHUNK, Math.min(LARGEST_CHUNK, 2 * this.#chunk.length));
    const chunk = new Float64Array(new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT));
    this.#native.holdSlots(chunk);
    this.#chunk = chunk;
    this.#used = 0;
  }
}
