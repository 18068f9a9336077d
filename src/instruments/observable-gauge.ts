import { types } from "node:util";
import { runUserCode } from "../recorder/user-code.js";
import { GAUGE, type InstrumentKind, type InstrumentParts } from "./instrument-kinds.js";
import { ObservedSeries } from "./observed-series.js";
import { SeriesSet } from "./series-set.js";
import type { Slots } from "./slots.js";
import type { Verb } from "./verb.js";

/**
 * Says what the value is now; the last word counts. Good until the callback returns.
 *
 * @returns `false`, and nothing was observed: the value or a label cannot be counted (NaN, ±Infinity,
 * a text that is too long or has lone surrogates), which is counted in `getStats().invalid`; the
 * recorder is neither STARTING nor RUNNING; or the callback has returned
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for a value or a label of the
 * wrong type, a label that is missing and one that was not declared
 */
export type Observe<LabelName extends string = never> = (
  // `labels`: so that a callback that observes with labels is none for a gauge without.
  ...verb: Verb<LabelName, [value: number, labels?: undefined], [value: number]>
) => boolean;

/**
 * Asked for the values of an observable gauge, on the thread that registered it. Without labels it
 * may return the number instead. Synchronous: a promise is a failure, as is what it throws. What
 * would block (`wait`, `stopRecorder`, `stopAndRemoveRecorder`, `shutdown`) fails with an
 * invalid-state error; a snapshot inside has the values as they are, and runs no callback.
 */
export type ObservableCallback<in out LabelName extends string = never> = (
  observe: Observe<LabelName>,
  // biome-ignore lint/suspicious/noConfusingVoidType: of a function that returns nothing, not a value
) => [LabelName] extends [never] ? number | boolean | void : boolean | void;

/**
 * A gauge whose value is asked for when somebody looks; made by `MetricsRecorder.observableGauge`.
 * This object belongs to one thread.
 */
export interface ObservableGauge {
  readonly name: string;
}

type Callback = (observe: (value: number, labels?: unknown) => boolean) => unknown;

/** Behind {@link ObservableGauge}. */
export class ObservableGaugeInstrument {
  readonly handle: ObservableGauge;
  /** `undefined` before `bind`, and after the end of the recorder. */
  #callback: Callback | undefined;
  #released = false;
  readonly #open: () => boolean;
  readonly #labelled: boolean;
  readonly #series: SeriesSet<ObservedSeries>;
  /** Those that have a value. */
  #shown: ObservedSeries[] = [];

  constructor({ name, door, settings, nextSequence, source }: InstrumentParts) {
    // Without an order between threads, that it was observed is all there is to say.
    const sequence = settings.combine === "last" ? nextSequence : () => 1;
    const seriesAt = (slots: Slots) => new ObservedSeries(door, slots, sequence);
    this.handle = Object.freeze({ name });
    this.#open = () => door.open;
    this.#labelled = settings.labels.length > 0;
    this.#series = new SeriesSet(source(Number.NEGATIVE_INFINITY, seriesAt));
  }

  /** The first time this is the callback that it runs; later, whether it is. */
  bind(callback: unknown): boolean {
    if (this.#released) return true;
    this.#callback ??= callback as Callback;
    return this.#callback === callback;
  }

  release(): void {
    this.#released = true;
    this.#callback = undefined;
  }

  /**
   * Runs the callback once. What it observes has a value from then on, and no other series of this
   * thread; none at all, when it fails. Never throws.
   *
   * @returns `false`: it has failed
   */
  observe(): boolean {
    const observed = new Set<ObservedSeries>();
    const succeeded = this.#run(observed);
    const shown = [...this.#shown, ...observed];
    // Closed meanwhile: nothing could be observed any more, and what was observed last stays.
    if (!this.#open()) this.#shown = [...new Set(shown)];
    else if (succeeded) {
      for (const series of this.#shown) if (!observed.has(series)) series.takeBack();
      this.#shown = [...observed];
    } else {
      for (const series of shown) series.takeBack();
      this.#shown = [];
    }
    return succeeded;
  }

  #run(observed: Set<ObservedSeries>): boolean {
    let over = false;
    const observe = (value: number, labels?: unknown): boolean => {
      if (over) return false;
      const series = this.#series.for(value, labels);
      if (series?.set(value) !== true) return false;
      observed.add(series);
      return true;
    };
    try {
      const given = runUserCode(() => this.#callback?.(observe));
      if (types.isPromise(given)) return false;
      // What `observe` has returned is returned by `(observe) => observe(1)`.
      if (!this.#labelled && given !== undefined && typeof given !== "boolean") {
        observe(given as number);
      }
      return true;
    } catch {
      return false;
    } finally {
      over = true;
    }
  }
}

export const OBSERVABLE_GAUGE: InstrumentKind<ObservableGaugeInstrument> = {
  ...GAUGE,
  name: "observableGauge",
  observed: true,
  make: (parts) => new ObservableGaugeInstrument(parts),
};
