/** The samples that families should be in each format, as parsers give them back. */
import { type Bucket, classicBuckets } from "./classic-buckets.js";
import type { ExposedFamily, ExposedSeries, ExposedValue } from "./exposed-families.js";
import type { ScrapedFormat } from "./exposition-server.js";

/** `name{"label":"value",…}` in the order of the labels' names, and the value; bounds as JavaScript writes them. */
export type ExposedSample = readonly [series: string, value: number];

/** Prometheus knows no wider buckets. */
export const LEAST_NATIVE_SCALE = -4;

/**
 * @param format as a scraper gets it: of protobuf it makes one sample of an exponential histogram, whose value is
 *   the count
 */
export function exposedSamples(
  families: readonly ExposedFamily[],
  format: ScrapedFormat,
): readonly ExposedSample[] {
  return sortedSamples(
    families.flatMap((family) =>
      family.series.flatMap((series) => samplesOf(family, series, format)),
    ),
  );
}

export function sortedSamples(samples: readonly ExposedSample[]): readonly ExposedSample[] {
  return samples.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Zero has no sign in any format. */
export function exposedSample(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): ExposedSample {
  const pairs = Object.entries(labels)
    .map(([key, value]) => [key, key === "le" || key === "quantile" ? boundText(value) : value])
    .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return [name + JSON.stringify(pairs), value + 0];
}

export function boundText(bound: string): string {
  return String(numberOfText(bound));
}

/** Of a number as the formats, Go and Python write it. */
export function numberOfText(text: string | number): number {
  return typeof text === "number" ? text : Number(text.replace(/Inf$/, "Infinity"));
}

const KEEP: Readonly<Record<ScrapedFormat, (value: number) => boolean>> = {
  // What the specification allows in cumulative things: docs in openmetrics_text.h.
  openmetrics: (value) => value >= 0,
  prometheus: () => true,
  protobuf: () => true,
};

function samplesOf(
  { name, type }: ExposedFamily,
  { labels, value }: ExposedSeries,
  format: ScrapedFormat,
): readonly ExposedSample[] {
  const sample = (suffix: string, value: number, more = {}) =>
    exposedSample(name + suffix, { ...labels, ...more }, value);
  const keep = KEEP[format];
  if (typeof value === "number") {
    if (type !== "counter") return [sample("", value)];
    return keep(value) ? [sample("_total", value)] : [];
  }
  const sums = [sample("_sum", value.sum), sample("_count", value.count)];
  // Whatever the sum is now: with a negative value it is no counter.
  const sumKept = keep(value.min ?? 0);
  if ("quantiles" in value) {
    const quantiles = Object.entries(value.quantiles).map(
      ([quantile, at]) => [quantile, at ?? Number.NaN] as const,
    );
    return [
      ...quantiles
        .filter(([, at]) => Number.isNaN(at) || keep(at))
        .map(([quantile, at]) => sample("", at, { quantile })),
      ...sums.slice(sumKept ? 0 : 1),
    ];
  }
  if (format === "protobuf" && "scale" in value && value.scale >= LEAST_NATIVE_SCALE)
    return [sample("", value.count)];
  const buckets = bucketsOf(value);
  let count = 0;
  const lines = buckets.map((bucket) => {
    count += bucket.count;
    return sample("_bucket", count, { le: String(bucket.le) });
  });
  const sumsAllowed = sumKept && keep(buckets[0]?.le ?? 0);
  return sumsAllowed ? [...lines, ...sums] : lines;
}

export function bucketsOf(value: Exclude<ExposedValue, number>): readonly Bucket[] {
  if ("scale" in value) return classicBuckets(value);
  return "buckets" in value ? value.buckets : [];
}
