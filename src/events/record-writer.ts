/**
 * The hot path: from field values to a published record. One set of functions for every emitter and
 * every recorder of a thread, so that the engine compiles them once and they stay monomorphic.
 * Nothing here allocates, locks, logs, calls native code (one wake per drain aside) or runs user
 * code, until a value needs more than that: then `writeSlowly` takes over.
 */
import type { EventQueue } from "../recorder/event-queue.js";
import { BOOLEAN, type EventCodec, type FieldCodec, FLOAT64, UINT32 } from "./event-codec.js";
import { checkFieldValue } from "./field-check.js";

/** What the recorder does when an event cannot be accepted. */
export interface Refusals {
  /** The recorder takes no events now. Throws. */
  wrongState(): never;
  /** The queue is full; already counted. Returns `false` or throws. */
  overflow(): boolean;
}

/** Everything the writer needs of a recorder. */
export interface RecordTarget {
  readonly queue: EventQueue;
  readonly refusals: Refusals;
}

/**
 * Writes one field of the record at `base` (an index into `queue.f64`).
 *
 * @returns 0 when it is written, 1 when the value needs `writeSlowly`
 */
export function putField(
  queue: EventQueue,
  field: FieldCodec,
  base: number,
  value: unknown,
): number {
  const kind = field.kind;
  if (kind === FLOAT64) {
    // value - value is 0 for finite numbers alone.
    if (typeof value !== "number" || value - value !== 0) return 1;
    queue.f64[base + field.offset] = value;
    return 0;
  }
  if (kind === UINT32) {
    if (typeof value !== "number" || value >>> 0 !== value) return 1;
    queue.i32[base + base + field.offset] = value;
    return 0;
  }
  if (kind === BOOLEAN) {
    if (typeof value !== "boolean") return 1;
    queue.i32[base + base + field.offset] = value ? 1 : 0;
    return 0;
  }
  const id = field.ids.get(value as string);
  if (id === undefined) return 1;
  queue.i32[base + base + field.offset] = id;
  return 0;
}

/** Publishes the record whose fields have been put at the queue's cursor. */
export function finishRecord(target: RecordTarget, codec: EventCodec): boolean {
  const queue = target.queue;
  queue.i32[queue.cursor + queue.cursor] = codec.id;
  if (!queue.open) target.refusals.wrongState();
  if (queue.full()) {
    queue.countDropped();
    return target.refusals.overflow();
  }
  queue.publish(codec.words);
  return true;
}

/**
 * As the fast path, for values that are wrong, cannot be counted, or are new: first everything is
 * checked, then interned, then written, so that a refused event has changed nothing but its count.
 *
 * @param fields the codecs of `values`, in their order
 */
export function writeSlowly(
  target: RecordTarget,
  codec: EventCodec,
  fields: readonly FieldCodec[],
  values: readonly unknown[],
): boolean {
  const queue = target.queue;
  let countable = true;
  for (const [index, field] of fields.entries()) {
    if (!checkFieldValue(field.name, field.field, values[index])) countable = false;
  }
  if (!queue.open) target.refusals.wrongState();
  if (!countable) {
    queue.countInvalid();
    return false;
  }
  if (queue.full()) {
    queue.countDropped();
    return target.refusals.overflow();
  }
  for (const [index, field] of fields.entries()) {
    const value = values[index];
    if (field.field.kind === "label") {
      const at = queue.cursor + queue.cursor + field.offset;
      queue.i32[at] = field.intern(value as string);
    } else {
      putField(queue, field, queue.cursor, value);
    }
  }
  queue.i32[queue.cursor + queue.cursor] = codec.id;
  queue.publish(codec.words);
  return true;
}
