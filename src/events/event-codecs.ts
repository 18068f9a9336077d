import type { NativeRuntime } from "../native/boundary.js";
import { EventCodec } from "./event-codec.js";
import type { EventDefinition } from "./event-definition.js";

/** The event classes that one JavaScript thread has used in one runtime. */
export class EventCodecs {
  readonly #native: NativeRuntime;
  readonly #codecs = new Map<EventDefinition, EventCodec>();

  constructor(native: NativeRuntime) {
    this.#native = native;
  }

  /**
   * The codec of a class, made at its first use.
   *
   * @throws TypeError `ERR_INVALID_ARG_VALUE` when the runtime knows the type with other fields
   */
  of(definition: EventDefinition): EventCodec {
    let codec = this.#codecs.get(definition);
    if (codec === undefined) {
      codec = new EventCodec(definition, this.#native);
      this.#codecs.set(definition, codec);
    }
    return codec;
  }

  /** See {@link FieldCodec.relearn}. */
  relearnLabels(): void {
    for (const codec of this.#codecs.values()) {
      for (const field of codec.fields) field.relearn();
    }
  }
}
