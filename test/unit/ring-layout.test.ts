import { expect, test } from "vitest";
import { addon } from "../../dist/native/addon.js";
import * as layout from "../../dist/native/ring-layout.js";

test("JavaScript and the addon agree on where the words of a ring are", () => {
  const I32 = 4;
  const F64 = 8;
  expect(addon().ringLayout).toEqual({
    tailOffset: layout.TAIL * I32,
    busyOffset: layout.BUSY * I32,
    droppedOffset: layout.DROPPED_F64 * F64,
    invalidOffset: layout.INVALID_F64 * F64,
    takenOffset: layout.TAKEN * I32,
    handledOffset: layout.HANDLED * I32,
    readingOffset: layout.READING * I32,
    headOffset: layout.HEAD * I32,
    stateOffset: layout.STATE * I32,
    withheldOffset: layout.WITHHELD * I32,
    sharedOffset: layout.SHARED * I32,
    wakeOffset: layout.WAKE * I32,
    recordsOffset: layout.RECORDS * F64,
    wordBytes: layout.WORD_BYTES,
    maxRecordWords: layout.MAX_RECORD_WORDS,
  });
});

test("the words of the two writers do not share a cache line", () => {
  const lineOf = (byte: number) => Math.floor(byte / 64);
  const lines = [layout.TAIL * 4, layout.HEAD * 4, layout.WAKE * 4, layout.RECORDS * 8].map(lineOf);
  expect(new Set(lines).size).toBe(lines.length);
});
