import * as layout from "../native/ring-layout.js";
import type { EventReader } from "./event-reader.js";
import { MetricsRecorderState } from "./recorder-state.js";

const STATES = Object.keys(MetricsRecorderState);
/** As the ring's state word has it. */
export const RUNNING = STATES.indexOf(MetricsRecorderState.RUNNING);
const STOPPING = STATES.indexOf(MetricsRecorderState.STOPPING);
export const STARTING = STATES.indexOf(MetricsRecorderState.STARTING);
/** As no state word has it. */
const NO_STATE = -1;

/**
 * x86 makes stores visible in program order, and V8 keeps the order of typed-array accesses, so there
 * a plain store of the tail publishes (a sequence-checked soak test guards this). Elsewhere every
 * event pays for `Atomics.store`.
 */
const STORES_STAY_IN_ORDER = process.arch === "x64" || process.arch === "ia32";

const MOST_EVENTS_BETWEEN_LOOKS = 64;

/**
 * The producer's end of one ring: one recorder, one JavaScript thread, one writer. The native end is
 * `native/core/event_ring.h`; `native/core/ring_layout.h` has the words the two share.
 *
 * A record is written in place at `cursor`, where there is always room for one more than the bound,
 * and only then published by moving the tail. What is abandoned before that never existed. From before
 * the writer reads the state until then, the word BUSY is 1: who closes the ring waits for 0.
 *
 * The members are public because the writer (`src/events/record-writer.ts`) is the other half of
 * this class: its functions stand apart so that the engine can inline them.
 */
export class EventQueue {
  /** The ring's shared memory, seen as 4-byte and as 8-byte words. */
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  readonly queueMaxSize: number;
  /** From this cursor on, a record may not fit: the next one goes to the start. */
  readonly wrapAfter: number;
  /** The state in which plain loads and stores will do to publish; `NO_STATE` where they never do. */
  readonly plainState: number;
  /** Where the next record goes, as an index into `f64`. */
  cursor: number;
  /** The tail (an int32) at which the writer must `look` before it publishes. */
  checkAt: number;
  /** Of this thread's own metrics, where there are any. */
  reader: EventReader | undefined;

  readonly #wake: () => void;
  readonly #halfFull: number;
  readonly #lookEvery: number;

  /**
   * @param hasProcessBarrier who closes the ring makes a memory barrier in this thread too, so that
   * setting BUSY and reading the state need none here
   * @param wake asks the runtime thread for a turn
   * @throws RangeError when the memory is refused
   */
  constructor(queueMaxSize: number, hasProcessBarrier: boolean, wake: () => void) {
    const memory = new SharedArrayBuffer(layout.ringBytes(queueMaxSize));
    this.i32 = new Int32Array(memory);
    this.f64 = new Float64Array(memory);
    this.queueMaxSize = queueMaxSize;
    this.wrapAfter = layout.RECORDS + layout.recordWords(queueMaxSize) - layout.MAX_RECORD_WORDS;
    this.plainState = hasProcessBarrier && STORES_STAY_IN_ORDER ? RUNNING : NO_STATE;
    this.cursor = layout.RECORDS;
    this.reader = undefined;
    this.#wake = wake;
    this.#halfFull = Math.ceil(queueMaxSize / 2);
    this.#lookEvery = Math.max(1, Math.min(MOST_EVENTS_BETWEEN_LOOKS, queueMaxSize >> 2));
    this.checkAt = this.#lookEvery;
  }

  /** A queue that was never open, for a recorder that this thread meets after its end. */
  static closed(): EventQueue {
    return new EventQueue(1, false, () => {});
  }

  /** Whether the recorder takes events, as this queue was told. */
  get open(): boolean {
    const state = this.i32[layout.STATE];
    return state === RUNNING || state === STARTING;
  }

  /** Whether a stop is under way: it ends when every event was handled. */
  get stopping(): boolean {
    return Atomics.load(this.i32, layout.STATE) === STOPPING;
  }

  /** Asks the runtime thread for a turn. */
  wake(): void {
    this.#wake();
  }

  /** Whether there is room for one more event. Asks for a drain from half full on. */
  look(): boolean {
    const tail = this.i32[layout.TAIL] ?? 0;
    // Acquire (a plain load is one on x86): what the consumer read from a slot, it read before it
    // moved the head past it.
    const head = STORES_STAY_IN_ORDER
      ? (this.i32[layout.HEAD] ?? 0)
      : Atomics.load(this.i32, layout.HEAD);
    const pending = (tail - head) | 0;
    if (pending >= this.#halfFull) this.#requestDrain(tail, pending >= this.queueMaxSize);
    const free = this.queueMaxSize - Math.max(pending, this.reader?.held(tail) ?? 0);
    if (free <= 0) return false;
    this.checkAt = (tail + Math.min(this.#lookEvery, free)) | 0;
    return true;
  }

  countDropped(): void {
    this.f64[layout.DROPPED_F64] = (this.f64[layout.DROPPED_F64] ?? 0) + 1;
  }

  countInvalid(): void {
    this.f64[layout.INVALID_F64] = (this.f64[layout.INVALID_F64] ?? 0) + 1;
  }

  /**
   * One wake until the consumer begins its next drain. It resets the word (sequentially consistent)
   * before it reads the tail; we store the tail (likewise) before we set the word. So either it sees
   * our tail, or we see its 0 and wake it.
   *
   * In a flood of drops a plain look at the word is enough: should it be stale, the next event
   * looks again.
   */
  #requestDrain(tail: number, flooded: boolean): void {
    if (flooded && this.i32[layout.WAKE] === 1) return;
    Atomics.store(this.i32, layout.TAIL, tail);
    if (Atomics.exchange(this.i32, layout.WAKE, 1) === 0) this.#wake();
  }
}
