import { deepFreeze } from "../errors/deep-freeze.js";
import type { EventDefinition } from "../events/event-definition.js";
import { BY_THE_LIBRARY } from "./maker.js";
import type { Condition } from "./where.js";

/** One event class that feeds a dimension. */
export interface DimensionSource {
  readonly event: EventDefinition;
  readonly where: readonly Condition[];
  /** What one event contributes: the value of a field, or a fixed step. */
  readonly contributes: { readonly field: string } | { readonly step: number };
}

/** How a dimension aggregates, with the options of that aggregation alone. */
export type Aggregation =
  | { readonly kind: "count" | "sum" | "upDown" | "min" | "max" | "mean" | "last" | "distinct" }
  | { readonly kind: "histogram"; readonly buckets: readonly number[] }
  | { readonly kind: "exponentialHistogram"; readonly maxSize: number }
  | {
      readonly kind: "quantiles";
      readonly quantiles: readonly number[];
      readonly relativeError: number;
    };

declare const valueType: unique symbol;

/** What a dimension is made of. */
export interface DimensionParts {
  readonly aggregation: Aggregation;
  readonly sources: readonly DimensionSource[];
  /** The fields that tell series apart; empty: there is one series. */
  readonly by: readonly string[];
  readonly maxSeries: number;
  /** Empty: there is none. */
  readonly help: string;
  readonly unit: string;
}

/** One quantity of a metric and how events feed it; made by an aggregation such as `count(…)`. */
export class Dimension<Value = unknown> implements DimensionParts {
  /** How it aggregates. */
  readonly aggregation: Aggregation;
  /** The event classes that feed it. */
  readonly sources: readonly DimensionSource[];
  /** The fields that tell series apart; empty: there is one series. */
  readonly by: readonly string[];
  /** With `by`: as many series as there may be. */
  readonly maxSeries: number;
  /** For people who read an exposition; empty: there is none. */
  readonly help: string;
  /** A part of the name in expositions; empty: there is none. */
  readonly unit: string;
  /** On instances that the constructor made, whatever their prototype is: no look-alike has it. */
  readonly #made = true;
  /** In types only: what a snapshot holds for it. */
  declare readonly [valueType]: Value;

  /** @internal */
  constructor(maker: typeof BY_THE_LIBRARY, parts: DimensionParts) {
    if (maker !== BY_THE_LIBRARY) {
      throw new TypeError("dimensions are made by an aggregation such as count(…)");
    }
    const { aggregation, sources, by, maxSeries, help, unit } = deepFreeze(parts);
    this.aggregation = aggregation;
    this.sources = sources;
    this.by = by;
    this.maxSeries = maxSeries;
    this.help = help;
    this.unit = unit;
    Object.freeze(this);
  }

  /** @internal */
  static isMade(value: unknown): value is Dimension {
    return typeof value === "object" && value !== null && #made in value && value.#made;
  }
}

/** The type of a dimension's value in a snapshot. */
export type ValueOf<D extends Dimension> = D extends Dimension<infer Value> ? Value : never;
