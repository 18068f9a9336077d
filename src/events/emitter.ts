import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import type { EventCodec, FieldCodec } from "./event-codec.js";
import type { EventDefinition, EventFields } from "./event-definition.js";
import type { FieldValue } from "./field-kinds.js";
import { finishRecord, putField, type RecordTarget, writeSlowly } from "./record-writer.js";

/** The arguments of an emitter: the values of the fields, in the order of `Names`. */
export type EmitterArguments<Fields extends EventFields, Names extends readonly unknown[]> = {
  [Index in keyof Names]: Names[Index] extends keyof Fields
    ? FieldValue<Fields[Names[Index]]>
    : never;
};

/** Registers one event from positional values; see {@link MetricsRecorder.emitter}. */
export type Emitter<Fields extends EventFields, Names extends readonly unknown[]> = (
  ...values: EmitterArguments<Fields, Names>
) => boolean;

/** `Names` when it names each field exactly once, else a type that says what is wrong. */
export type EachFieldOnce<Fields extends EventFields, Names extends readonly unknown[]> =
  HasDuplicate<Names> extends true
    ? readonly ["a field is named twice"]
    : [Exclude<keyof Fields, Names[number]>] extends [never]
      ? Names
      : readonly ["a field is missing", Exclude<keyof Fields, Names[number]>];

type HasDuplicate<Names extends readonly unknown[]> = Names extends readonly [
  infer First,
  ...infer Rest,
]
  ? First extends Rest[number]
    ? true
    : HasDuplicate<Rest>
  : false;

/**
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` unless `fieldNames` names each
 * field exactly once
 */
export function checkFieldNames(definition: EventDefinition, fieldNames: unknown): string[] {
  if (!Array.isArray(fieldNames)) throw invalidArgType("fieldNames", "an array", fieldNames);
  const names = [...fieldNames] as unknown[];
  for (const [index, name] of names.entries()) {
    if (typeof name !== "string") {
      throw invalidArgType(`fieldNames[${index}]`, "of type string", name);
    }
    if (definition.field(name) === undefined) {
      throw invalidArgValue(`fieldNames[${index}]`, `is no field of ${definition.eventType}`, name);
    }
    if (names.indexOf(name) !== index) {
      throw invalidArgValue(`fieldNames[${index}]`, "must not be there twice", name);
    }
  }
  for (const name of definition.fieldNames) {
    if (!names.includes(name)) throw invalidArgValue("fieldNames", "must name each field", name);
  }
  return names as string[];
}

/** The emitter of `codec`'s class whose arguments are the fields called `names`. */
export function makeEmitter(
  target: RecordTarget,
  codec: EventCodec,
  names: readonly string[],
): (...values: unknown[]) => boolean {
  const fields = names.map((name) => {
    const field = codec.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw invalidArgValue("fieldNames", "must be fields", name);
    return field;
  });
  // The usual sizes are written out: no argument array, no loop, nothing for the collector.
  const [first, second, third, fourth] = fields;
  if (fields.length === 1 && first) return emitter1(target, codec, first);
  if (fields.length === 2 && first && second) return emitter2(target, codec, first, second);
  if (fields.length === 3 && first && second && third) {
    return emitter3(target, codec, first, second, third);
  }
  if (fields.length === 4 && first && second && third && fourth) {
    return emitter4(target, codec, first, second, third, fourth);
  }
  return emitterN(target, codec, fields);
}

function emitter1(target: RecordTarget, codec: EventCodec, f0: FieldCodec) {
  const queue = target.queue;
  return (v0: unknown): boolean => {
    if (putField(queue, f0, queue.cursor, v0) !== 0) return writeSlowly(target, codec, [f0], [v0]);
    return finishRecord(target, codec);
  };
}

function emitter2(target: RecordTarget, codec: EventCodec, f0: FieldCodec, f1: FieldCodec) {
  const queue = target.queue;
  return (v0: unknown, v1: unknown): boolean => {
    const base = queue.cursor;
    if ((putField(queue, f0, base, v0) | putField(queue, f1, base, v1)) !== 0) {
      return writeSlowly(target, codec, [f0, f1], [v0, v1]);
    }
    return finishRecord(target, codec);
  };
}

function emitter3(
  target: RecordTarget,
  codec: EventCodec,
  f0: FieldCodec,
  f1: FieldCodec,
  f2: FieldCodec,
) {
  const queue = target.queue;
  return (v0: unknown, v1: unknown, v2: unknown): boolean => {
    const base = queue.cursor;
    if (
      (putField(queue, f0, base, v0) |
        putField(queue, f1, base, v1) |
        putField(queue, f2, base, v2)) !==
      0
    ) {
      return writeSlowly(target, codec, [f0, f1, f2], [v0, v1, v2]);
    }
    return finishRecord(target, codec);
  };
}

function emitter4(
  target: RecordTarget,
  codec: EventCodec,
  f0: FieldCodec,
  f1: FieldCodec,
  f2: FieldCodec,
  f3: FieldCodec,
) {
  const queue = target.queue;
  return (v0: unknown, v1: unknown, v2: unknown, v3: unknown): boolean => {
    const base = queue.cursor;
    if (
      (putField(queue, f0, base, v0) |
        putField(queue, f1, base, v1) |
        putField(queue, f2, base, v2) |
        putField(queue, f3, base, v3)) !==
      0
    ) {
      return writeSlowly(target, codec, [f0, f1, f2, f3], [v0, v1, v2, v3]);
    }
    return finishRecord(target, codec);
  };
}

function emitterN(target: RecordTarget, codec: EventCodec, fields: readonly FieldCodec[]) {
  const queue = target.queue;
  return (...values: unknown[]): boolean => {
    const base = queue.cursor;
    let refused = 0;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index];
      if (field !== undefined) refused |= putField(queue, field, base, values[index]);
    }
    if (refused !== 0) return writeSlowly(target, codec, fields, values);
    return finishRecord(target, codec);
  };
}
