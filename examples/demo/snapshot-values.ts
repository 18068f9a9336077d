import type {
  Dimensions,
  MetricDefinition,
  MetricSnapshots,
  Series,
  ValueOf,
} from "metrics-runtime";

/** What the snapshots hold for a dimension, as its definition says. */
export function valueAt<D extends Dimensions, Name extends keyof D & string>(
  snapshots: MetricSnapshots,
  { metricName }: MetricDefinition<D>,
  dimension: Name,
): ValueOf<D[Name]> {
  const value = snapshots[metricName]?.dimensions[dimension];
  if (value === undefined) {
    throw new Error(`the snapshots have no ${metricName}.${dimension}`);
  }
  return value as ValueOf<D[Name]>;
}

/** A grouped number, added up for each value of one of the fields it is grouped by. */
export function totalsBy(
  field: string,
  series: readonly Series<number>[],
): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { labels, value } of series) {
    const key = labels[field] ?? "overflow";
    totals[key] = (totals[key] ?? 0) + value;
  }
  return totals;
}

/** The values of a series' labels: `"GET document"`. */
export function titleOf({ labels }: Series): string {
  return Object.values(labels).join(" ");
}
