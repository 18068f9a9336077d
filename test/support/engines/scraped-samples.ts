/** Samples as Prometheus or the Pushgateway has them, made comparable with those that were exposed. */
import type { ExposedFamily } from "./exposed-families.js";
import { type ExposedSample, exposedSample, sortedSamples } from "./exposed-samples.js";
import type { ScrapedFormat } from "./exposition-server.js";
import type { QueriedSample } from "./prometheus-api.js";

/** Without the labels of the target. */
export function withoutTarget(
  name: string,
  { job: _job, instance: _instance, ...labels }: Readonly<Record<string, string>>,
  value: number,
): ExposedSample {
  return exposedSample(name, labels, value);
}

/** To Prometheus a label without a value is not there. */
export function scrapedSamples(samples: readonly ExposedSample[]): readonly ExposedSample[] {
  return sortedSamples(
    samples.map(([series, value]) => {
      const begin = series.indexOf("[");
      const labels = JSON.parse(series.slice(begin)) as [string, string][];
      const kept = labels.filter(([, value]) => value !== "");
      return [series.slice(0, begin) + JSON.stringify(kept), value];
    }),
  );
}

export interface ScrapedSamples {
  readonly told: readonly ExposedSample[];
  /** The values of `_created`, in seconds, which are no part of `told`. */
  readonly created: readonly number[];
}

/** @param own the names of the library's own samples, which are left out */
export function asScraped(
  samples: readonly QueriedSample[],
  expected: readonly ExposedFamily[],
  format: ScrapedFormat,
  own: ReadonlySet<string>,
): ScrapedSamples {
  const cumulative = expected.filter(({ type }) => type !== "gauge");
  const names = new Set(
    format === "openmetrics" ? cumulative.map(({ name }) => `${name}_created`) : [],
  );
  const users = samples.filter(({ name = "" }) => !own.has(name));
  return {
    told: sortedSamples(
      users
        .filter(({ name = "" }) => !names.has(name))
        .map(({ name = "", labels, value, histogram }) =>
          withoutTarget(name, labels, histogram?.count ?? value),
        ),
    ),
    created: users.filter(({ name = "" }) => names.has(name)).map(({ value }) => value),
  };
}
