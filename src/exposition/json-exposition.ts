/** What the JSON format is when it is parsed; written by `native/core/exposition/json_renderer.cc`. */

/** A number, or what JSON has none for. */
export type JsonNumber = number | "NaN" | "+Inf" | "-Inf";

/** What `JSON.parse` gives of an exposition as `"json"`. */
export interface JsonExposition {
  readonly families: readonly JsonFamily[];
}

export type JsonFamily =
  | JsonFamilyOf<"counter", JsonNumber>
  | JsonFamilyOf<"gauge", JsonNumber>
  | JsonFamilyOf<"histogram", JsonHistogram>
  | JsonFamilyOf<"exponentialHistogram", JsonExponentialHistogram>
  | JsonFamilyOf<"summary", JsonSummary>;

interface JsonFamilyOf<Type extends string, Value> {
  /** With namespace and unit, of a counter without `_total`. */
  readonly name: string;
  readonly type: Type;
  /** Empty where there is none. */
  readonly help: string;
  /** As the end of the name has it, `seconds`; empty where there is none. */
  readonly unit: string;
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    /** When it began, in seconds since 1970; of a dimension, when its metric was registered. */
    readonly created: number;
    readonly value: Value;
  }[];
}

export interface JsonHistogram {
  readonly count: number;
  readonly sum: JsonNumber;
  /** Upper bounds, included; the last is `"+Inf"`. Each bucket has its own count: they are not cumulative. */
  readonly buckets: readonly { readonly le: number | "+Inf"; readonly count: number }[];
}

/** Bucket i holds what is greater than base^i and up to base^(i + 1), with base = 2^(2^-scale). */
export interface JsonExponentialHistogram {
  readonly count: number;
  readonly sum: JsonNumber;
  readonly scale: number;
  readonly zeroCount: number;
  /** `counts[0]` is that of bucket `offset`. */
  readonly positive: { readonly offset: number; readonly counts: readonly number[] };
  /** Of the magnitudes of negative values. */
  readonly negative: { readonly offset: number; readonly counts: readonly number[] };
}

export interface JsonSummary {
  readonly count: number;
  readonly sum: JsonNumber;
  /** By the quantile: `"0.99"`. */
  readonly quantiles: Readonly<Record<string, JsonNumber>>;
}
