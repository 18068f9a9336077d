import { invalidArgValue } from "../errors/argument-errors.js";
import type { NativeEventDeclaration, NativeRuntime } from "../native/boundary.js";
import { EventCodec } from "./event-codec.js";
import type { EventDefinition } from "./event-definition.js";
import { FIELD_KINDS } from "./field-kinds.js";

const MOST_CLASSES = 4096;

/** The event classes that one JavaScript thread has used in one runtime. */
export class EventCodecs {
  readonly #native: NativeRuntime;
  readonly #codecs = new Map<EventDefinition, EventCodec>();
  readonly #byId = new Map<number, EventCodec>();

  constructor(native: NativeRuntime) {
    this.#native = native;
  }

  /**
   * The codec of a class, made at its first use.
   *
   * @throws TypeError `ERR_INVALID_ARG_VALUE` when the runtime knows the type with other fields
   */
  of(definition: EventDefinition): EventCodec {
    return this.#codecs.get(definition) ?? this.#make([definition], definition);
  }

  /** The codec of a class that this thread has used before. */
  withId(id: number): EventCodec | undefined {
    return this.#byId.get(id);
  }

  /**
   * Makes the codecs of all these classes or, when one is refused, of none.
   *
   * @throws TypeError as {@link of}
   */
  prepare(definitions: readonly EventDefinition[]): void {
    const missing = definitions.filter((definition) => !this.#codecs.has(definition));
    const [first] = missing;
    if (first !== undefined) this.#make(missing, first);
  }

  #make(definitions: readonly EventDefinition[], wanted: EventDefinition): EventCodec {
    const registration = this.#native.registerEventClasses(definitions.map(declaration));
    if (registration.refusal !== undefined) {
      const reason =
        registration.refusal === "OTHER_FIELDS"
          ? "is known to this runtime with other fields"
          : `is one more than the ${MOST_CLASSES} event classes a runtime can have`;
      throw invalidArgValue("eventType", reason, definitions[registration.refused]?.eventType);
    }
    for (const [index, eventClass] of registration.eventClasses.entries()) {
      const definition = definitions[index] ?? wanted;
      const equal = this.#byId.get(eventClass.id);
      const codec = new EventCodec(definition, eventClass, this.#native, equal);
      this.#codecs.set(definition, codec);
      this.#byId.set(codec.id, codec);
    }
    return this.#codecs.get(wanted) as EventCodec;
  }

  /** See {@link FieldCodec.relearn}. */
  relearnLabels(): void {
    for (const codec of this.#codecs.values()) {
      for (const field of codec.fields) field.relearn();
    }
  }
}

function declaration({ eventType, fields }: EventDefinition): NativeEventDeclaration {
  return {
    eventType,
    fields: Object.entries(fields).map(([name, field]) => ({
      name,
      kind: FIELD_KINDS.indexOf(field.kind),
      members: field.kind === "oneOf" ? field.members : [],
      maxValues: field.kind === "label" ? field.maxValues : 0,
    })),
  };
}
