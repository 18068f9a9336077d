import { invalidArgType } from "../errors/argument-errors.js";
import type { NativeInstrument } from "../native/boundary.js";
import * as layout from "../native/ring-layout.js";
import * as eventQueue from "../recorder/event-queue.js";

// Constants of this module, which the engine folds; through an import they would be loaded each time.
const { INVALID_F64, SHARED, STATE } = layout;
const { RUNNING, STARTING } = eventQueue;

/** @throws TypeError `ERR_INVALID_ARG_TYPE` */
export function checkNumber(value: unknown): void {
  if (typeof value !== "number") throw invalidArgType("value", "of type number", value);
}

/**
 * Whether an instrument's value comes in, asked before every write; one for each recorder and thread.
 * On the hottest path: nothing is allocated, locked or called that the engine does not inline.
 */
export class RecorderDoor {
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;
  #sequence = 0;

  constructor({ i32, f64 }: eventQueue.EventQueue) {
    this.#i32 = i32;
    this.#f64 = f64;
  }

  /** The recorder is STARTING or RUNNING. */
  get open(): boolean {
    const state = this.#i32[STATE];
    return state === RUNNING || state === STARTING;
  }

  /**
   * Whether the value is to be written: the recorder is open, and the value a finite number that is
   * not below `least`; else it is counted as invalid.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` when it is no number
   */
  admits(value: number, least: number): boolean {
    checkNumber(value);
    if (!this.open) return false;
    // value - value is 0 for finite numbers alone.
    if (value >= least && value - value === 0) return true;
    this.countInvalid();
    return false;
  }

  /**
   * A number that is greater than those before, on whichever thread; not 0. While this thread is the
   * only one that has ever used the recorder, it counts for itself, and the native side is not asked;
   * what that gives is greater than anything counted here. Who is told of another thread has been so
   * before that thread could write.
   */
  nextSequence(native: NativeInstrument): number {
    return this.#i32[SHARED] === 0 ? ++this.#sequence : native.nextSequence();
  }

  countInvalid(): void {
    this.#f64[INVALID_F64] = (this.#f64[INVALID_F64] ?? 0) + 1;
  }
}
