import type { MetricEvent } from "../events/metric-event.js";
import type { MetricDefinition } from "../metrics/define-metric.js";
import type { Metric } from "../metrics/metric.js";
import type { MetricSnapshots } from "../metrics/snapshot.js";

/** A metric as a recorder knows it: declared, or written in JavaScript. */
export type RegisteredMetric = MetricDefinition | Metric;

/**
 * What production code depends on: it can state facts and read metrics, and knows nothing of threads
 * and lifecycles. `MetricsRecorder` implements it; so does {@link noopMetricsRecorder}.
 */
export interface MetricsRecorderLike {
  /** Registers a metric, or replaces the one of the same name. */
  registerMetric(metric: RegisteredMetric): void;
  /** Registers a fact. `true`: it was accepted and will be counted. */
  registerEvent(event: MetricEvent): boolean;
  /** Every metric now, by name. */
  getMetricSnapshots(): MetricSnapshots;
  /** The registered metrics, in the order of their registration. */
  iterMetrics(): IterableIterator<RegisteredMetric>;
}

const NO_SNAPSHOTS: MetricSnapshots = Object.freeze(Object.create(null));

/** Accepts everything and keeps nothing: for tests, and where metrics are switched off. */
export const noopMetricsRecorder: MetricsRecorderLike = Object.freeze({
  registerMetric(): void {},
  registerEvent(): boolean {
    return true;
  },
  getMetricSnapshots(): MetricSnapshots {
    return NO_SNAPSHOTS;
  },
  iterMetrics(): IterableIterator<RegisteredMetric> {
    return [][Symbol.iterator]();
  },
});
