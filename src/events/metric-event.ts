import type { EventDefinition, EventFields } from "./event-definition.js";
import type { FieldValue } from "./field-kinds.js";

/** The values of an event's fields. */
export type EventValues<Fields extends EventFields> = {
  readonly [Name in keyof Fields]: FieldValue<Fields[Name]>;
};

declare const madeByFactory: unique symbol;

/**
 * An immutable fact: what happened, of a declared class. Made by its event class only, so that an
 * object that merely looks like one is refused, by the compiler and at run time.
 */
export type MetricEvent<
  Type extends string = string,
  Fields extends EventFields = EventFields,
> = EventValues<Fields> & {
  /** Of its event class. */
  readonly eventType: Type;
  /** In types only. */
  readonly [madeByFactory]: true;
};

/**
 * One event of each class that is never let go: with the last object of a shape the engine forgets the
 * shape, at its next full garbage collection, and with it all code that was compiled for it.
 */
const samples = new WeakMap<EventDefinition, object>();

/** The object behind every {@link MetricEvent}: its fields are its own enumerable properties. */
export class EventObject {
  readonly eventType: string;
  readonly #definition: EventDefinition;

  constructor(definition: EventDefinition, values: Readonly<Record<string, unknown>>) {
    this.eventType = definition.eventType;
    this.#definition = definition;
    const self = this as unknown as Record<string, unknown>;
    for (const name of definition.fieldNames) self[name] = values[name];
  }

  /**
   * Lets the engine see each field hold something that is no number before it holds one. It then
   * keeps a double as the object it already is; a field that has only ever held doubles would be
   * copied into a new one by every generic read, that is, by every `registerEvent`.
   */
  static prepare(definition: EventDefinition): void {
    new EventObject(definition, {});
    const numbers = definition.fieldNames.map((name) => [name, 0.5]);
    samples.set(definition, new EventObject(definition, Object.fromEntries(numbers)));
  }

  /** `undefined` for anything that no event class has made. */
  static definitionOf(event: unknown): EventDefinition | undefined {
    if (typeof event !== "object" || event === null || !(#definition in event)) return undefined;
    return event.#definition;
  }
}
