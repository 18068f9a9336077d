import type { InstrumentParts } from "./instrument-parts.js";
import type { Labels } from "./labels.js";
import type { RecorderDoor } from "./recorder-door.js";
import { SeriesSet } from "./series-set.js";
import type { SlotMemory, Slots } from "./slots.js";
import type { Verb } from "./verb.js";

/**
 * A value that is as it is now; made by `MetricsRecorder.gauge`. Each thread sets a value of its own;
 * `combine` says how they come to one. `null` in a snapshot until it is first set. This object belongs
 * to one thread.
 */
export interface Gauge<LabelName extends string = never> {
  /**
   * @returns `false`, and nothing has changed: the recorder is neither STARTING nor RUNNING; or the
   * value or a label cannot be counted (NaN, ±Infinity, a text that is too long or has lone
   * surrogates), which is counted in `getStats().invalid`
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for a value or a label of the
   * wrong type, a label that is missing and one that was not declared
   */
  set(...verb: Verb<LabelName, [value: number], [value: number]>): boolean;
  /** Sets what this thread has set before (0, if nothing) and `value` together; 1, if nothing is said. */
  add(...verb: Verb<LabelName, [value?: number], [value: number | undefined]>): boolean;
  /**
   * The series with these labels, to keep.
   *
   * @throws TypeError as {@link set}, and `ERR_INVALID_ARG_VALUE` for a label that cannot be counted
   */
  labels(labels: Labels<LabelName>): GaugeSeries;
}

/** A number that is greater than those before, on whichever thread; not 0. */
export type NextSequence = () => number;

export function sequenceFor({ door, native, settings }: InstrumentParts): NextSequence {
  // Without an order between threads, that it was set is all there is to say.
  return settings.combine === "last" ? () => door.nextSequence(native) : () => 1;
}

/** One series of a gauge, to keep. It belongs to one thread. */
export class GaugeSeries {
  readonly #door: RecorderDoor;
  readonly #f64: Float64Array;
  readonly #index: number;
  readonly #nextSequence: NextSequence;

  /** @internal */
  constructor(door: RecorderDoor, { f64, first }: Slots, nextSequence: NextSequence) {
    this.#door = door;
    this.#f64 = f64;
    this.#index = first;
    this.#nextSequence = nextSequence;
  }

  /** As `Gauge.set`, without labels. */
  set(value: number): boolean {
    return setAt(this.#door, this.#f64, this.#index, value, this.#nextSequence);
  }

  /** As `Gauge.add`, without labels. */
  add(value = 1): boolean {
    return addAt(this.#door, this.#f64, this.#index, value, this.#nextSequence);
  }
}

/** Behind {@link Gauge}. */
export class GaugeInstrument {
  readonly #door: RecorderDoor;
  readonly #memory: SlotMemory;
  readonly #series: SeriesSet<GaugeSeries>;
  readonly #only: GaugeSeries | undefined;
  readonly #nextSequence: NextSequence;

  constructor(parts: InstrumentParts) {
    const { door, memory, source } = parts;
    this.#door = door;
    this.#memory = memory;
    this.#nextSequence = sequenceFor(parts);
    this.#series = new SeriesSet(
      source,
      (place) => new GaugeSeries(door, memory.at(place), this.#nextSequence),
    );
    this.#only = this.#series.only;
  }

  set(value: number, labels?: unknown): boolean {
    if (labels === undefined && this.#only !== undefined) return this.#only.set(value);
    const place = this.#series.placeFor(value, labels);
    if (place < 0) return false;
    const f64 = this.#memory.chunkOf(place);
    return setAt(this.#door, f64, this.#memory.indexOf(place), value, this.#nextSequence);
  }

  add(value = 1, labels?: unknown): boolean {
    if (labels === undefined && this.#only !== undefined) return this.#only.add(value);
    const place = this.#series.placeFor(value, labels);
    if (place < 0) return false;
    const f64 = this.#memory.chunkOf(place);
    return addAt(this.#door, f64, this.#memory.indexOf(place), value, this.#nextSequence);
  }

  labels(labels: unknown): GaugeSeries {
    return this.#series.with(labels);
  }
}

export function setAt(
  door: RecorderDoor,
  f64: Float64Array,
  index: number,
  value: number,
  nextSequence: NextSequence,
): boolean {
  if (!door.admits(value, Number.NEGATIVE_INFINITY)) return false;
  const sequence = nextSequence();
  // A thread that is being terminated gets none any more: what it had set before stays.
  if (!(sequence > 0)) return false;
  f64[index] = value;
  f64[index + 1] = sequence;
  return true;
}

/** From now on it has no value on this thread. */
export function unsetAt(f64: Float64Array, index: number): void {
  f64[index + 1] = 0;
}

function addAt(
  door: RecorderDoor,
  f64: Float64Array,
  index: number,
  value: number,
  nextSequence: NextSequence,
): boolean {
  if (!door.admits(value, Number.NEGATIVE_INFINITY)) return false;
  return setAt(door, f64, index, (f64[index] as number) + value, nextSequence);
}
