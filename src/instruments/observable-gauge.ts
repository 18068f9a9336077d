import { types } from "node:util";
import { runUserCode } from "../recorder/user-code.js";
import { type NextSequence, sequenceFor, setAt, unsetAt } from "./gauge.js";
import { GAUGE, type InstrumentKind } from "./instrument-kinds.js";
import { checkObservableGaugeOptions } from "./instrument-options.js";
import type { InstrumentParts } from "./instrument-parts.js";
import type { RecorderDoor } from "./recorder-door.js";
import { SeriesSet } from "./series-set.js";
import type { SlotMemory } from "./slots.js";
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
  /** As it was registered. */
  readonly name: string;
}

type Callback = (observe: (value: number, labels?: unknown) => boolean) => unknown;

/** Behind {@link ObservableGauge}. */
export class ObservableGaugeInstrument {
  readonly handle: ObservableGauge;
  readonly #door: RecorderDoor;
  readonly #memory: SlotMemory;
  readonly #labelled: boolean;
  readonly #nextSequence: NextSequence;
  /** A series is the place of its slots. */
  readonly #series: SeriesSet<number>;
  /** Those that have a value. */
  #shown: ReadonlySet<number> = new Set();
  /** `undefined` before `bind`, and after the end of the recorder. */
  #callback: Callback | undefined;
  #released = false;

  constructor(parts: InstrumentParts) {
    const { name, door, memory, settings, source } = parts;
    this.handle = Object.freeze({ name });
    this.#door = door;
    this.#memory = memory;
    this.#labelled = settings.labels.length > 0;
    this.#nextSequence = sequenceFor(parts);
    this.#series = new SeriesSet(source, (place) => place);
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
    const observed = new Set<number>();
    const succeeded = this.#run(observed);
    // Closed meanwhile: nothing could be observed any more, and what was observed last stays.
    if (!this.#door.open) this.#shown = new Set([...this.#shown, ...observed]);
    else if (succeeded) this.#show(observed, this.#shown);
    else this.#show(new Set(), new Set([...this.#shown, ...observed]));
    return succeeded;
  }

  #show(observed: ReadonlySet<number>, before: ReadonlySet<number>): void {
    this.#shown = observed;
    const gone = [...before].filter((place) => !observed.has(place));
    for (const place of gone) unsetAt(this.#memory.chunkOf(place), this.#memory.indexOf(place));
    if (gone.length > 0) this.#series.keepOnly(observed);
  }

  #run(observed: Set<number>): boolean {
    let over = false;
    const observe = (value: number, labels?: unknown): boolean => {
      if (over) return false;
      const place = this.#placeFor(value, labels);
      if (place < 0) return false;
      const f64 = this.#memory.chunkOf(place);
      if (!setAt(this.#door, f64, this.#memory.indexOf(place), value, this.#nextSequence))
        return false;
      observed.add(place);
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

  #placeFor(value: number, labels: unknown): number {
    const { only } = this.#series;
    return only !== undefined && labels === undefined ? only : this.#series.placeFor(value, labels);
  }
}

export const OBSERVABLE_GAUGE: InstrumentKind<ObservableGaugeInstrument> = {
  ...GAUGE,
  name: "observableGauge",
  observed: true,
  check: checkObservableGaugeOptions,
  make: (parts) => new ObservableGaugeInstrument(parts),
};
