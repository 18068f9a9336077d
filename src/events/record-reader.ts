import { BOOLEAN, type EventCodec, type FieldCodec, FLOAT64, KEY, UINT32 } from "./event-codec.js";
import { keyHashText } from "./key-hash.js";
import { EventObject, type MetricEvent } from "./metric-event.js";

/**
 * The event whose record this thread has written at `base`, an index into `f64`. The other half of
 * `record-writer.ts`.
 */
export function readRecord(
  i32: Int32Array,
  f64: Float64Array,
  codec: EventCodec,
  base: number,
): MetricEvent {
  const values: Record<string, unknown> = Object.create(null);
  for (const field of codec.fields) values[field.name] = readField(i32, f64, field, base);
  // Frozen: several metrics see the one object.
  return Object.freeze(new EventObject(codec.definition, values)) as unknown as MetricEvent;
}

function readField(
  i32: Int32Array,
  f64: Float64Array,
  field: FieldCodec,
  base: number,
): number | boolean | string {
  if (field.kind === FLOAT64) return f64[base + field.offset] ?? 0;
  if (field.kind === KEY) return keyHashText(i32, (base + field.offset) << 1);
  const word = i32[(base << 1) + field.offset] ?? 0;
  if (field.kind === UINT32) return word >>> 0;
  if (field.kind === BOOLEAN) return word !== 0;
  return field.textOf(word);
}
