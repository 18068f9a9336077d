import type { BucketFinder } from "./bucket-finder.js";
import type { InstrumentParts } from "./instrument-parts.js";
import type { Labels } from "./labels.js";
import type { RecorderDoor } from "./recorder-door.js";
import { NOWHERE, SeriesSet } from "./series-set.js";
import { indexOf, type SlotMemory, type Slots } from "./slots.js";
import type { Verb } from "./verb.js";

/**
 * How values are distributed over buckets; made by `MetricsRecorder.histogram`. The counts are the sums
 * over all threads. This object belongs to one thread.
 */
export interface Histogram<LabelName extends string = never> {
  /**
   * @returns `false`, and nothing has changed: the recorder is neither STARTING nor RUNNING; or the
   * value or a label cannot be counted (NaN, ±Infinity, a text that is too long or has lone
   * surrogates), which is counted in `getStats().invalid`
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for a value or a label of the
   * wrong type, a label that is missing and one that was not declared
   */
  record(...verb: Verb<LabelName, [value: number], [value: number]>): boolean;
  /**
   * Takes the time from now on.
   *
   * @returns a function that records the seconds since then, each time it is called, and returns them
   * @throws TypeError as {@link labels}
   */
  startTimer(...verb: Verb<LabelName, [], []>): () => number;
  /**
   * The series with these labels, to keep: recording looks nothing up.
   *
   * @throws TypeError as {@link record}, and `ERR_INVALID_ARG_VALUE` for a label that cannot be counted
   */
  labels(labels: Labels<LabelName>): HistogramSeries;
}

const MIN = 1;
const MAX = 2;
/** The counts of the buckets; before them the sum, the least and the greatest value. */
export const COUNTS = 3;

const MS_PER_SECOND = 1_000;

/** One series of a histogram, to keep. It belongs to one thread. */
export class HistogramSeries {
  readonly #door: RecorderDoor;
  readonly #f64: Float64Array;
  readonly #first: number;
  readonly #buckets: BucketFinder;

  /** @internal */
  constructor(door: RecorderDoor, { f64, first }: Slots, buckets: BucketFinder) {
    this.#door = door;
    this.#f64 = f64;
    this.#first = first;
    this.#buckets = buckets;
  }

  /** As `Histogram.record`, without labels. */
  record(value: number): boolean {
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    recordAt(this.#f64, this.#first, this.#buckets, value);
    return true;
  }

  /** As `Histogram.startTimer`, without labels. */
  startTimer(): () => number {
    const begin = performance.now();
    return () => {
      const seconds = (performance.now() - begin) / MS_PER_SECOND;
      this.record(seconds);
      return seconds;
    };
  }
}

/** Behind {@link Histogram}. */
export class HistogramInstrument {
  readonly #door: RecorderDoor;
  readonly #memory: SlotMemory;
  readonly #series: SeriesSet<HistogramSeries>;
  readonly #buckets: BucketFinder;

  constructor({ door, memory, source }: InstrumentParts, buckets: BucketFinder) {
    this.#door = door;
    this.#memory = memory;
    this.#buckets = buckets;
    this.#series = new SeriesSet(
      source,
      (place) => new HistogramSeries(door, memory.at(place), buckets),
    );
  }

  record(value: number, labels?: unknown): boolean {
    if (labels === undefined && this.#series.only !== undefined)
      return this.#series.only.record(value);
    const place = this.#series.placeFor(value, labels);
    if (place === NOWHERE) return false;
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    recordAt(this.#memory.chunkOf(place), indexOf(place), this.#buckets, value);
    return true;
  }

  startTimer(labels: unknown = {}): () => number {
    return this.labels(labels).startTimer();
  }

  labels(labels: unknown): HistogramSeries {
    return this.#series.with(labels);
  }
}

function recordAt(f64: Float64Array, sum: number, buckets: BucketFinder, value: number): void {
  // The bucket last: what is counted has its part in all the others.
  f64[sum] = (f64[sum] as number) + value;
  if (value < (f64[sum + MIN] as number)) f64[sum + MIN] = value;
  if (value > (f64[sum + MAX] as number)) f64[sum + MAX] = value;
  const bucket = sum + COUNTS + buckets.find(value);
  f64[bucket] = (f64[bucket] as number) + 1;
}
