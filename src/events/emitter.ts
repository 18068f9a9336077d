import { checkArray } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { type EventDefinition, type EventFields, MOST_FIELDS } from "./event-definition.js";
import type { FieldValue } from "./field-kinds.js";

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
  const names = checkArray("fieldNames", fieldNames, 0, MOST_FIELDS);
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
