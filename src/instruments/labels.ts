import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";

/** The label values of one series, by name. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>;

/**
 * The values in the order of the names.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` unless each label is there, as a
 * string, and no other
 */
export function checkLabels(names: readonly string[], labels: unknown): readonly string[] {
  if (typeof labels !== "object" || labels === null || Array.isArray(labels)) {
    throw invalidArgType("labels", "of type object", labels);
  }
  const given = labels as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? "none" : names.join(", ");
    throw invalidArgValue(`labels.${name}`, `is no label; known: ${known}`, name);
  }
  return names.map((name) => {
    const value = given[name];
    if (typeof value !== "string") throw invalidArgType(`labels.${name}`, "of type string", value);
    return value;
  });
}
