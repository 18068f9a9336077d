import type { EventFields } from "../events/event-definition.js";
import type { EventField } from "../events/field-kinds.js";

/** The fields of a class whose values can be compared: `oneOf`, `label`, `boolean`, `uint32`. */
export type ComparableNames<Fields extends EventFields> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly kind: "float64" | "key" } ? never : Name;
}[keyof Fields];

/** As {@link ComparableNames}, of one field. */
export function isComparable(field: EventField): boolean {
  return field.kind !== "float64" && field.kind !== "key";
}
