import type { InstrumentParts } from "./instrument-parts.js";
import type { Labels } from "./labels.js";
import type { RecorderDoor } from "./recorder-door.js";
import { SeriesSet } from "./series-set.js";
import type { SlotMemory, Slots } from "./slots.js";
import type { Verb } from "./verb.js";

/** What adds up: the value is the sum over all threads. This object belongs to one thread. */
interface Adding<LabelName extends string> {
  /**
   * Adds to the series with these labels; 1, if nothing is said.
   *
   * @returns `false`, and nothing has changed: the recorder is neither STARTING nor RUNNING; or the
   * value or a label cannot be counted (NaN, ±Infinity, a text that is too long or has lone
   * surrogates), which is counted in `getStats().invalid`
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for a value or a label of the
   * wrong type, a label that is missing and one that was not declared
   */
  add(...verb: Verb<LabelName, [value?: number], [value: number | undefined]>): boolean;
  /**
   * The series with these labels, to keep: adding to it looks nothing up.
   *
   * @throws TypeError as {@link add}, and `ERR_INVALID_ARG_VALUE` for a label that cannot be counted
   */
  labels(labels: Labels<LabelName>): CounterSeries;
}

/** A number that only grows; made by `MetricsRecorder.counter`. A negative step cannot be counted. */
export interface Counter<LabelName extends string = never> extends Adding<LabelName> {}

/** A number that goes up and down; made by `MetricsRecorder.upDownCounter`. */
export interface UpDownCounter<LabelName extends string = never> extends Adding<LabelName> {}

/** One series of a counter, to keep. It belongs to one thread. */
export class CounterSeries {
  readonly #door: RecorderDoor;
  readonly #f64: Float64Array;
  readonly #index: number;
  readonly #least: number;

  /** @internal */
  constructor(door: RecorderDoor, { f64, first }: Slots, least: number) {
    this.#door = door;
    this.#f64 = f64;
    this.#index = first;
    this.#least = least;
  }

  /** As `Counter.add`, without labels. */
  add(value = 1): boolean {
    if (!this.#door.admits(value, this.#least)) return false;
    const f64 = this.#f64;
    const index = this.#index;
    f64[index] = (f64[index] as number) + value;
    return true;
  }
}

/** Behind {@link Counter} and {@link UpDownCounter} with labels. */
export class LabelledCounter {
  readonly #door: RecorderDoor;
  readonly #least: number;
  readonly #memory: SlotMemory;
  readonly #series: SeriesSet<CounterSeries>;

  constructor({ door, memory, source }: InstrumentParts, least: number) {
    this.#door = door;
    this.#least = least;
    this.#memory = memory;
    const seriesAt = (place: number) => new CounterSeries(door, memory.at(place), least);
    this.#series = new SeriesSet(source, seriesAt);
  }

  add(value = 1, labels?: unknown): boolean {
    const place = this.#series.placeFor(value, labels);
    if (place < 0 || !this.#door.admits(value, this.#least)) return false;
    const f64 = this.#memory.chunkOf(place);
    const index = this.#memory.indexOf(place);
    f64[index] = (f64[index] as number) + value;
    return true;
  }

  labels(labels: unknown): CounterSeries {
    return this.#series.with(labels);
  }
}

/** Behind them without labels: its own only series, so that adding takes no step more than that. */
export class PlainCounter extends CounterSeries {
  readonly #series: SeriesSet<number>;

  constructor({ door, memory, source }: InstrumentParts, least: number) {
    const series = new SeriesSet(source, (place) => place);
    super(door, memory.at(series.with({})), least);
    this.#series = series;
  }

  override add(value = 1, labels?: unknown): boolean {
    // No labels, in so many words.
    if (labels !== undefined && this.#series.placeFor(value, labels) < 0) return false;
    return super.add(value);
  }

  labels(labels: unknown): CounterSeries {
    this.#series.with(labels);
    return this;
  }
}

/** What either of them is for its kind. */
export type CounterInstrument = LabelledCounter | PlainCounter;
