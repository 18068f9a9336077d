import { checkFunction, checkName } from "../errors/argument-checks.js";
import { invalidArgValue } from "../errors/argument-errors.js";
import { whyNotExposed } from "../native/failures.js";
import { deliverBeforeBlocking } from "../recorder/deliveries.js";
import type { Observations } from "../recorder/observations.js";
import type { RecorderAccess } from "../recorder/recorder-access.js";
import type { InstrumentKind } from "./instrument-kinds.js";
import { COMBINES } from "./instrument-options.js";
import { InstrumentSeries, type ThreadParts } from "./instrument-series.js";
import { OBSERVABLE_GAUGE, type ObservableGauge } from "./observable-gauge.js";
import { RecorderDoor } from "./recorder-door.js";
import { SlotMemory } from "./slots.js";

/** The instruments of one recorder as one thread has them. */
export class RecorderInstruments {
  readonly #parts: ThreadParts;
  readonly #observations: Observations;
  readonly #known = new Map<string, { readonly fingerprint: string; readonly made: unknown }>();

  constructor(recorder: RecorderAccess, observations: Observations) {
    const door = new RecorderDoor(recorder.queue);
    this.#parts = { recorder, door, memory: new SlotMemory(recorder.native) };
    this.#observations = observations;
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
    const { help, ...meaning } = settings;
    const fingerprint = JSON.stringify([kind.name, meaning]);
    const { recorder } = this.#parts;
    if (!this.#has(known, fingerprint)) {
      recorder.expectOpen();
      // To metrics of the user, one of which may make the same instrument.
      deliverBeforeBlocking();
    }
    if (this.#has(known, fingerprint)) return this.#known.get(known)?.made as Instrument;
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
      observed: kind.observed ?? false,
      monotonic: kind.least === 0,
      help,
      unit: settings.unit,
    });
    if (result.failure?.kind === "NAME_TAKEN") {
      throw invalidArgValue("name", "is the name of another metric or instrument", known);
    }
    const hidden = whyNotExposed(result.failure);
    if (hidden !== undefined) {
      throw result.failure?.kind === "LABEL_NAME_TAKEN"
        ? invalidArgValue("options.labels", hidden, settings.labels)
        : invalidArgValue("name", hidden, known);
    }
    const native = recorder.valueOf(result);
    const made = kind.make({
      ...this.#parts,
      name: known,
      settings,
      source: new InstrumentSeries(this.#parts, kind, settings, native),
      native,
    });
    this.#known.set(known, { fingerprint, made });
    return made;
  }

  #has(name: string, fingerprint: string): boolean {
    return this.#known.get(name)?.fingerprint === fingerprint;
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
}
