import type { NativeInstrument } from "../native/boundary.js";
import type { InstrumentSettings } from "./instrument-options.js";
import type { RecorderDoor } from "./recorder-door.js";
import type { SeriesSource } from "./series-set.js";
import type { SlotMemory } from "./slots.js";

/** What an instrument is made of, on one thread. */
export interface InstrumentParts {
  readonly name: string;
  readonly settings: InstrumentSettings;
  readonly door: RecorderDoor;
  readonly memory: SlotMemory;
  readonly source: SeriesSource;
  readonly native: NativeInstrument;
}
