/**
 * Values that are asked for when somebody looks: the callbacks of observable gauges run before this
 * thread's own snapshot of their recorder, and on a turn of this thread's loop when another thread
 * takes one. `native/core/observers.h` is what the threads know of each other.
 */
import type { NativeRecorder, NativeRuntime } from "../native/boundary.js";
import { unwatchTurns, watchTurns } from "../native/turns.js";
import type { EventQueue } from "./event-queue.js";

/** Something with a callback of the user. */
export interface Observed {
  /** Runs it once. `false`: it has failed. Never throws. */
  observe(): boolean;
  /** The recorder has ended: it will not be run again. */
  release(): void;
}

/** Whether this thread is inside a callback: there a snapshot runs none, and asks nobody for theirs. */
let observing = false;

/** Those with something to observe, while their recorder lives. */
const asked = new Set<Observations>();

/** What one thread observes in one recorder, by one of its handles on it. */
export class Observations {
  readonly #native: NativeRecorder;
  readonly #queue: EventQueue;
  /** In the order of registration. */
  readonly #observed: Observed[] = [];

  constructor(native: NativeRecorder, queue: EventQueue) {
    this.#native = native;
    this.#queue = queue;
  }

  /**
   * From now on it is observed; once, however often it is added.
   *
   * @throws when the system refuses what that needs; then it is not
   */
  add(observed: Observed): void {
    if (this.#observed.includes(observed)) return;
    watchTurns(observeOnTurn);
    this.#native.addObserver();
    asked.add(this);
    this.#observed.push(observed);
    this.#forgetWhenGone();
  }

  /**
   * Before a snapshot by this thread: runs every callback that it has for this recorder once, while
   * that is open.
   *
   * @returns whether the other threads are to observe for it too
   */
  observe(): boolean {
    if (!this.#queue.open) return false;
    return Observations.#observeOnce((other) => this.#isOfSame(other));
  }

  /** As {@link observe}, before somebody looks at all of a runtime: every callback that this thread has in it. */
  static observeAll(runtime: NativeRuntime): boolean {
    return Observations.#observeOnce((observations) => runtime.owns(observations.#native));
  }

  /** @returns `false` inside a callback, where none is run */
  static #observeOnce(chosen: (observations: Observations) => boolean): boolean {
    if (observing) return false;
    observing = true;
    try {
      // Those that a callback registers have their turn the next time.
      for (const observations of [...asked].filter(chosen)) observations.#observeHere();
    } finally {
      observing = false;
    }
    return true;
  }

  #observeHere(): void {
    if (!this.#queue.open) return;
    for (const observed of [...this.#observed]) {
      if (!observed.observe()) this.#native.countObservationFailure();
    }
  }

  /** On a turn: another thread may look. An answer that says nothing new is one too. */
  answer(): void {
    this.#forgetWhenGone();
    const round = this.#native.observationAsked();
    if (round === 0) return;
    this.observe();
    this.#native.observed(round);
  }

  #isOfSame(other: Observations): boolean {
    return other === this || other.#native.isHandleOfSame(this.#native);
  }

  /** After the end of the recorder nobody asks, and what the callbacks hold is held no more. */
  #forgetWhenGone(): void {
    if (!this.#native.letGo()) return;
    for (const observed of this.#observed.splice(0)) observed.release();
    asked.delete(this);
    if (asked.size === 0) unwatchTurns(observeOnTurn);
  }
}

function observeOnTurn(): void {
  for (const observations of [...asked]) observations.answer();
}
