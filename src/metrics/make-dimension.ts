import { checkText } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { definitionOfClass } from "../events/define-metric-event.js";
import type { EventDefinition, EventFields } from "../events/event-definition.js";
import type { FieldKindName } from "../events/field-kinds.js";
import type { UncheckedOptions } from "./aggregation-options.js";
import { type Aggregation, Dimension, type DimensionSource } from "./dimension.js";
import { checkBy, checkMaxSeries } from "./group-by.js";
import { BY_THE_LIBRARY } from "./maker.js";
import { checkWhere } from "./where.js";

/** The fields of a class that are numbers. */
export type NumericName<Fields extends EventFields> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly kind: "float64" | "uint32" }
    ? Name
    : never;
}[keyof Fields] &
  string;

const NUMERIC = ["float64", "uint32"] as const satisfies readonly FieldKindName[];

/** A source without its conditions. */
type Contribution = Pick<DimensionSource, "event" | "contributes">;

/** What each event of a class contributes: the value of a field of one of these kinds. */
export function fieldOf(
  event: unknown,
  field: unknown,
  kinds: readonly FieldKindName[] = NUMERIC,
): Contribution {
  const definition = definitionOfClass("event", event);
  return { event: definition, contributes: { field: checkField(definition, field, kinds) } };
}

export function makeDimension<Value>(
  aggregation: Aggregation,
  sources: readonly Contribution[],
  { where, by, maxSeries, help, unit }: UncheckedOptions,
): Dimension<Value> {
  const conditioned = sources.map(({ event, contributes }) => ({
    event,
    where: checkWhere("options.where", where, event),
    contributes,
  }));
  const classes = sources.map(({ event }) => event);
  const names = checkBy(by, classes);
  for (const { fieldName } of conditioned[0]?.where ?? []) {
    checkDeclaredAlike(`options.where.${fieldName}`, fieldName, classes);
  }
  for (const [index, name] of names.entries()) {
    checkDeclaredAlike(`options.by[${index}]`, name, classes);
  }
  return new Dimension(BY_THE_LIBRARY, {
    aggregation,
    sources: conditioned,
    by: names,
    maxSeries: checkMaxSeries(maxSeries),
    help: help === undefined ? "" : checkText("options.help", help),
    unit: unit === undefined ? "" : checkText("options.unit", unit),
  });
}

function checkField(
  definition: EventDefinition,
  name: unknown,
  kinds: readonly FieldKindName[],
): string {
  if (typeof name !== "string") throw invalidArgType("field", "of type string", name);
  const field = definition.field(name);
  if (field === undefined) {
    throw invalidArgValue("field", `is no field of ${definition.eventType}`, name);
  }
  if (!kinds.includes(field.kind)) {
    throw invalidArgValue("field", `must be a ${kinds.join(" or ")} field`, name);
  }
  return name;
}

/** A field means the same for every class only where all of them declare it alike. */
function checkDeclaredAlike(
  argument: string,
  fieldName: string,
  classes: readonly EventDefinition[],
): void {
  const [first, ...others] = classes.map((event) => JSON.stringify(event.field(fieldName)));
  if (others.some((other) => other !== first)) {
    throw invalidArgValue(argument, "must be declared alike by all the event classes", fieldName);
  }
}
