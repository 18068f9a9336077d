import { checkName } from "../errors/argument-checks.js";
import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import type { EventCodecs } from "../events/event-codecs.js";
import type {
  NativeDimension,
  NativeEventSource,
  NativeMetricDefinition,
} from "../native/boundary.js";
import { Dimension, type DimensionSource } from "./dimension.js";
import { BY_THE_LIBRARY } from "./maker.js";

/** The dimensions of a metric by name. */
export type Dimensions = Readonly<Record<string, Dimension>>;

/** A declared metric: it runs on the runtime thread and sees the events of every JS thread. */
export class MetricDefinition<D extends Dimensions = Dimensions> {
  /** Under which it is registered and read. */
  readonly metricName: string;
  /** By name; frozen. */
  readonly dimensions: D;

  /** As a dimension's. */
  readonly #made = true;

  /** @internal */
  constructor(maker: typeof BY_THE_LIBRARY, metricName: string, dimensions: D) {
    if (maker !== BY_THE_LIBRARY) throw new TypeError("metrics are made by defineMetric");
    this.metricName = metricName;
    this.dimensions = Object.freeze(dimensions);
    Object.freeze(this);
  }

  /** @internal */
  static isMade(value: unknown): value is MetricDefinition {
    return typeof value === "object" && value !== null && #made in value && value.#made;
  }
}

/**
 * Declares a metric: which events matter to it and what they mean.
 *
 * @example
 * ```ts
 * const saves = defineMetric("document_storage.save.attempts", {
 *   total: count(SaveAttempt),
 *   failure_total: count(SaveAttempt, { where: { outcome: "FAILURE" } }),
 *   duration_ms: histogram(SaveAttempt, "durationMs", { buckets: [1, 5, 10, 50, 100] }),
 * });
 * recorder.registerMetric(saves);
 * ```
 *
 * @param metricName not blank
 * @param dimensions at least one; names that are not blank
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function defineMetric<D extends Dimensions>(
  metricName: string,
  dimensions: D,
): MetricDefinition<D> {
  const name = checkName("metricName", metricName);
  if (typeof dimensions !== "object" || dimensions === null || Array.isArray(dimensions)) {
    throw invalidArgType("dimensions", "of type object", dimensions);
  }
  const entries = Object.entries(dimensions);
  if (entries.length === 0) throw invalidArgValue("dimensions", "must not be empty", dimensions);
  for (const [key, dimension] of entries) {
    checkName("dimensions", key);
    if (!Dimension.isMade(dimension)) {
      throw invalidArgType(`dimensions.${key}`, "an aggregation such as count(…)", dimension);
    }
  }
  // What was checked, and not what a getter says the next time.
  return new MetricDefinition(BY_THE_LIBRARY, name, Object.fromEntries(entries) as D);
}

/** What the native side registers: event classes and fields as the numbers of this runtime. */
export function nativeDefinition(
  definition: MetricDefinition,
  codecs: EventCodecs,
): NativeMetricDefinition {
  const dimensions = Object.values(definition.dimensions);
  codecs.prepare(dimensions.flatMap(({ sources }) => sources.map(({ event }) => event)));
  return {
    name: definition.metricName,
    fingerprint: fingerprint(definition),
    dimensions: Object.entries(definition.dimensions).map(
      ([name, { aggregation, sources, by, maxSeries, help, unit }]): NativeDimension => ({
        name,
        help,
        unit,
        aggregation,
        maxSeries,
        sources: sources.map((source) => nativeSource(source, by, codecs)),
      }),
    ),
  };
}

function nativeSource(
  { event, where, contributes }: DimensionSource,
  by: readonly string[],
  codecs: EventCodecs,
): NativeEventSource {
  const index = (name: string): number => event.fieldNames.indexOf(name);
  return {
    eventClassId: codecs.of(event).id,
    where: where.map(({ fieldName, values }) => ({ field: index(fieldName), values })),
    field: "field" in contributes ? index(contributes.field) : undefined,
    step: "step" in contributes ? contributes.step : 0,
    by: by.map(index),
  };
}

/** Equal for two definitions exactly when dimensions, their order and their options are equal; help means nothing. */
function fingerprint(definition: MetricDefinition): string {
  return JSON.stringify(
    Object.entries(definition.dimensions).map(([name, dimension]) => {
      const { aggregation, sources, by, maxSeries, unit } = dimension;
      return [
        name,
        unit,
        aggregation,
        by,
        by.length === 0 ? 0 : maxSeries, // without groups it means nothing
        sources.map(({ event, where, contributes }) => [event.fingerprint(), where, contributes]),
      ];
    }),
  );
}
