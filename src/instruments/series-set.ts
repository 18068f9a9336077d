import { invalidArgValue } from "../errors/argument-errors.js";
import { isAcceptableLabel, LONGEST_LABEL } from "../events/field-check.js";
import { wrapForeign } from "../native/failures.js";
import { MetricsRecorderUnexpectedError } from "../recorder/errors.js";
import { LabelIndex } from "./label-index.js";
import { checkLabels } from "./labels.js";
import { checkNumber, type RecorderDoor } from "./recorder-door.js";
import { type Expiring, SeriesExpiry } from "./series-expiry.js";

/** Where the series of an instrument come from. */
export interface SeriesSource {
  readonly labelNames: readonly string[];
  readonly door: RecorderDoor;
  /** No value below it can be counted. */
  readonly least: number;
  /** The place of the slots of the series with these labels, which then is known; or of the overflow's. */
  begin(labels: readonly string[]): { readonly place: number; readonly known: boolean };
  /** After how long idle series end; `undefined`: they do not. */
  readonly expireAfterMs: number | undefined;
  /** Whether series may end now; `undefined`: the recorder is gone. */
  expires(): boolean | undefined;
  /**
   * The slots at that place count no more, apart from what is in them, and are free; `false`: not now,
   * and nothing has changed.
   */
  end(place: number): boolean;
}

/** No slot of the index. */
const NONE = -1;
/** No place: there is nothing to write to. Negative, as no place is. */
const NOWHERE = -1;

/** The series of one instrument that one thread has used: where the slots of each are. */
export class SeriesSet<Series> {
  /** Without labels. */
  readonly only: Series | undefined;
  readonly #source: SeriesSource;
  readonly #seriesAt: (place: number) => Series;
  readonly #index: LabelIndex;
  /** Those that were given out, by the number of their label set. */
  readonly #given: Series[] = [];
  readonly #onlyPlace: number;
  readonly #expiry: SeriesExpiry | undefined;

  constructor(source: SeriesSource, seriesAt: (place: number) => Series) {
    this.#source = source;
    this.#seriesAt = seriesAt;
    this.#index = new LabelIndex(source.labelNames);
    const { expireAfterMs } = source;
    if (expireAfterMs !== undefined)
      this.#expiry = new SeriesExpiry(this.#expiring(), expireAfterMs);
    this.#onlyPlace = source.labelNames.length === 0 ? source.begin([]).place : NOWHERE;
    this.only = this.#onlyPlace === NOWHERE ? undefined : seriesAt(this.#onlyPlace);
  }

  /**
   * The place of the series that `value` is for, with labels; `NOWHERE`: it is for none, since it or a
   * label cannot be counted or the recorder is closed.
   *
   * @throws TypeError as {@link with}, apart from labels that cannot be counted
   * @throws MetricsRecorderUnexpectedError for what a getter throws, and when memory is refused
   */
  placeFor(value: number, labels: unknown): number {
    try {
      const slot = this.#index.find(labels);
      if (slot === NONE) return this.#beginFor(value, labels);
      if (this.#expiry !== undefined) this.#index.touch(slot);
      return this.#index.placeAt(slot);
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }

  /**
   * The series with these labels, the same each time.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` unless each label is there, as a
   * string that can be counted, and no other
   */
  with(labels: unknown): Series {
    try {
      const slot = this.#index.find(labels);
      return slot === NONE ? this.#beginWith(labels) : this.#give(slot);
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }

  /**
   * The labels as they are now, for later; no series is begun.
   *
   * @throws as {@link with}
   */
  copyOf(labels: unknown): object {
    try {
      const values = this.#acceptable(labels);
      return Object.fromEntries(this.#source.labelNames.map((name, at) => [name, values[at]]));
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }

  /** Ends those whose slots are at other places. */
  keepOnly(places: ReadonlySet<number>): void {
    for (const slot of this.#index.slots()) {
      if (!places.has(this.#index.placeAt(slot))) this.#end(slot);
    }
  }

  #beginWith(labels: unknown): Series {
    const values = this.#acceptable(labels);
    if (this.only !== undefined) return this.only;
    const place = this.#begin(values);
    const slot = this.#index.findValues(values);
    return slot === NONE ? this.#seriesAt(place) : this.#give(slot);
  }

  #acceptable(labels: unknown): readonly string[] {
    const { labelNames } = this.#source;
    const values = checkLabels(labelNames, labels);
    const refused = values.findIndex((value) => !isAcceptableLabel(value));
    if (refused < 0) return values;
    const reason = `must have at most ${LONGEST_LABEL} characters and no lone surrogates`;
    throw invalidArgValue(`labels.${labelNames[refused]}`, reason, values[refused]);
  }

  #give(slot: number): Series {
    const set = this.#index.setAt(slot);
    const given = this.#given[set];
    if (given !== undefined) return given;
    const series = this.#seriesAt(this.#index.placeAt(slot));
    this.#given[set] = series;
    return series;
  }

  #beginFor(value: number, labels: unknown): number {
    const { door, labelNames, least } = this.#source;
    checkNumber(value);
    const values = checkLabels(labelNames, labels);
    if (!door.admits(value, least)) return NOWHERE;
    if (values.every(isAcceptableLabel)) return this.#begin(values);
    door.countInvalid();
    return NOWHERE;
  }

  #begin(values: readonly string[]): number {
    if (this.#onlyPlace !== NOWHERE) return this.#onlyPlace;
    const slot = this.#index.findValues(values);
    if (slot !== NONE) return this.#index.placeAt(slot);
    const { place, known } = this.#source.begin(values);
    // What overflows is not remembered, so that a flood of values costs no memory.
    if (!known) return place;
    this.#index.add(values, place);
    this.#expiry?.begin();
    return place;
  }

  #expiring(): Expiring {
    return {
      index: this.#index,
      expires: () => this.#source.expires(),
      end: (slot) => {
        // Who was given a series may write to it whenever he likes.
        if (this.#given[this.#index.setAt(slot)] === undefined) this.#end(slot);
      },
    };
  }

  #end(slot: number): void {
    if (this.#source.end(this.#index.placeAt(slot))) this.#index.remove(slot);
  }
}
