import { checkFunction, checkName } from "../errors/argument-checks.js";
import { invalidArgValue } from "../errors/argument-errors.js";
import type { NativeInstrument } from "../native/boundary.js";
import { deliverBeforeBlocking } from "../recorder/deliveries.js";
import type { Observations } from "../recorder/observations.js";
import type { RecorderAccess } from "../recorder/recorder-access.js";
import type { InstrumentKind } from "./instrument-kinds.js";
import { COMBINES, type InstrumentSettings } from "./instrument-options.js";
import { OBSERVABLE_GAUGE, type ObservableGauge } from "./observable-gauge.js";
import { RecorderDoor } from "./recorder-door.js";
import type { SeriesSource } from "./series-set.js";
import { SlotMemory, type Slots } from "./slots.js";

/** What became of slots that were added. */
const IN_SERIES = 0;
const OVERFLOWS = 1;

/** The instruments of one recorder as one thread has them. */
export class RecorderInstruments {
  readonly #recorder: RecorderAccess;
  readonly #observations: Observations;
  readonly #door: RecorderDoor;
  readonly #memory: SlotMemory;
  readonly #known = new Map<string, { readonly fingerprint: string; readonly made: unknown }>();

  constructor(recorder: RecorderAccess, observations: Observations) {
    this.#recorder = recorder;
    this.#observations = observations;
    this.#door = new RecorderDoor(recorder.queue);
    this.#memory = new SlotMemory(recorder.native);
  }

  /**
   * The instrument of that name: an equal definition gives the same.
   *
   * @param checkRest of the arguments that come after these; they are no part of the definition
   * @throws TypeError, RangeError that name the argument; `ERR_INVALID_ARG_VALUE` for a name that is
   * taken
   */
  get<Instrument>(
    kind: InstrumentKind<Instrument>,
    name: unknown,
    options: unknown,
    checkRest: () => void = () => {},
  ): Instrument {
    const known = checkName("name", name);
    const settings = kind.check(options);
    checkRest();
    const fingerprint = JSON.stringify([kind.name, settings]);
    const found = this.#known.get(known);
    if (found?.fingerprint === fingerprint) return found.made as Instrument;
    this.#recorder.expectOpen();
    deliverBeforeBlocking();
    const result = this.#recorder.native.addInstrument({
      name: known,
      fingerprint,
      labels: settings.labels,
      maxSeries: settings.maxSeries,
      kind: kind.meaning,
      combine: COMBINES.indexOf(settings.combine),
      buckets: settings.buckets,
      observed: kind.observed ?? false,
    });
    if (result.failure?.kind === "NAME_TAKEN") {
      throw invalidArgValue("name", "is the name of another metric or instrument", known);
    }
    const native = this.#recorder.valueOf(result);
    const made = kind.make({
      name: known,
      door: this.#door,
      settings,
      nextSequence: () => native.nextSequence(),
      source: (least, seriesAt) => this.#source(kind, settings, native, least, seriesAt),
    });
    this.#known.set(known, { fingerprint, made });
    return made;
  }

  /**
   * As {@link get}, for the observable gauge that asks this callback.
   *
   * @throws TypeError also for a callback that is none, or another one than this thread has for it
   */
  observableGauge(name: unknown, options: unknown, callback: unknown): ObservableGauge {
    const check = () => checkFunction("callback", callback);
    const made = this.get(OBSERVABLE_GAUGE, name, options, check);
    if (!made.bind(callback)) {
      const reason = "must be the one that this thread has for this gauge";
      throw invalidArgValue("callback", reason, callback);
    }
    this.#observations.add(made);
    return made.handle;
  }

  #source<Series>(
    { width, prepare }: InstrumentKind<unknown>,
    settings: InstrumentSettings,
    native: NativeInstrument,
    least: number,
    seriesAt: (slots: Slots) => Series,
  ): SeriesSource<Series> {
    /** In the series with these labels; else what became of them. */
    const slotsIn = (labels: readonly string[] | undefined): { slots: Slots; became: number } => {
      let became = IN_SERIES;
      const slots = this.#memory.take(width(settings), (free) => {
        prepare(free);
        became = native.addSlots(labels, free.f64, free.first);
        return became === (labels === undefined ? OVERFLOWS : IN_SERIES);
      });
      return { slots, became };
    };
    let overflow: Series | undefined;
    return {
      labelNames: settings.labels,
      door: this.#door,
      least,
      begin: (labels) => {
        const { slots, became } = slotsIn(labels);
        if (became === IN_SERIES) return { series: seriesAt(slots), known: true };
        // After the end of the recorder nothing is written any more.
        if (became !== OVERFLOWS) return { series: seriesAt(slots), known: false };
        overflow ??= seriesAt(slotsIn(undefined).slots);
        return { series: overflow, known: false };
      },
    };
  }
}
