/** What a subject of the memory section is asked to do. */

import type { ThreeLabels } from "./three-labels.js";

/** Writes to one series; `labels` is for this call alone, its strings are used again by others. */
export type Write = (labels: ThreeLabels, value: number) => void;

export interface OpenedMemory {
  readonly write: Write;
  readonly close: () => void | Promise<void>;
}

export interface MemoryReading {
  /** `heapUsed` after a collection. */
  readonly heapBytes: number;
  /** Resident memory that is not the JavaScript heap's: slots, native series, what is compiled. */
  readonly outsideBytes: number;
  /** All resident memory; some of it is what the JavaScript heap keeps free, more or less by chance. */
  readonly residentBytes: number;
}
