/** What the JSON format is when it is parsed; written by `native/core/exposition/json_renderer.cc`. */
import type { ExponentialBuckets } from "../metrics/snapshot.js";

/** A number, or what JSON has none for. */
export type JsonNumber = number | "NaN" | "+Inf" | "-Inf";

/** What `JSON.parse` gives of an exposition as `"json"`. */
export interface JsonExposition {
  /** One for each name of a metric. */
  readonly families: readonly JsonFamily[];
}

/** All series under one name; `type` tells which values they have. */
export type JsonFamily =
  | JsonFamilyOf<"counter", JsonNumber>
  | JsonFamilyOf<"gauge", JsonNumber>
  | JsonFamilyOf<"histogram", JsonHistogram>
  | JsonFamilyOf<"exponentialHistogram", JsonExponentialHistogram>
  | JsonFamilyOf<"summary", JsonSummary>;

/** A family whose series have values of one kind. */
export interface JsonFamilyOf<Type extends string, Value> {
  /** With namespace and unit, of a counter without `_total`. */
  readonly name: string;
  /** What the values are. */
  readonly type: Type;
  /** Empty where there is none. */
  readonly help: string;
  /** As the end of the name has it, `seconds`; empty where there is none. */
  readonly unit: string;
  /** One for each set of labels. */
  readonly series: readonly {
    /** `recorder`, `entity` where that is another one, then its own. */
    readonly labels: Readonly<Record<string, string>>;
    /** When it began, in seconds since 1970; of a dimension, when its metric was registered. */
    readonly created: number;
    /** As of the moment of the exposition. */
    readonly value: Value;
  }[];
}

/** A histogram with explicit buckets. */
export interface JsonHistogram {
  /** How many values there were. */
  readonly count: number;
  /** Of all values. */
  readonly sum: JsonNumber;
  /** Upper bounds, included; the last is `"+Inf"`. Each bucket has its own count: they are not cumulative. */
  readonly buckets: readonly {
    /** The upper bound. */
    readonly le: number | "+Inf";
    /** How many values are in it. */
    readonly count: number;
  }[];
}

/** Bucket i holds what is greater than base^i and up to base^(i + 1), with base = 2^(2^-scale). */
export interface JsonExponentialHistogram {
  /** How many values there were. */
  readonly count: number;
  /** Of all values. */
  readonly sum: JsonNumber;
  /** The smaller, the wider the buckets. */
  readonly scale: number;
  /** How many values were 0. */
  readonly zeroCount: number;
  /** Of values above 0. */
  readonly positive: ExponentialBuckets;
  /** Of values below 0, by magnitude. */
  readonly negative: ExponentialBuckets;
}

/** Quantiles. */
export interface JsonSummary {
  /** How many values there were. */
  readonly count: number;
  /** Of all values. */
  readonly sum: JsonNumber;
  /** By the quantile: `"0.99"`. */
  readonly quantiles: Readonly<Record<string, JsonNumber>>;
}
