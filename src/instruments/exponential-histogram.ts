import * as exponentialBuckets from "./exponential-buckets.js";
import * as index from "./exponential-index.js";
import { HistogramInstrument, type HistogramSeries, startTimer } from "./histogram.js";
import type { InstrumentParts } from "./instrument-parts.js";
import type { RecorderDoor } from "./recorder-door.js";

// Constants of this module, which the engine folds; through an import they would be loaded each time.
const { countIn, ExponentialBuckets } = exponentialBuckets;
const { exponentialIndex } = index;
type ExponentialBuckets = exponentialBuckets.ExponentialBuckets;

/** No bucket; no number of moves. */
const NONE = -1;
const NEVER = -1;

/**
 * One series of a histogram with exponential buckets. It remembers where positive values are counted,
 * until some window of the histogram moves.
 */
class ExponentialSeries implements HistogramSeries {
  readonly #door: RecorderDoor;
  readonly #buckets: ExponentialBuckets;
  readonly #place: number;
  readonly #f64: Float64Array;
  readonly #first: number;
  #moves = NEVER;
  #shift = 0;
  #base = 0;
  #size = 0;
  #counts: Float64Array;
  #firstCount = 0;

  constructor({ door, memory }: InstrumentParts, buckets: ExponentialBuckets, place: number) {
    this.#door = door;
    this.#buckets = buckets;
    this.#place = place;
    this.#f64 = memory.chunkOf(place);
    this.#first = memory.indexOf(place);
    this.#counts = this.#f64;
  }

  record(value: number): boolean {
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    if (this.#moves !== this.#buckets.moves) this.#look();
    const bucket = value > 0 ? (exponentialIndex(value) >> this.#shift) - this.#base : NONE;
    if (bucket < 0 || bucket >= this.#size) return this.#buckets.record(this.#place, value);
    countIn(this.#f64, this.#first, value, this.#counts, this.#firstCount + bucket);
    return true;
  }

  startTimer(): () => number {
    return startTimer((seconds) => this.record(seconds));
  }

  #look(): void {
    const { shift, base, size, counts, first } = this.#buckets.positiveWindow(this.#place);
    this.#shift = shift;
    this.#base = base;
    this.#size = size;
    this.#counts = counts;
    this.#firstCount = first;
    this.#moves = this.#buckets.moves;
  }
}

export class ExponentialHistogram extends HistogramInstrument {
  readonly #buckets: ExponentialBuckets;

  constructor(parts: InstrumentParts) {
    const buckets = new ExponentialBuckets(parts);
    super(parts, (place) => new ExponentialSeries(parts, buckets, place));
    this.#buckets = buckets;
  }

  protected override recordAt(place: number, value: number): boolean {
    return this.#buckets.record(place, value);
  }
}
