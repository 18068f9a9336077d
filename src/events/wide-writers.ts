/**
 * Emitters of more fields than the engine is willing to inline, written out like those of
 * `record-writer.ts`: an array of the arguments would be made for each event.
 */
import type { FieldCodec } from "./event-codec.js";
import {
  finishRecord,
  putFieldOrKey,
  type RecordWriter,
  type WriterState,
  writeSlowly,
} from "./record-writer.js";

/** For 5 … 8 fields, and for classes with keys: no argument array here either. */
export function writerTo8(writer: WriterState): RecordWriter {
  return (
    v0: unknown,
    v1: unknown,
    v2: unknown,
    v3: unknown,
    v4: unknown,
    v5: unknown,
    v6: unknown,
    v7: unknown,
  ): boolean => {
    const { queue } = writer;
    const { cursor } = queue;
    if (
      (putAt(writer, 0, cursor, v0) |
        putAt(writer, 1, cursor, v1) |
        putAt(writer, 2, cursor, v2) |
        putAt(writer, 3, cursor, v3) |
        putAt(writer, 4, cursor, v4) |
        putAt(writer, 5, cursor, v5) |
        putAt(writer, 6, cursor, v6) |
        putAt(writer, 7, cursor, v7)) !==
      0
    )
      return writeSlowly(writer, [v0, v1, v2, v3, v4, v5, v6, v7]);
    return finishRecord(writer, queue, cursor);
  };
}

/** For as many fields as there can be. */
export function writerTo15(writer: WriterState): RecordWriter {
  return (
    v0: unknown,
    v1: unknown,
    v2: unknown,
    v3: unknown,
    v4: unknown,
    v5: unknown,
    v6: unknown,
    v7: unknown,
    v8: unknown,
    v9: unknown,
    v10: unknown,
    v11: unknown,
    v12: unknown,
    v13: unknown,
    v14: unknown,
  ): boolean => {
    const { queue } = writer;
    const { cursor } = queue;
    if (
      (putAt(writer, 0, cursor, v0) |
        putAt(writer, 1, cursor, v1) |
        putAt(writer, 2, cursor, v2) |
        putAt(writer, 3, cursor, v3) |
        putAt(writer, 4, cursor, v4) |
        putAt(writer, 5, cursor, v5) |
        putAt(writer, 6, cursor, v6) |
        putAt(writer, 7, cursor, v7) |
        putAt(writer, 8, cursor, v8) |
        putAt(writer, 9, cursor, v9) |
        putAt(writer, 10, cursor, v10) |
        putAt(writer, 11, cursor, v11) |
        putAt(writer, 12, cursor, v12) |
        putAt(writer, 13, cursor, v13) |
        putAt(writer, 14, cursor, v14)) !==
      0
    )
      return writeSlowly(writer, [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14]);
    return finishRecord(writer, queue, cursor);
  };
}

/** As `putFieldOrKey`, for the field with this number; of those that there are not, nothing. */
function putAt(writer: WriterState, index: number, base: number, value: unknown): number {
  const { fields, queue } = writer;
  if (index >= fields.length) return 0;
  return putFieldOrKey(queue.i32, queue.f64, fields[index] as FieldCodec, base, value);
}
