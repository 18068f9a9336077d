import type { PlainValue } from "../native/value-decoder.js";
import { ValueDecoder } from "../native/value-decoder.js";
import type { Series } from "./group-by.js";

/** A histogram with explicit buckets, now. */
export interface HistogramSnapshot {
  /** How many values there were. */
  readonly count: number;
  /** Of all values. */
  readonly sum: number;
  /** `null` while it is empty. */
  readonly min: number | null;
  /** `null` while it is empty. */
  readonly max: number | null;
  /**
   * Each bucket's own count (not cumulative): values greater than the bound before and up to `le`,
   * included. The last `le` is `Infinity`.
   */
  readonly buckets: readonly {
    /** The upper bound. */
    readonly le: number;
    /** How many values are in it. */
    readonly count: number;
  }[];
}

/** The buckets of one sign: `counts[i]` is the count of bucket `offset + i`. */
export interface ExponentialBuckets {
  /** The number of the first bucket. */
  readonly offset: number;
  /** Each bucket's own count. */
  readonly counts: readonly number[];
}

/**
 * A histogram with exponential buckets, now, after the OpenTelemetry data model: with
 * base = 2^(2^-scale), bucket i holds magnitudes greater than base^i and up to base^(i + 1), included.
 */
export interface ExponentialHistogramSnapshot {
  /** At most 8; the smaller, the wider the buckets. */
  readonly scale: number;
  /** How many values were 0. */
  readonly zeroCount: number;
  /** Of values above 0. */
  readonly positive: ExponentialBuckets;
  /** Of values below 0, by magnitude. */
  readonly negative: ExponentialBuckets;
  /** How many values there were. */
  readonly count: number;
  /** Of all values. */
  readonly sum: number;
  /** `null` while it is empty. */
  readonly min: number | null;
  /** `null` while it is empty. */
  readonly max: number | null;
}

/** Quantiles, now. */
export interface QuantilesSnapshot {
  /** How many values there were. */
  readonly count: number;
  /** Of all values. */
  readonly sum: number;
  /** Exact; `null` while it is empty. */
  readonly min: number | null;
  /** `null` while it is empty. */
  readonly max: number | null;
  /** By the quantile as text, such as `"0.99"`; `null` while it is empty. */
  readonly quantiles: Readonly<Record<string, number | null>>;
}

/** What one series has come to. `null`: there is no smallest, largest, mean or latest value yet. */
export type SeriesValue =
  | number
  | null
  | HistogramSnapshot
  | ExponentialHistogramSnapshot
  | QuantilesSnapshot;

/** The value of one dimension: with `by`, one for each series. */
export type DimensionValue = SeriesValue | readonly Series<SeriesValue>[];

/** A metric now: state, not history. */
export interface MetricSnapshot {
  /** As it was registered. */
  readonly name: string;
  /** By name. */
  readonly dimensions: Readonly<Record<string, DimensionValue>>;
  /** Of a custom metric whose `snapshot()` failed: why. Its dimensions are then empty. */
  readonly error?: {
    /** The name of what was thrown, or its type. */
    readonly kind: string;
    /** Its message, or the thing itself as text. */
    readonly message: string;
  };
}

/** Snapshots by metric name, in the order of registration. Has no prototype. */
export type MetricSnapshots = Readonly<Record<string, MetricSnapshot>>;

/** What a recorder's snapshot has under a name: dimensions, or the place of a custom metric. */
type SnapshotEntry = readonly [
  name: string,
  dimensions: Readonly<Record<string, DimensionValue>> | undefined,
];

/** From the bytes of the native `Recorder::WriteSnapshots`, in the order of registration. */
export function decodeSnapshots(bytes: ArrayBuffer): readonly SnapshotEntry[] {
  const decoder = new ValueDecoder(bytes);
  return decoder.entries(() => {
    const value = decoder.value();
    return value === null ? undefined : asDimensions(value);
  });
}

/** The native side writes an object of dimension values here, by construction. */
function asDimensions(value: PlainValue): Readonly<Record<string, DimensionValue>> {
  return value as unknown as Readonly<Record<string, DimensionValue>>;
}
