import { type EventCodec, type FieldCodec, KEY } from "./event-codec.js";
import {
  type RecordTarget,
  type RecordWriter,
  WriterState,
  writer1,
  writer2,
  writer3,
  writer4,
} from "./record-writer.js";
import { writerTo8, writerTo15 } from "./wide-writers.js";

/**
 * A function that writes events of `codec`'s class from the values of `fields`, in that order. The
 * usual numbers of fields are written out: no argument array, no loop.
 */
export function makeWriter(
  target: RecordTarget,
  codec: EventCodec,
  fields: readonly FieldCodec[],
): RecordWriter {
  const writer = new WriterState(target, codec, fields);
  if (fields.length > 8) return writerTo15(writer);
  if (fields.some(({ kind }) => kind === KEY)) return writerTo8(writer);
  switch (fields.length) {
    case 1:
      return writer1(writer);
    case 2:
      return writer2(writer);
    case 3:
      return writer3(writer);
    case 4:
      return writer4(writer);
    default:
      return writerTo8(writer);
  }
}
