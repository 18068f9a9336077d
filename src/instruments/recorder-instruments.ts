import { checkName } from "../errors/argument-checks.js";
import { invalidArgValue } from "../errors/argument-errors.js";
import type { NativeInstrument } from "../native/boundary.js";
import { deliverBeforeBlocking } from "../recorder/deliveries.js";
import type { RecorderAccess } from "../recorder/recorder-access.js";
import type { InstrumentKind } from "./instrument-kinds.js";
import { COMBINES, type InstrumentSettings } from "./instrument-options.js";
import { RecorderDoor } from "./recorder-door.js";
import type { SeriesSource } from "./series-set.js";
import { SlotMemory } from "./slots.js";

/** What became of slots that were added. */
const IN_SERIES = 0;
const OVERFLOWS = 1;

/** The instruments of one recorder as one thread has them. */
export class RecorderInstruments {
  readonly #recorder: RecorderAccess;
  readonly #door: RecorderDoor;
  readonly #memory: SlotMemory;
  readonly #known = new Map<string, { readonly fingerprint: string; readonly made: unknown }>();

  constructor(recorder: RecorderAccess) {
    this.#recorder = recorder;
    this.#door = new RecorderDoor(recorder.queue);
    this.#memory = new SlotMemory(recorder.native);
  }

  /**
   * The instrument of that name: an equal definition gives the same.
   *
   * @throws TypeError, RangeError that name the argument; `ERR_INVALID_ARG_VALUE` for a name that is
   * taken
   */
  get<Instrument>(kind: InstrumentKind<Instrument>, name: unknown, options: unknown): Instrument {
    const known = checkName("name", name);
    const settings = kind.check(options);
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
      kind: kind.meaning(settings),
      combine: COMBINES.indexOf(settings.combine),
      buckets: settings.buckets,
      maxSize: settings.maxSize,
    });
    if (result.failure?.kind === "NAME_TAKEN") {
      throw invalidArgValue("name", "is the name of another metric or instrument", known);
    }
    const native = this.#recorder.valueOf(result);
    const made = kind.make({
      settings,
      door: this.#door,
      memory: this.#memory,
      source: this.#source(kind, settings, native),
      native,
    });
    this.#known.set(known, { fingerprint, made });
    return made;
  }

  #source(
    kind: InstrumentKind<unknown>,
    settings: InstrumentSettings,
    native: NativeInstrument,
  ): SeriesSource {
    const memory = this.#memory;
    const width = kind.width(settings);
    /** Slots in the series with these labels; else what became of them. */
    const add = (labels: readonly string[] | undefined): { place: number; became: number } => {
      const place = memory.take(width);
      const slots = memory.at(place);
      kind.prepare(slots);
      const became = native.addSlots(labels, slots.f64, slots.first);
      if (became !== (labels === undefined ? OVERFLOWS : IN_SERIES)) memory.give(place, width);
      return { place, became };
    };
    let overflow: number | undefined;
    return {
      labelNames: settings.labels,
      door: this.#door,
      least: kind.least,
      begin: (labels) => {
        const { place, became } = add(labels);
        // After the end of the recorder nothing is written any more.
        if (became !== OVERFLOWS) return { place, known: became === IN_SERIES };
        overflow ??= add(undefined).place;
        return { place: overflow, known: false };
      },
    };
  }
}
