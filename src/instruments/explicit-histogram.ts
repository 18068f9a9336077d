import type { BucketFinder } from "./bucket-finder.js";
import { HistogramInstrument, type HistogramSeries, startTimer } from "./histogram.js";
import type { InstrumentParts } from "./instrument-parts.js";
import type { RecorderDoor } from "./recorder-door.js";
import { SeriesSet } from "./series-set.js";
import type { SlotMemory, Slots } from "./slots.js";

const MIN = 1;
const MAX = 2;
const COUNTS = 3;

/** How many slots a series has: the sum, the least, the greatest value, the count of each bucket. */
export function explicitWidth(bounds: readonly number[]): number {
  return COUNTS + bounds.length + 1;
}

/** One series of a histogram with explicit buckets. */
class ExplicitSeries implements HistogramSeries {
  readonly #door: RecorderDoor;
  readonly #f64: Float64Array;
  readonly #first: number;
  readonly #buckets: BucketFinder;

  constructor(door: RecorderDoor, { f64, first }: Slots, buckets: BucketFinder) {
    this.#door = door;
    this.#f64 = f64;
    this.#first = first;
    this.#buckets = buckets;
  }

  record(value: number): boolean {
    if (!this.#door.admits(value, Number.NEGATIVE_INFINITY)) return false;
    recordAt(this.#f64, this.#first, this.#buckets, value);
    return true;
  }

  startTimer(): () => number {
    return startTimer((seconds) => this.record(seconds));
  }
}

export class ExplicitHistogram extends HistogramInstrument {
  readonly #memory: SlotMemory;
  readonly #buckets: BucketFinder;

  constructor(parts: InstrumentParts, buckets: BucketFinder) {
    const { door, memory } = parts;
    super(parts, (place) => new ExplicitSeries(door, memory.at(place), buckets));
    this.#memory = memory;
    this.#buckets = buckets;
  }

  protected override recordAt(place: number, value: number): boolean {
    recordAt(this.#memory.chunkOf(place), this.#memory.indexOf(place), this.#buckets, value);
    return true;
  }
}

/** Without labels: its own only series, so that recording takes no step more than that. */
export class PlainExplicitHistogram extends ExplicitSeries {
  readonly #series: SeriesSet<number>;

  constructor({ door, memory, source }: InstrumentParts, buckets: BucketFinder) {
    const series = new SeriesSet(source, (place) => place);
    super(door, memory.at(series.with({})), buckets);
    this.#series = series;
  }

  override record(value: number, labels?: unknown): boolean {
    // No labels, in so many words.
    if (labels !== undefined && this.#series.placeFor(value, labels) < 0) return false;
    return super.record(value);
  }

  override startTimer(labels: unknown = {}): () => number {
    this.#series.copyOf(labels);
    return super.startTimer();
  }

  labels(labels: unknown): HistogramSeries {
    this.#series.with(labels);
    return this;
  }
}

function recordAt(f64: Float64Array, sum: number, buckets: BucketFinder, value: number): void {
  // The bucket last: what is counted has its part in all the others. The least before the sum: who sees a sum that
  // went down sees why.
  if (value < (f64[sum + MIN] as number)) f64[sum + MIN] = value;
  if (value > (f64[sum + MAX] as number)) f64[sum + MAX] = value;
  f64[sum] = (f64[sum] as number) + value;
  const bucket = sum + COUNTS + buckets.find(value);
  f64[bucket] = (f64[bucket] as number) + 1;
}
