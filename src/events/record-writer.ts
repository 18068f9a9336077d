/**
 * The hot path: from field values to a published record. One set of functions for every emitter and
 * every recorder of a thread, in one module, so that the engine compiles them once, inlines them and
 * finds them monomorphic. Nothing here allocates, locks, logs, calls native code (one wake per drain
 * aside) or runs user code until a value needs more than that: then `writeSlowly` takes over.
 * Emitters of many fields, which the engine does not inline, are in `wide-writers.ts`.
 */
import * as layout from "../native/ring-layout.js";
import * as eventQueue from "../recorder/event-queue.js";
import * as eventCodec from "./event-codec.js";
import { checkFieldType, isCountable } from "./field-check.js";
import * as keyHash from "./key-hash.js";

type EventQueue = eventQueue.EventQueue;
type EventCodec = eventCodec.EventCodec;
type FieldCodec = eventCodec.FieldCodec;

// Constants of this module, which the engine folds; through an import they would be loaded each time.
const { TAIL, BUSY, STATE, RECORDS } = layout;
const { RUNNING, STARTING } = eventQueue;
const { FLOAT64, UINT32, BOOLEAN, KEY, NO_FIELD } = eventCodec;
const { putKeyHash } = keyHash;

/** What the writer needs of a recorder. */
export interface RecordTarget {
  readonly queue: EventQueue;
  /** The recorder takes no events now. Throws. */
  readonly wrongState: () => never;
  /** The queue is full; already counted. Returns `false` or throws. */
  readonly overflow: () => boolean;
}

/** Writes an event from an object that holds its fields by name. */
export type ObjectWriter = (values: Readonly<Record<string, unknown>>) => boolean;

/** Writes all fields of an event at once: positional, in an order that was fixed before. */
export type RecordWriter = (...values: unknown[]) => boolean;

/** What a writer keeps: one object of one shape, whatever the class and its number of fields. */
export class WriterState {
  readonly target: RecordTarget;
  readonly queue: EventQueue;
  readonly classId: number;
  readonly words: number;
  readonly fields: readonly FieldCodec[];
  readonly field0: FieldCodec;
  readonly field1: FieldCodec;
  readonly field2: FieldCodec;
  readonly field3: FieldCodec;

  constructor(target: RecordTarget, codec: EventCodec, fields: readonly FieldCodec[]) {
    this.target = target;
    this.queue = target.queue;
    this.classId = codec.id;
    this.words = codec.words;
    this.fields = fields;
    // Those there are not repeat another: never undefined, which would be a second shape.
    const [first = NO_FIELD, second = first, third = first, fourth = first] = fields;
    this.field0 = first;
    this.field1 = second;
    this.field2 = third;
    this.field3 = fourth;
  }
}

/**
 * Writes one field of the record at `base` (an index into `f64`).
 *
 * @returns 0 when it is written, 1 when the value needs `writeSlowly`
 */
function putField(
  i32: Int32Array,
  f64: Float64Array,
  field: FieldCodec,
  base: number,
  value: unknown,
): number {
  const kind = field.kind;
  if (kind === FLOAT64) {
    // value - value is 0 for finite numbers alone.
    if (typeof value !== "number" || value - value !== 0) return 1;
    f64[(base + field.offset) | 0] = value;
    return 0;
  }
  let word: number;
  if (kind > BOOLEAN) {
    // Here and not in idOf: where the engine knows that the value is a number, it drops the branch,
    // and with it the only place that would need the number as an object.
    if (typeof value !== "string") return 1;
    word = idOf(field, value);
    if (word < 0) return 1;
  } else if (kind === UINT32) {
    if (typeof value !== "number" || value >>> 0 !== value) return 1;
    word = value | 0;
  } else {
    if (typeof value !== "boolean") return 1;
    word = value ? 1 : 0;
  }
  i32[((base << 1) + field.offset) | 0] = word;
  return 0;
}

/**
 * As `putField`, for classes that have keys too. Apart, because each branch there counts against what
 * the engine is willing to inline into an emitter.
 */
export function putFieldOrKey(
  i32: Int32Array,
  f64: Float64Array,
  field: FieldCodec,
  base: number,
  value: unknown,
): number {
  if (field.kind !== KEY) return putField(i32, f64, field, base, value);
  if (typeof value !== "string") return 1;
  putKeyHash(i32, (base + field.offset) << 1, value);
  return 0;
}

/** The number of a string, negative when it is not known. Few values: comparisons beat a look-up. */
function idOf(field: FieldCodec, value: string): number {
  if (value === field.value0) return field.id0;
  if (value === field.value1) return field.id1;
  if (value === field.value2) return field.id2;
  return field.ids.get(value) ?? -1;
}

/**
 * Publishes the record whose fields stand at `base`, the queue's cursor. Between the two stores of
 * BUSY nothing is called, so nothing can leave it at 1.
 *
 * An emitter and all it calls may have 766 bytes of bytecode (V8's budget of 920, by 1.2) to be inlined
 * where it is called. That is why the second BUSY stands in one place, and why the two indexes that are
 * used twice are local: each look-up of a module's constant takes 4 bytes.
 */
export function finishRecord(writer: WriterState, queue: EventQueue, base: number): boolean {
  const i32 = queue.i32;
  const atTail = TAIL;
  const atBusy = BUSY;
  const tail = i32[atTail] as number;
  i32[atBusy] = 1;
  const plain = i32[STATE] === queue.plainState && tail !== queue.checkAt;
  if (plain) {
    i32[base << 1] = writer.classId;
    const next = (base + writer.words) | 0;
    // The consumer wraps by the same rule, so the place of a record need not be told.
    queue.cursor = next > queue.wrapAfter ? RECORDS : next;
    i32[atTail] = tail + 1;
  }
  i32[atBusy] = 0;
  return plain || finishWithCare(writer);
}

/** As `finishRecord`, where the state, the room or the order of plain stores may stand in the way. */
function finishWithCare(writer: WriterState): boolean {
  const { target, queue } = writer;
  const { i32, cursor } = queue;
  if (!queue.open) target.wrongState();
  const tail = i32[TAIL] as number;
  if (tail === queue.checkAt && !queue.look()) {
    queue.countDropped();
    return target.overflow();
  }
  const state = enter(queue);
  const open = state === RUNNING || state === STARTING;
  if (open) {
    i32[cursor << 1] = writer.classId;
    const next = cursor + writer.words;
    queue.cursor = next > queue.wrapAfter ? RECORDS : next;
    Atomics.store(i32, TAIL, tail + 1);
  }
  leave(queue);
  if (!open) target.wrongState();
  return true;
}

/** Sets BUSY, then reads the state: for who closes the ring, in this order. */
function enter({ i32, plainState }: EventQueue): number {
  if (plainState === RUNNING) {
    i32[BUSY] = 1;
    return i32[STATE] as number;
  }
  Atomics.store(i32, BUSY, 1);
  return Atomics.load(i32, STATE);
}

/** Clears BUSY, after the tail. */
function leave({ i32, plainState }: EventQueue): void {
  if (plainState === RUNNING) i32[BUSY] = 0;
  else Atomics.store(i32, BUSY, 0);
}

/**
 * As the fast path, for values that are wrong, cannot be counted, or are new: first everything is
 * checked, then interned, then written, so that a refused event has changed nothing but its count.
 *
 * @param values of the writer's fields, in their order
 */
export function writeSlowly(writer: WriterState, values: readonly unknown[]): boolean {
  const { target, queue, fields } = writer;
  let countable = true;
  for (const [index, field] of fields.entries()) {
    checkFieldType(field.name, field.field, values[index]);
    if (!isCountable(field.field, values[index])) countable = false;
  }
  if (!queue.open) target.wrongState();
  if (!countable) {
    queue.countInvalid();
    return false;
  }
  if (queue.i32[TAIL] === queue.checkAt && !queue.look()) {
    queue.countDropped();
    return target.overflow();
  }
  for (const [index, field] of fields.entries()) {
    const value = values[index];
    if (putFieldOrKey(queue.i32, queue.f64, field, queue.cursor, value) === 0) continue;
    queue.i32[(queue.cursor << 1) + field.offset] = field.intern(value as string);
  }
  return finishWithCare(writer);
}

// Apart from the writer: a closure inside it would cost a context for every event.
function readFields(
  fields: readonly FieldCodec[],
  values: Readonly<Record<string, unknown>>,
): unknown[] {
  return fields.map((field) => values[field.name]);
}

/** A function that writes events of `codec`'s class from an object that holds the fields by name. */
export function makeObjectWriter(target: RecordTarget, codec: EventCodec): ObjectWriter {
  const writer = new WriterState(target, codec, codec.fields);
  return (values: Readonly<Record<string, unknown>>): boolean => {
    const { queue, fields } = writer;
    const { i32, f64, cursor } = queue;
    const tail = i32[TAIL];
    let refused = 0;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index] as FieldCodec;
      refused |= putFieldOrKey(i32, f64, field, cursor, values[field.name]);
    }
    // The tail has moved when somebody gave the event a getter that registers events itself.
    if (refused !== 0 || i32[TAIL] !== tail) {
      return writeSlowly(writer, readFields(fields, values));
    }
    return finishRecord(writer, queue, cursor);
  };
}

export function writer1(writer: WriterState): RecordWriter {
  return (v0: unknown): boolean => {
    const { queue } = writer;
    const { i32, f64, cursor } = queue;
    if (putField(i32, f64, writer.field0, cursor, v0) !== 0) return writeSlowly(writer, [v0]);
    return finishRecord(writer, queue, cursor);
  };
}

export function writer2(writer: WriterState): RecordWriter {
  return (v0: unknown, v1: unknown): boolean => {
    const { queue } = writer;
    const { i32, f64, cursor } = queue;
    if (
      (putField(i32, f64, writer.field0, cursor, v0) |
        putField(i32, f64, writer.field1, cursor, v1)) !==
      0
    )
      return writeSlowly(writer, [v0, v1]);
    return finishRecord(writer, queue, cursor);
  };
}

export function writer3(writer: WriterState): RecordWriter {
  return (v0: unknown, v1: unknown, v2: unknown): boolean => {
    const { queue } = writer;
    const { i32, f64, cursor } = queue;
    if (
      (putField(i32, f64, writer.field0, cursor, v0) |
        putField(i32, f64, writer.field1, cursor, v1) |
        putField(i32, f64, writer.field2, cursor, v2)) !==
      0
    )
      return writeSlowly(writer, [v0, v1, v2]);
    return finishRecord(writer, queue, cursor);
  };
}

export function writer4(writer: WriterState): RecordWriter {
  return (v0: unknown, v1: unknown, v2: unknown, v3: unknown): boolean => {
    const { queue } = writer;
    const { i32, f64, cursor } = queue;
    if (
      (putField(i32, f64, writer.field0, cursor, v0) |
        putField(i32, f64, writer.field1, cursor, v1) |
        putField(i32, f64, writer.field2, cursor, v2) |
        putField(i32, f64, writer.field3, cursor, v3)) !==
      0
    )
      return writeSlowly(writer, [v0, v1, v2, v3]);
    return finishRecord(writer, queue, cursor);
  };
}
