/** Where a number's bits are looked at; the words are little-endian wherever Node.js runs. */
const number = new Float64Array(1);
const words = new Int32Array(number.buffer);
const HIGH = 1;

const MANTISSA_BITS = 20;
/** A step is at least an eighth of an octave long … */
const FINEST_SHIFT = MANTISSA_BITS - 3;
/** … and longer where that would be too many of them. */
const MOST_STEPS = 4_096;

/**
 * Finds the bucket of a value among explicit bounds: from its bits, read as an integer, the step that
 * it lies in, and from that the first bound that may be its own. Between two steps there is hardly
 * ever more than one bound, so it takes a few comparisons, however many bounds there are, and the
 * branch is mostly predicted.
 *
 * Steps cover the positive bounds. Values below them are looked for among the bounds that are left.
 */
export class BucketFinder {
  /** The bounds, and Infinity, which stops every search. */
  readonly #bounds: Float64Array;
  /** For each step the first bound that is not below it. */
  readonly #starts: Uint16Array;
  readonly #shift: number;
  readonly #firstStep: number;
  /** The first bucket with a bound above 0. */
  readonly #firstPositive: number;

  /** @param bounds finite and strictly increasing, upper bounds of their buckets, 1 … 1 000 of them */
  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from([...bounds, Number.POSITIVE_INFINITY]);
    const positive = bounds.filter((bound) => bound > 0);
    this.#firstPositive = bounds.length - positive.length;
    const least = highWord(positive.at(0) ?? Number.POSITIVE_INFINITY);
    const greatest = highWord(positive.at(-1) ?? Number.POSITIVE_INFINITY);
    let shift = FINEST_SHIFT;
    while ((greatest >> shift) - (least >> shift) >= MOST_STEPS) shift++;
    this.#shift = shift;
    this.#firstStep = least >> shift;
    const steps = (greatest >> shift) - this.#firstStep + 1;
    this.#starts = Uint16Array.from({ length: steps + 1 }, (_, step) =>
      step === steps ? bounds.length : this.#search(startOf(this.#firstStep + step, shift)),
    );
  }

  /** The first bucket whose bound is not below the value, which is finite. On the hot path. */
  find(value: number): number {
    number[0] = value;
    const step = ((words[HIGH] as number) >> this.#shift) - this.#firstStep;
    if (step < 0)
      return value > 0 || this.#firstPositive === 0 ? this.#firstPositive : this.#search(value);
    const starts = this.#starts;
    let bucket = starts[step < starts.length ? step : starts.length - 1] as number;
    while ((this.#bounds[bucket] as number) < value) bucket++;
    return bucket;
  }

  /** Among all bounds, by halves. */
  #search(value: number): number {
    let bucket = 0;
    for (let left = this.#bounds.length - 1; left > 0; ) {
      const half = (left + 1) >> 1;
      if ((this.#bounds[bucket + half - 1] as number) < value) bucket += half;
      left -= half;
    }
    return bucket;
  }
}

function highWord(value: number): number {
  number[0] = value;
  return words[HIGH] as number;
}

/** The least number of a step. */
function startOf(step: number, shift: number): number {
  words[0] = 0;
  words[HIGH] = step << shift;
  return number[0] as number;
}
