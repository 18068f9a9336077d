import type { InstrumentParts } from "./instrument-parts.js";
import type { Labels } from "./labels.js";
import type { RecorderDoor } from "./recorder-door.js";
import { SeriesSet } from "./series-set.js";
import type { Slots } from "./slots.js";
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
   * Takes the time from now on, for the labels as they are now; their series begins when it records.
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

/** One series of a histogram, to keep. It belongs to one thread. */
export interface HistogramSeries {
  /** As `Histogram.record`, without labels. */
  record(value: number): boolean;
  /** As `Histogram.startTimer`, without labels. */
  startTimer(): () => number;
}

/** Of the slots of every histogram: behind the sum. */
const MIN = 1;
const MAX = 2;

/** What is in the slots of a series without a value, where it is not 0. */
export function prepareExtremes({ f64, first }: Slots): void {
  f64[first + MIN] = Number.POSITIVE_INFINITY;
  f64[first + MAX] = Number.NEGATIVE_INFINITY;
}

const MS_PER_SECOND = 1_000;

/** Behind every `startTimer`. */
export function startTimer(record: (seconds: number) => boolean): () => number {
  const begin = performance.now();
  return () => {
    const seconds = (performance.now() - begin) / MS_PER_SECOND;
    record(seconds);
    return seconds;
  };
}

/** Behind {@link Histogram}, whatever its buckets. */
export abstract class HistogramInstrument {
  readonly #door: RecorderDoor;
  readonly #series: SeriesSet<HistogramSeries>;

  constructor({ door, source }: InstrumentParts, seriesAt: (place: number) => HistogramSeries) {
    this.#door = door;
    this.#series = new SeriesSet(source, seriesAt);
  }

  /** Whether it was counted; the value can be, and the recorder is open. */
  protected abstract recordAt(place: number, value: number): boolean;

  record(value: number, labels?: unknown): boolean {
    const { only } = this.#series;
    if (labels === undefined && only !== undefined) return only.record(value);
    const place = this.#series.placeFor(value, labels);
    if (place < 0) return false;
    return this.#door.admits(value, Number.NEGATIVE_INFINITY) && this.recordAt(place, value);
  }

  startTimer(labels: unknown = {}): () => number {
    // The labels of now; their series begins, and its time to end, when there is something to record.
    const own = this.#series.copyOf(labels);
    return startTimer((seconds) => this.record(seconds, own));
  }

  labels(labels: unknown): HistogramSeries {
    return this.#series.with(labels);
  }
}
