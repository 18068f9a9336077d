import { checkName } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { type DeclaredField, EventDefinition, type EventFields } from "./event-definition.js";
import { checkFieldType } from "./field-check.js";
import { EventObject, type EventValues, type MetricEvent } from "./metric-event.js";

/** Of the classes made here: a look-alike is not among them. */
const definitions = new WeakMap<object, EventDefinition>();

declare const madeHere: unique symbol;

/** What an event class says of itself. Every {@link MetricEventClass} is one. */
export interface EventClassDeclaration<
  Fields extends EventFields = EventFields,
  Type extends string = string,
> {
  /** Its stable name. */
  readonly eventType: Type;
  /** Its fields by name; frozen. */
  readonly fields: Fields;
  /** In types only. */
  readonly [madeHere]: true;
}

/** Makes events of one kind; see {@link defineMetricEvent}. */
export interface MetricEventClass<
  Type extends string = string,
  Fields extends EventFields = EventFields,
> extends EventClassDeclaration<Fields, Type> {
  /**
   * @throws TypeError `ERR_INVALID_ARG_TYPE` (a field absent or of the wrong type),
   * `ERR_INVALID_ARG_VALUE` (an unknown field or `oneOf` member). A number that cannot be counted
   * (NaN) does not throw: `registerEvent` refuses and counts the event.
   */
  (
    ...values: [keyof Fields] extends [never]
      ? [values?: Readonly<Record<string, never>>]
      : [values: EventValues<Fields>]
  ): MetricEvent<Type, Fields>;
  /** Whether an event is of this class: for metrics, which see the events of all classes. */
  is(event: MetricEvent): event is MetricEvent<Type, Fields>;
}

/**
 * Declares a kind of fact: a stable type and typed fields, at most 15.
 *
 * @example
 * ```ts
 * const SaveAttempt = defineMetricEvent("document_storage.save.attempt", {
 *   outcome: oneOf("SUCCESS", "FAILURE"),
 *   durationMs: float64(),
 * });
 * recorder.registerEvent(SaveAttempt({ outcome: "SUCCESS", durationMs: 3.2 }));
 * ```
 *
 * Declaring the same type with the same fields again, in another module or thread, gives the same
 * class; with other fields, the first use in a runtime that knows the type throws.
 *
 * @param eventType not blank
 * @param fields names `[A-Za-z][A-Za-z0-9_]*` to field kinds
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function defineMetricEvent<const Type extends string, Fields extends EventFields>(
  eventType: Type,
  fields: Fields,
): MetricEventClass<Type, Fields> {
  const definition = new EventDefinition(checkName("eventType", eventType), fields);
  EventObject.prepare(definition);
  const make = (values: unknown): EventObject =>
    new EventObject(definition, check(definition, values));
  definitions.set(make, definition);
  return Object.freeze(
    Object.defineProperties(make, {
      name: { value: definition.eventType },
      eventType: { value: definition.eventType, enumerable: true },
      fields: { value: definition.fields, enumerable: true },
      is: { value: (event: unknown): boolean => isOf(definition, event) },
    }),
  ) as unknown as MetricEventClass<Type, Fields>;
}

function isOf(definition: EventDefinition, event: unknown): boolean {
  const made = EventObject.definitionOf(event);
  if (made === undefined || made === definition) return made !== undefined;
  return made.eventType === definition.eventType && made.fingerprint() === definition.fingerprint();
}

/**
 * @throws TypeError `ERR_INVALID_ARG_TYPE` when `value` is no event class
 */
export function definitionOfClass(name: string, value: unknown): EventDefinition {
  const definition = typeof value === "function" ? definitions.get(value) : undefined;
  if (definition !== undefined) return definition;
  throw invalidArgType(name, "an event class made by defineMetricEvent", value);
}

const NO_VALUES = Object.freeze({});

function check(
  definition: EventDefinition,
  values: unknown = NO_VALUES,
): Readonly<Record<string, unknown>> {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw invalidArgType("values", "of type object", values);
  }
  const read = values as Readonly<Record<string, unknown>>;
  const { declared } = definition;
  let keys = 0;
  for (const _ in values) keys++;
  // All declared fields are checked below, so only a different number can hide an unknown one.
  if (keys !== declared.length) refuseUnknown(definition, values);
  try {
    for (let index = 0; index < declared.length; index++) {
      const { name, field, argument } = declared[index] as DeclaredField;
      checkFieldType(argument, field, read[name]);
    }
  } catch (error) {
    refuseUnknown(definition, values); // a misspelt field, rather than the one that then is missing
    throw error;
  }
  return read;
}

function refuseUnknown(definition: EventDefinition, values: object): void {
  for (const name of Object.keys(values)) {
    if (definition.field(name) === undefined) {
      throw invalidArgValue(`values.${name}`, `is no field of ${definition.eventType}`, name);
    }
  }
}
