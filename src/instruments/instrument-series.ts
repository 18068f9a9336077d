import type { NativeInstrument } from "../native/boundary.js";
import type { RecorderAccess } from "../recorder/recorder-access.js";
import type { InstrumentKind } from "./instrument-kinds.js";
import type { InstrumentSettings } from "./instrument-options.js";
import type { RecorderDoor } from "./recorder-door.js";
import type { SeriesSource } from "./series-set.js";
import type { SlotMemory } from "./slots.js";

/** What became of slots that were added. */
const IN_SERIES = 0;
const OVERFLOWS = 1;

/** The series of one instrument, which one thread begins and ends with the native side. */
export class InstrumentSeries implements SeriesSource {
  readonly door: RecorderDoor;
  readonly #recorder: RecorderAccess;
  readonly #memory: SlotMemory;
  readonly #kind: InstrumentKind<unknown>;
  readonly #settings: InstrumentSettings;
  readonly #native: NativeInstrument;
  readonly #width: number;
  #overflow: number | undefined;

  constructor(
    { recorder, door, memory }: ThreadParts,
    kind: InstrumentKind<unknown>,
    settings: InstrumentSettings,
    native: NativeInstrument,
  ) {
    this.door = door;
    this.#recorder = recorder;
    this.#memory = memory;
    this.#kind = kind;
    this.#settings = settings;
    this.#native = native;
    this.#width = kind.width(settings);
  }

  get labelNames(): readonly string[] {
    return this.#settings.labels;
  }

  get least(): number {
    return this.#kind.least;
  }

  get expireAfterMs(): number | undefined {
    return this.#settings.expireAfterMs;
  }

  begin(labels: readonly string[]): { readonly place: number; readonly known: boolean } {
    const { place, became } = this.#add(labels);
    // After the end of the recorder nothing is written any more.
    if (became !== OVERFLOWS) return { place, known: became === IN_SERIES };
    this.#overflow ??= this.#add(undefined).place;
    return { place: this.#overflow, known: false };
  }

  expires(): boolean | undefined {
    return this.#recorder.native.letGo() ? undefined : this.door.open;
  }

  end(place: number): boolean {
    const { f64, first } = this.#memory.at(place);
    if (!this.#native.removeSlots(f64, first)) return false;
    this.#kind.release(this.#memory, place, this.#settings);
    this.#memory.give(place, this.#width);
    return true;
  }

  /** Slots in the series with these labels (`undefined`: the overflow); else what became of them. */
  #add(labels: readonly string[] | undefined): { place: number; became: number } {
    const place = this.#memory.take(this.#width);
    const slots = this.#memory.at(place);
    this.#kind.prepare(slots);
    let added = false;
    try {
      const became = this.#native.addSlots(labels, slots.f64, slots.first);
      added = became === (labels === undefined ? OVERFLOWS : IN_SERIES);
      return { place, became };
    } finally {
      if (!added) this.#memory.give(place, this.#width);
    }
  }
}

/** What the instruments of a recorder share on one thread. */
export interface ThreadParts {
  readonly recorder: RecorderAccess;
  readonly door: RecorderDoor;
  readonly memory: SlotMemory;
}
