import type { Labels } from "./label-sets.js";
import type { RecorderDoor } from "./recorder-door.js";
import { SeriesSet, type SeriesSource } from "./series-set.js";
import type { Slots } from "./slots.js";
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

/** One series of a gauge, to keep. It belongs to one thread. */
export class GaugeSeries {
  readonly #door: RecorderDoor;
  readonly #f64: Float64Array;
  readonly #index: number;
  readonly #nextSequence: () => number;

  /**
   * @internal
   * @param nextSequence a number that is greater than those before, on whichever thread; not 0
   */
  constructor(door: RecorderDoor, { f64, first }: Slots, nextSequence: () => number) {
    this.#door = door;
    this.#f64 = f64;
    this.#index = first;
    this.#nextSequence = nextSequence;
  }

  /** As `Gauge.set`, without labels. */
  set(value: number): boolean {
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    const f64 = this.#f64;
    const index = this.#index;
    f64[index] = value;
    f64[index + 1] = this.#nextSequence();
    return true;
  }

  /** As `Gauge.add`, without labels. */
  add(value = 1): boolean {
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    return this.set((this.#f64[this.#index] as number) + value);
  }
}

/** Behind {@link Gauge}. */
export class GaugeInstrument {
  readonly #series: SeriesSet<GaugeSeries>;

  constructor(source: SeriesSource<GaugeSeries>) {
    this.#series = new SeriesSet(source);
  }

  set(value: number, labels?: unknown): boolean {
    const series = this.#series.for(value, labels);
    return series === undefined ? false : series.set(value);
  }

  add(value = 1, labels?: unknown): boolean {
    const series = this.#series.for(value, labels);
    return series === undefined ? false : series.add(value);
  }

  labels(labels: unknown): GaugeSeries {
    return this.#series.with(labels);
  }
}
