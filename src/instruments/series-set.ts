import { invalidArgValue } from "../errors/argument-errors.js";
import { isAcceptableLabel, LONGEST_LABEL } from "../events/field-check.js";
import { wrapForeign } from "../native/failures.js";
import { MetricsRecorderUnexpectedError } from "../recorder/errors.js";
import { LabelSets } from "./label-sets.js";
import { checkNumber, type RecorderDoor } from "./recorder-door.js";

/** Where the series of an instrument come from. */
export interface SeriesSource<Series> {
  readonly labelNames: readonly string[];
  readonly door: RecorderDoor;
  /** No value below it can be counted. */
  readonly least: number;
  /** The series with these labels, which then is known; or the overflow series. */
  begin(labels: readonly string[]): { readonly series: Series; readonly known: boolean };
}

/** The series of one instrument that one thread has used. */
export class SeriesSet<Series extends object> {
  readonly #source: SeriesSource<Series>;
  readonly #sets: LabelSets<Series>;
  /** Without labels. */
  readonly #only: Series | undefined;

  constructor(source: SeriesSource<Series>) {
    this.#source = source;
    this.#sets = new LabelSets(source.labelNames);
    this.#only = source.labelNames.length === 0 ? source.begin([]).series : undefined;
  }

  /**
   * The series that `value` is for; `undefined`: for none, since it or a label cannot be counted or
   * the recorder is closed.
   *
   * @throws TypeError as {@link with}, apart from labels that cannot be counted
   * @throws MetricsRecorderUnexpectedError for what a getter throws, and when memory is refused
   */
  for(value: number, labels: unknown): Series | undefined {
    const only = this.#only;
    if (only !== undefined && labels === undefined) return only;
    try {
      return this.#sets.find(labels) ?? this.#beginFor(value, labels);
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }

  /**
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` unless each label is there, as a
   * string that can be counted, and no other
   */
  with(labels: unknown): Series {
    try {
      return this.#sets.find(labels) ?? this.#beginWith(labels);
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }

  #beginWith(labels: unknown): Series {
    const values = this.#sets.check(labels);
    const refused = values.findIndex((value) => !isAcceptableLabel(value));
    if (refused >= 0) {
      const name = `labels.${this.#source.labelNames[refused]}`;
      const reason = `must have at most ${LONGEST_LABEL} characters and no lone surrogates`;
      throw invalidArgValue(name, reason, values[refused]);
    }
    return this.#begin(values);
  }

  #beginFor(value: number, labels: unknown): Series | undefined {
    const { door, least } = this.#source;
    checkNumber(value);
    const values = this.#sets.check(labels);
    if (!door.admits(value, least)) return undefined;
    if (values.every(isAcceptableLabel)) return this.#begin(values);
    door.countInvalid();
    return undefined;
  }

  #begin(values: readonly string[]): Series {
    const before = this.#only ?? this.#sets.withValues(values);
    if (before !== undefined) return before;
    const { series, known } = this.#source.begin(values);
    // What overflows is not remembered, so that a flood of values costs no memory.
    if (known) this.#sets.add(values, series);
    return series;
  }
}
