import type { NativeEventClass, NativeRuntime } from "../native/boundary.js";
import { MetricsRecorderUnexpectedError } from "../recorder/errors.js";
import type { EventDefinition } from "./event-definition.js";
import { type EventField, FIELD_KINDS } from "./field-kinds.js";
import { ownCopy } from "./own-copy.js";

/** As numbers, in the order of {@link FIELD_KINDS}: the writer branches on them per field. */
export const FLOAT64 = 0;
export const UINT32 = 1;
export const BOOLEAN = 2;
export const KEY = 5;

/** What a label beyond its field's limit becomes, as text and as a number. */
const OVERFLOW_VALUE = "<overflow>";
const OVERFLOW_ID = 0;
/** Stands beside a value that is not taken yet, and sends the writer the slow way. */
const NO_ID = -1;

/** The native table of one label field. */
interface LabelTable {
  /** The value's number; `OVERFLOW_ID` when the table is full and does not have it. */
  intern(value: string): number;
  /** Every value with its number, once the table is full. */
  valuesWhenFull(): readonly (readonly [value: string, id: number])[] | undefined;
}

/** How one field of one class is written. All instances share a shape; the writer relies on it. */
export class FieldCodec {
  readonly name: string;
  readonly field: EventField;
  readonly kind: number;
  /** From the start of the record: in 8-byte words for float64 and key, else in 4-byte words. */
  readonly offset: number;
  /** oneOf: member to index. label: the values this thread has seen, to their numbers. */
  readonly ids = new Map<string, number>();
  /** The first three of `ids` once more, for the writer; always strings, for its comparisons. */
  value0 = "";
  value1 = "";
  value2 = "";
  id0 = NO_ID;
  id1 = NO_ID;
  id2 = NO_ID;

  /** `ids` the other way, once somebody has asked. */
  #texts: Map<number, string> | undefined;
  readonly #labels: LabelTable;
  /** The native table takes no further value and all of its values are in `ids`. */
  #complete = false;

  constructor(name: string, field: EventField, offsetBytes: number, labels: LabelTable) {
    this.name = name;
    this.field = field;
    this.kind = FIELD_KINDS.indexOf(field.kind);
    this.offset = offsetBytes / (field.kind === "float64" || field.kind === "key" ? 8 : 4);
    this.#labels = labels;
    if (field.kind === "oneOf") {
      for (const [id, member] of field.members.entries()) this.#learn(member, id);
    }
    if (field.kind === "label") this.ids.set(OVERFLOW_VALUE, OVERFLOW_ID);
  }

  /**
   * The number of an acceptable label, asked of the native table at its first use on this thread. Once
   * that table is full this thread takes over what is in it and asks no more, so a flood of new
   * values costs neither calls nor memory.
   */
  intern(value: string): number {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    if (this.#complete) return OVERFLOW_ID;
    const id = asked(() => this.#labels.intern(value));
    if (id !== OVERFLOW_ID) {
      this.#learn(value, id);
      return id;
    }
    const all = asked(() => this.#labels.valuesWhenFull());
    if (all !== undefined) {
      for (const [label, known] of all) {
        if (!this.ids.has(label)) this.#learn(label, known);
      }
      this.#complete = true;
    }
    return OVERFLOW_ID;
  }

  /** The string behind a number that this thread has written. */
  textOf(id: number): string {
    this.#texts ??= new Map([...this.ids].map(([text, known]) => [known, text]));
    return this.#texts.get(id) ?? OVERFLOW_VALUE;
  }

  /** A metric definition may have named a value beyond the limit: ask again. */
  relearn(): void {
    this.#complete = false;
  }

  #learn(text: string, id: number): void {
    const value = ownCopy(text);
    this.ids.set(value, id);
    this.#texts?.set(id, value);
    if (this.id0 === NO_ID) {
      this.value0 = value;
      this.id0 = id;
    } else if (this.id1 === NO_ID) {
      this.value1 = value;
      this.id1 = id;
    } else if (this.id2 === NO_ID) {
      this.value2 = value;
      this.id2 = id;
    }
  }
}

/** @throws {@link MetricsRecorderUnexpectedError} when the native side refuses, for want of memory */
function asked<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (cause) {
    throw new MetricsRecorderUnexpectedError(cause);
  }
}

const NO_LABELS: LabelTable = { intern: () => OVERFLOW_ID, valuesWhenFull: () => [] };

/** Stands where a class has no field; never written. */
export const NO_FIELD = new FieldCodec("", { kind: "float64" }, 0, NO_LABELS);

/** How events of one class are written, on one JavaScript thread, into the rings of one runtime. */
export class EventCodec {
  readonly definition: EventDefinition;
  readonly id: number;
  readonly words: number;
  /** In the order of declaration. */
  readonly fields: readonly FieldCodec[];

  /** @param equal of an equal definition of the same class: the two share what they know of labels */
  constructor(
    definition: EventDefinition,
    eventClass: NativeEventClass,
    native: NativeRuntime,
    equal?: EventCodec,
  ) {
    const { id, words, offsets } = eventClass;
    this.definition = definition;
    this.id = id;
    this.words = words;
    this.fields =
      equal?.fields ??
      Object.entries(definition.fields).map(
        ([name, field], index) =>
          new FieldCodec(name, field, offsets[index] ?? 0, {
            intern: (value) => native.internLabel(id, index, value),
            valuesWhenFull: () => native.knownLabels(id, index),
          }),
      );
  }

  /** The codec of a field; the caller has checked that there is one. */
  field(name: string): FieldCodec {
    const found = this.fields.find((field) => field.name === name);
    if (found === undefined) throw new Error(`${this.definition.eventType} has no field ${name}`);
    return found;
  }
}
