import type { EventDefinition } from "../events/event-definition.js";
import type { Condition } from "./where.js";

/** One event class that feeds a dimension. */
export interface DimensionSource {
  readonly event: EventDefinition;
  readonly where: readonly Condition[];
  /** What one event contributes: the value of a field, or a fixed step. */
  readonly contributes: { readonly field: string } | { readonly step: number };
}

declare const valueType: unique symbol;

/** One quantity of a metric and how events feed it; made by an aggregation such as `count(…)`. */
export class Dimension<Value = unknown> {
  readonly kind: "count" | "sum" | "upDown" | "histogram";
  readonly sources: readonly DimensionSource[];
  /** Of a histogram; empty for the others. */
  readonly buckets: readonly number[];
  /** In types only: what a snapshot holds for it. */
  declare readonly [valueType]: Value;

  /** @internal */
  constructor(
    kind: Dimension["kind"],
    sources: readonly DimensionSource[],
    buckets: readonly number[] = [],
  ) {
    this.kind = kind;
    this.sources = sources;
    this.buckets = buckets;
    Object.freeze(this);
  }
}

/** The type of a dimension's value in a snapshot. */
export type ValueOf<D extends Dimension> = D extends Dimension<infer Value> ? Value : never;
