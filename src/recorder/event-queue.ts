import * as layout from "../native/ring-layout.js";
import { MetricsRecorderState } from "./recorder-state.js";

const RUNNING = Object.keys(MetricsRecorderState).indexOf(MetricsRecorderState.RUNNING);
const STARTING = Object.keys(MetricsRecorderState).indexOf(MetricsRecorderState.STARTING);

/**
 * x86 makes stores visible in program order, and V8 keeps the order of typed-array stores, so there
 * a plain store of the tail publishes (a sequence-checked soak test guards this). Elsewhere every
 * event pays for `Atomics.store`.
 */
const STORES_STAY_IN_ORDER = process.arch === "x64" || process.arch === "ia32";

const MOST_EVENTS_BETWEEN_CHECKS = 64;

/**
 * The producer's end of one ring: one recorder, one JavaScript thread, one writer. The native end is
 * `native/core/event_ring.h`; `native/core/ring_layout.h` has the words the two share.
 *
 * A record is written in place at `cursor`, where there is always room for one more than the bound,
 * and only then published by moving the tail. What is abandoned before that never existed.
 */
export class EventQueue {
  /** The ring's shared memory, seen as 4-byte and as 8-byte words. */
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  readonly queueMaxSize: number;
  /** Where the next record goes, as an index into `f64`. */
  cursor = layout.RECORDS;
  /** Events published, modulo 2^32, as an int32. */
  tail = 0;

  readonly #wake: () => void;
  readonly #end: number;
  readonly #halfFull: number;
  readonly #checkEvery: number;
  /** The head when it was last looked at: the truth is at or after it. */
  #headSeen = 0;
  #untilCheck: number;

  /**
   * @param wake asks the runtime thread for a turn
   * @throws RangeError when the memory is refused
   */
  constructor(queueMaxSize: number, wake: () => void) {
    const memory = new SharedArrayBuffer(layout.ringBytes(queueMaxSize));
    this.i32 = new Int32Array(memory);
    this.f64 = new Float64Array(memory);
    this.queueMaxSize = queueMaxSize;
    this.#wake = wake;
    this.#end = layout.RECORDS + layout.recordWords(queueMaxSize);
    this.#halfFull = Math.ceil(queueMaxSize / 2);
    this.#checkEvery = Math.max(1, Math.min(MOST_EVENTS_BETWEEN_CHECKS, queueMaxSize >> 2));
    this.#untilCheck = this.#checkEvery;
  }

  /** Whether the recorder takes events, as this thread sees it. */
  get open(): boolean {
    const state = this.i32[layout.STATE];
    return state === RUNNING || state === STARTING;
  }

  /** The recorder's state, as an index; only what this queue was told. */
  get state(): number {
    return this.i32[layout.STATE] ?? 0;
  }

  /** Whether the bound is reached now. If so, the runtime thread has been asked to drain. */
  full(): boolean {
    if (((this.tail - this.#headSeen) | 0) < this.queueMaxSize) return false;
    // Acquire (a plain load is one on x86): what the consumer read from a slot, it read before it
    // moved the head past it.
    this.#headSeen = STORES_STAY_IN_ORDER
      ? (this.i32[layout.HEAD] ?? 0)
      : Atomics.load(this.i32, layout.HEAD);
    if (((this.tail - this.#headSeen) | 0) < this.queueMaxSize) return false;
    // A plain look first keeps a flood of drops cheap; should it be stale, the next event looks again.
    if (this.i32[layout.WAKE] === 0) this.#requestDrain();
    return true;
  }

  /** Publishes the record of `words` words at `cursor`. The queue is open and not full. */
  publish(words: number): void {
    const cursor = this.cursor + words;
    // The consumer wraps by the same rule, so the place of a record need not be told.
    this.cursor = this.#end - cursor < layout.MAX_RECORD_WORDS ? layout.RECORDS : cursor;
    const tail = (this.tail + 1) | 0;
    this.tail = tail;
    if (STORES_STAY_IN_ORDER) {
      this.i32[layout.TAIL] = tail;
    } else {
      Atomics.store(this.i32, layout.TAIL, tail);
    }
    if (--this.#untilCheck === 0) this.#check();
  }

  countDropped(): void {
    this.f64[layout.DROPPED_F64] = (this.f64[layout.DROPPED_F64] ?? 0) + 1;
  }

  countInvalid(): void {
    this.f64[layout.INVALID_F64] = (this.f64[layout.INVALID_F64] ?? 0) + 1;
  }

  #check(): void {
    this.#untilCheck = this.#checkEvery;
    // Sequentially consistent, before the wake word: see #requestDrain.
    Atomics.store(this.i32, layout.TAIL, this.tail);
    this.#headSeen = Atomics.load(this.i32, layout.HEAD);
    if (((this.tail - this.#headSeen) | 0) >= this.#halfFull) this.#requestDrain();
  }

  /**
   * One wake until the consumer begins its next drain. It resets the word (sequentially consistent)
   * before it reads the tail; we have stored the tail (likewise) before we set the word. So either
   * it sees our tail, or we see its 0 and wake it.
   */
  #requestDrain(): void {
    Atomics.store(this.i32, layout.TAIL, this.tail);
    if (Atomics.exchange(this.i32, layout.WAKE, 1) === 0) this.#wake();
  }
}
