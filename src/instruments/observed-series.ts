import type { RecorderDoor } from "./recorder-door.js";
import type { Slots } from "./slots.js";

const VALUE = 0;
const SEQUENCE = 1;

/** One series of an observable gauge: the slots of a gauge, whose value can be taken back. */
export class ObservedSeries {
  readonly #door: RecorderDoor;
  readonly #slots: Slots;
  readonly #nextSequence: () => number;

  /** @param nextSequence a number that is greater than those before, on whichever thread; not 0 */
  constructor(door: RecorderDoor, slots: Slots, nextSequence: () => number) {
    this.#door = door;
    this.#slots = slots;
    this.#nextSequence = nextSequence;
  }

  /** As `Gauge.set`, without labels. */
  set(value: number): boolean {
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    const { f64, first } = this.#slots;
    f64[first + VALUE] = value;
    f64[first + SEQUENCE] = this.#nextSequence();
    return true;
  }

  /** From now on it has no value on this thread. */
  takeBack(): void {
    const { f64, first } = this.#slots;
    f64[first + SEQUENCE] = 0;
  }
}
