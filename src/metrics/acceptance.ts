import type { EventDefinition } from "../events/event-definition.js";
import type { EventField } from "../events/field-kinds.js";
import { EventObject, type MetricEvent } from "../events/metric-event.js";
import type { MetricDefinition } from "./define-metric.js";
import type { Condition } from "./where.js";

/**
 * Whether a declared metric counts an event: some dimension has a source of its class whose conditions
 * all hold. The native side decides the same for itself (`native/core/event_predicate.h`).
 */
export function acceptanceOf(metric: MetricDefinition): (event: MetricEvent) => boolean {
  /** By event type, which within a runtime is the class: of any of these, all conditions hold. */
  const alternatives = new Map<string, (readonly Condition[])[]>();
  for (const { sources } of Object.values(metric.dimensions)) {
    for (const { event, where } of sources) {
      const known = alternatives.get(event.eventType);
      if (known === undefined) alternatives.set(event.eventType, [where]);
      else known.push(where);
    }
  }
  return (event) => {
    const definition = EventObject.definitionOf(event);
    if (definition === undefined) return false;
    const values = event as unknown as Readonly<Record<string, unknown>>;
    return (alternatives.get(definition.eventType) ?? []).some((conditions) =>
      conditions.every((condition) => holds(condition, definition, values)),
    );
  };
}

function holds(
  { fieldName, values: wanted }: Condition,
  definition: EventDefinition,
  values: Readonly<Record<string, unknown>>,
): boolean {
  const field = definition.field(fieldName);
  return field !== undefined && wanted.includes(comparable(field, values[fieldName]));
}

/** As {@link Condition} has values. */
function comparable(field: EventField, value: unknown): string | number {
  if (field.kind === "oneOf") return field.members.indexOf(value as string);
  if (field.kind === "boolean") return value === true ? 1 : 0;
  return value as string | number;
}
