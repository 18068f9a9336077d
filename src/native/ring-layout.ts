/**
 * Where the words of a ring are: `native/core/ring_layout.h` says who writes and reads each, in
 * which order. A test compares these numbers with the addon's. Indexes are into an `Int32Array`
 * over the whole ring, those ending in `_F64` into a `Float64Array`.
 */
export const TAIL = 0;
export const BUSY = 1;
export const DROPPED_F64 = 1;
export const INVALID_F64 = 2;
export const TAKEN = 6;
export const HANDLED = 7;
export const READING = 8;
export const HEAD = 16;
export const STATE = 17;
export const WITHHELD = 18;
export const SHARED = 19;
export const WAKE = 32;
/** The first record, in words of 8 bytes. */
export const RECORDS = 24;

/** No record is longer, in words of 8 bytes. */
export const MAX_RECORD_WORDS = 16;
export const WORD_BYTES = 8;

/** Words for records: two records more than the bound, as the native side explains. */
export function recordWords(queueMaxSize: number): number {
  return (queueMaxSize + 2) * MAX_RECORD_WORDS;
}

export function ringBytes(queueMaxSize: number): number {
  return (RECORDS + recordWords(queueMaxSize)) * WORD_BYTES;
}
