import type { PlainValue } from "../native/value-decoder.js";
import { ValueDecoder } from "../native/value-decoder.js";

/** A histogram with explicit buckets, now. */
export interface HistogramSnapshot {
  readonly count: number;
  readonly sum: number;
  /** `null` while it is empty; likewise `max`. */
  readonly min: number | null;
  readonly max: number | null;
  /**
   * Each bucket's own count (not cumulative): values greater than the bound before and up to `le`,
   * included. The last `le` is `Infinity`.
   */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
}

/** The value of one dimension. */
export type DimensionValue = number | HistogramSnapshot;

/** A metric now: state, not history. */
export interface MetricSnapshot {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, DimensionValue>>;
}

/** Snapshots by metric name, in the order of registration. Has no prototype. */
export type MetricSnapshots = Readonly<Record<string, MetricSnapshot>>;

/** From the bytes of the native `Recorder::WriteSnapshots`. */
export function decodeSnapshots(bytes: ArrayBuffer): MetricSnapshots {
  const decoder = new ValueDecoder(bytes);
  const snapshots: Record<string, MetricSnapshot> = Object.create(null);
  for (const [name, dimensions] of decoder.entries(() => decoder.value())) {
    snapshots[name] = { name, dimensions: asDimensions(dimensions) };
  }
  return snapshots;
}

/** The native side writes an object of dimension values here, by construction. */
function asDimensions(value: PlainValue): Readonly<Record<string, DimensionValue>> {
  return value as unknown as Readonly<Record<string, DimensionValue>>;
}
