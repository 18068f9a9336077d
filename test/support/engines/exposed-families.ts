/** The families that an exposition should have, made of what snapshots say. */
import type {
  ExponentialHistogramSnapshot,
  HistogramSnapshot,
  MetricsRecorder,
  QuantilesSnapshot,
  Series,
  SeriesValue,
} from "metrics-runtime";
import { type FamilyType, legalLabelName, type NamedFamily, namedFamily } from "./exposed-names.js";

/** A recorder as a test has made it. */
export interface DeclaredRecorder {
  readonly recorder: MetricsRecorder;
  readonly id: string;
  readonly entityId: string;
  readonly namespace: string;
}

/** An instrument, or one dimension of a metric. */
export interface Declared {
  readonly of: DeclaredRecorder;
  readonly metric: string;
  /** Undefined: an instrument. */
  readonly dimension?: string | undefined;
  readonly type: FamilyType;
  readonly help?: string | undefined;
  readonly unit?: string | undefined;
}

export type ExposedValue =
  | number
  | HistogramSnapshot
  | ExponentialHistogramSnapshot
  | QuantilesSnapshot;

export interface ExposedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: ExposedValue;
}

export interface ExposedFamily extends NamedFamily {
  readonly help: string;
  readonly series: readonly ExposedSeries[];
}

export function familyOf({ of, metric, dimension = "", type, unit = "" }: Declared): NamedFamily {
  return namedFamily([of.namespace, metric, dimension], type, unit);
}

/** In the order of their declaration, those without a value left out. */
export function exposedFamilies(declared: readonly Declared[]): readonly ExposedFamily[] {
  const families = new Map<string, ExposedFamily & { readonly series: ExposedSeries[] }>();
  const snapshots = new Map(
    [...new Set(declared.map(({ of }) => of))].map((of) => [of, of.recorder.getMetricSnapshots()]),
  );
  for (const one of declared) {
    const named = familyOf(one);
    const family = families.get(named.name) ?? { ...named, help: one.help ?? "", series: [] };
    families.set(named.name, family);
    const snapshot = snapshots.get(one.of)?.[one.metric];
    if (snapshot === undefined) throw new Error(`no snapshot of ${JSON.stringify(one.metric)}`);
    const value = snapshot.dimensions[one.dimension ?? "value"];
    if (value === undefined) throw new Error(`no value of ${JSON.stringify(one.metric)}`);
    const rows: readonly Series<SeriesValue>[] = Array.isArray(value)
      ? value
      : [{ labels: {}, value: value as SeriesValue }];
    for (const { labels, value } of rows) {
      if (value !== null) family.series.push({ labels: exposedLabels(one.of, labels), value });
    }
  }
  return [...families.values()].filter(({ series }) => series.length > 0);
}

function exposedLabels(
  { id, entityId }: DeclaredRecorder,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries([
    ["recorder", id],
    ...(entityId === id ? [] : [["entity", entityId]]),
    ...Object.entries(labels).map(([name, value]) => [legalLabelName(name), value]),
  ]);
}
