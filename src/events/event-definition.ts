import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { type EventField, ownField } from "./field-kinds.js";

/** The fields of an event class, in the order of their declaration. */
export type EventFields = Readonly<Record<string, EventField>>;

export const MOST_FIELDS = 15;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
/** `eventType` names the class in every event; `metrics_overflow` the overflow series. */
const RESERVED_NAMES = ["eventType", "metrics_overflow"];

/** One field as the event factory checks it. */
export interface DeclaredField {
  readonly name: string;
  readonly field: EventField;
  /** What an error calls it. */
  readonly argument: string;
}

/**
 * What an event class is: its type and its fields. Two definitions with the same type and fields
 * describe the same class, in whatever module or thread they stand.
 */
export class EventDefinition {
  readonly eventType: string;
  readonly fields: EventFields;
  readonly fieldNames: readonly string[];
  /** In the order of declaration. */
  readonly declared: readonly DeclaredField[];
  #fingerprint: string | undefined;

  constructor(eventType: string, fields: unknown) {
    this.eventType = eventType;
    this.fields = checkFields(fields);
    this.fieldNames = Object.freeze(Object.keys(this.fields));
    this.declared = Object.freeze(
      Object.entries(this.fields).map(([name, field]) =>
        Object.freeze({ name, field, argument: `values.${name}` }),
      ),
    );
    Object.freeze(this);
  }

  field(name: string): EventField | undefined {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** Equal for equal definitions and for no others. */
  fingerprint(): string {
    this.#fingerprint ??= JSON.stringify([this.eventType, Object.entries(this.fields)]);
    return this.#fingerprint;
  }
}

function checkFields(fields: unknown): EventFields {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw invalidArgType("fields", "of type object", fields);
  }
  const entries = Object.entries(fields);
  if (entries.length > MOST_FIELDS) {
    throw invalidArgValue("fields", `must have at most ${MOST_FIELDS} fields`, entries.length);
  }
  for (const [name] of entries) {
    if (!FIELD_NAME.test(name)) {
      throw invalidArgValue("fields", `must have names that match ${FIELD_NAME}`, name);
    }
    if (RESERVED_NAMES.includes(name)) {
      throw invalidArgValue("fields", "must not use a reserved name", name);
    }
  }
  return Object.freeze(
    Object.fromEntries(entries.map(([name, field]) => [name, ownField(`fields.${name}`, field)])),
  );
}
