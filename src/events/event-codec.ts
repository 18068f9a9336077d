import { invalidArgValue } from "../errors/argument-errors.js";
import type { NativeEventClass, NativeRuntime } from "../native/boundary.js";
import type { EventDefinition } from "./event-definition.js";
import { type EventField, FIELD_KINDS } from "./field-kinds.js";

/** As numbers, in the order of {@link FIELD_KINDS}: the writer branches on them per field. */
export const FLOAT64 = 0;
export const UINT32 = 1;
export const BOOLEAN = 2;

/** What a label beyond its field's limit becomes, as text and as a number. */
const OVERFLOW_VALUE = "<overflow>";
const OVERFLOW_ID = 0;

/** How one field of one class is written. All instances share a shape; the writer relies on it. */
export class FieldCodec {
  readonly name: string;
  readonly field: EventField;
  readonly kind: number;
  /** From the start of the record: in 8-byte words for float64, else in 4-byte words. */
  readonly offset: number;
  /** oneOf: member to index. label: the values this thread has seen, to their numbers. */
  readonly ids: Map<string, number>;

  readonly #index: number;
  readonly #eventClass: NativeEventClass;
  readonly #native: NativeRuntime;
  /** The native table takes no further value and all of its values are in `ids`. */
  #complete = false;

  constructor(
    name: string,
    field: EventField,
    index: number,
    eventClass: NativeEventClass,
    native: NativeRuntime,
  ) {
    this.name = name;
    this.field = field;
    this.kind = FIELD_KINDS.indexOf(field.kind);
    this.offset = (eventClass.offsets[index] ?? 0) / (field.kind === "float64" ? 8 : 4);
    this.ids = new Map();
    this.#index = index;
    this.#eventClass = eventClass;
    this.#native = native;
    if (field.kind === "oneOf") {
      for (const [id, member] of field.members.entries()) this.ids.set(member, id);
    }
    if (field.kind === "label") this.ids.set(OVERFLOW_VALUE, OVERFLOW_ID);
  }

  /**
   * The number of a label value, asked of the native table at its first use on this thread. Once
   * that table is full this thread takes over what is in it and asks no more, so a flood of new
   * values costs neither calls nor memory.
   */
  intern(value: string): number {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    if (this.#complete) return OVERFLOW_ID;
    const id = this.#native.internLabel(this.#eventClass.id, this.#index, value);
    if (id !== OVERFLOW_ID) {
      this.ids.set(value, id);
      return id;
    }
    const all = this.#native.knownLabels(this.#eventClass.id, this.#index);
    if (all !== undefined) {
      for (const [index, label] of all.entries()) this.ids.set(label, index + 1);
      this.#complete = true;
    }
    return OVERFLOW_ID;
  }

  /** A metric definition may have named a value beyond the limit: ask again. */
  relearn(): void {
    this.#complete = false;
  }
}

/** How events of one class are written, on one JavaScript thread, into the rings of one runtime. */
export class EventCodec {
  readonly definition: EventDefinition;
  readonly id: number;
  readonly words: number;
  /** In the order of declaration. */
  readonly fields: readonly FieldCodec[];

  constructor(definition: EventDefinition, native: NativeRuntime) {
    const specs = definition.fieldNames.map((name) => nativeSpec(name, definition.fields[name]));
    const eventClass = native.registerEventClass(definition.eventType, specs);
    if (eventClass === "OTHER_FIELDS") {
      throw invalidArgValue(
        "eventType",
        "is known to this runtime with other fields",
        definition.eventType,
      );
    }
    if (eventClass === "TOO_MANY") {
      throw invalidArgValue(
        "eventType",
        "is one more than the 4096 event classes a runtime can have",
        definition.eventType,
      );
    }
    this.definition = definition;
    this.id = eventClass.id;
    this.words = eventClass.words;
    this.fields = Object.entries(definition.fields).map(
      ([name, field], index) => new FieldCodec(name, field, index, eventClass, native),
    );
  }
}

function nativeSpec(name: string, field: EventField | undefined) {
  const kind = field?.kind ?? "float64";
  return {
    name,
    kind: FIELD_KINDS.indexOf(kind),
    members: field?.kind === "oneOf" ? field.members : [],
    maxValues: field?.kind === "label" ? field.maxValues : 0,
  };
}
