import { checkName } from "../errors/argument-checks.js";
import { invalidArgValue } from "../errors/argument-errors.js";
import { deliverBeforeBlocking } from "../recorder/deliveries.js";
import type { RecorderAccess } from "../recorder/recorder-access.js";
import type { InstrumentKind } from "./instrument-kinds.js";
import { COMBINES } from "./instrument-options.js";
import { InstrumentSeries, type ThreadParts } from "./instrument-series.js";
import { RecorderDoor } from "./recorder-door.js";
import { SlotMemory } from "./slots.js";

/** The instruments of one recorder as one thread has them. */
export class RecorderInstruments {
  readonly #parts: ThreadParts;
  readonly #known = new Map<string, { readonly fingerprint: string; readonly made: unknown }>();

  constructor(recorder: RecorderAccess) {
    const door = new RecorderDoor(recorder.queue);
    this.#parts = { recorder, door, memory: new SlotMemory(recorder.native) };
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
    const { recorder } = this.#parts;
    recorder.expectOpen();
    deliverBeforeBlocking();
    const result = recorder.native.addInstrument({
      name: known,
      fingerprint,
      labels: settings.labels,
      maxSeries: settings.maxSeries,
      kind: kind.meaning(settings),
      combine: COMBINES.indexOf(settings.combine),
      buckets: settings.buckets,
      maxSize: settings.maxSize,
      expireAfterMs: settings.expireAfterMs ?? 0,
    });
    if (result.failure?.kind === "NAME_TAKEN") {
      throw invalidArgValue("name", "is the name of another metric or instrument", known);
    }
    const native = recorder.valueOf(result);
    const made = kind.make({
      ...this.#parts,
      settings,
      source: new InstrumentSeries(this.#parts, kind, settings, native),
      native,
    });
    this.#known.set(known, { fingerprint, made });
    return made;
  }
}
