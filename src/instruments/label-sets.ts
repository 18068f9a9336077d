import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import { ownCopy } from "../events/own-copy.js";

/** The label values of one series, by name. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>;

type Node<Series> = Map<string, Node<Series> | Series>;

/**
 * From label values to what stands for their series, by a map for each label: the values are never
 * joined into one text, so that no two sets can be taken for one.
 */
export class LabelSets<Series extends object> {
  readonly #names: readonly string[];
  readonly #root: Node<Series> = new Map();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** `undefined`: not known, or not to be had so quickly; `check` and `withValues` tell. */
  find(labels: unknown): Series | undefined {
    if (typeof labels !== "object" || labels === null) return undefined;
    let keys = 0;
    for (const _ in labels) keys++;
    const names = this.#names;
    if (keys !== names.length || keys === 0) return undefined;
    let node: Node<Series> | Series | undefined = this.#root;
    for (let index = 0; index < keys && node !== undefined; index++) {
      const value = (labels as Readonly<Record<string, unknown>>)[names[index] as string];
      node = (node as Node<Series>).get(value as string);
    }
    return node as Series | undefined;
  }

  /** @param values in the order of the names, at least one */
  withValues(values: readonly string[]): Series | undefined {
    let node: Node<Series> | Series | undefined = this.#root;
    for (const value of values) node = (node as Node<Series> | undefined)?.get(value);
    return node as Series | undefined;
  }

  /**
   * The values in the order of the names.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` unless each label is there, as a
   * string, and no other
   */
  check(labels: unknown): readonly string[] {
    if (typeof labels !== "object" || labels === null || Array.isArray(labels)) {
      throw invalidArgType("labels", "of type object", labels);
    }
    const given = labels as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(given)) {
      if (this.#names.includes(name)) continue;
      const known = this.#names.length === 0 ? "none" : this.#names.join(", ");
      throw invalidArgValue(`labels.${name}`, `is no label; known: ${known}`, name);
    }
    return this.#names.map((name) => {
      const value = given[name];
      if (typeof value !== "string")
        throw invalidArgType(`labels.${name}`, "of type string", value);
      return value;
    });
  }

  add(values: readonly string[], series: Series): void {
    let node = this.#root;
    for (const value of values.slice(0, -1)) {
      const known = node.get(value) as Node<Series> | undefined;
      const next = known ?? new Map();
      if (known === undefined) node.set(ownCopy(value), next);
      node = next;
    }
    node.set(ownCopy(values.at(-1) ?? ""), series);
  }
}
