import { invalidArgType, invalidArgValue } from "../errors/argument-errors.js";
import type { EventCodecs } from "../events/event-codecs.js";
import { MetricDefinition, nativeDefinition } from "../metrics/define-metric.js";
import { checkCustomMetric, isCustomMetric, type Metric } from "../metrics/metric.js";
import { decodeSnapshots, type MetricSnapshot, type MetricSnapshots } from "../metrics/snapshot.js";
import type { NativeFailure } from "../native/boundary.js";
import { whyNotExposed } from "../native/failures.js";
import { deliverBeforeBlocking } from "./deliveries.js";
import type { Observations } from "./observations.js";
import type { RecorderAccess } from "./recorder-access.js";
import type { ThreadMetrics } from "./thread-metrics.js";

/** The metrics of one recorder as one thread registers and reads them. */
export class MetricRegistry {
  /** Those that this thread has registered. */
  readonly metrics: ThreadMetrics;
  readonly #access: RecorderAccess;
  readonly #codecs: EventCodecs;
  readonly #observations: Observations;

  constructor(
    access: RecorderAccess,
    codecs: EventCodecs,
    metrics: ThreadMetrics,
    observations: Observations,
  ) {
    this.#access = access;
    this.#codecs = codecs;
    this.#observations = observations;
    this.metrics = metrics;
  }

  /** @throws as `MetricsRecorder.registerMetric` */
  register(metric: unknown): void {
    if (MetricDefinition.isMade(metric)) this.#registerDeclared(metric);
    else if (isCustomMetric(metric)) this.#registerCustom(metric);
    else {
      const expected = "a metric made by defineMetric or an instance of Metric";
      throw invalidArgType("metric", expected, metric);
    }
  }

  /** @throws as `MetricsRecorder.getMetricSnapshots` */
  snapshots(): MetricSnapshots {
    // First: what the callbacks register is in the snapshot too.
    const observed = this.#observations.observe();
    deliverBeforeBlocking();
    const entries = decodeSnapshots(this.#access.valueOf(this.#access.native.snapshots(observed)));
    const custom = entries.filter(([, dimensions]) => dimensions === undefined);
    this.metrics.keepCustom(new Set(custom.map(([name]) => name)));
    const snapshots: Record<string, MetricSnapshot> = Object.create(null);
    for (const [name, dimensions] of entries) {
      const snapshot =
        dimensions === undefined ? this.metrics.snapshotOf(name) : { name, dimensions };
      if (snapshot !== undefined) snapshots[name] = snapshot;
    }
    return snapshots;
  }

  /** Before somebody else reads them: see {@link Observations.observe}. */
  observe(): boolean {
    const observed = this.#observations.observe();
    deliverBeforeBlocking();
    return observed;
  }

  #registerDeclared(metric: MetricDefinition): void {
    this.#beforeRegistration();
    const { native } = this.#access;
    const failure = native.registerMetric(nativeDefinition(metric, this.#codecs));
    this.#check(metric.metricName, failure);
    this.#codecs.relearnLabels();
    this.metrics.addDeclared(metric.metricName, metric);
  }

  #registerCustom(metric: Metric): void {
    const metricName = checkCustomMetric("metric", metric);
    this.#beforeRegistration();
    // Also when this thread has it: another one may have declared a metric in its place.
    this.#check(metricName, this.#access.native.registerCustomMetric(metricName));
    if (!this.metrics.has(metricName, metric)) this.metrics.addCustom(metricName, metric);
  }

  #check(metricName: string, failure: NativeFailure | undefined): void {
    if (failure?.kind === "NAME_TAKEN") {
      throw invalidArgValue("metric.metricName", "is the name of an instrument", metricName);
    }
    const hidden = whyNotExposed(failure);
    if (hidden !== undefined) throw invalidArgValue("metric.metricName", hidden, metricName);
    if (failure !== undefined) this.#access.valueOf({ failure });
  }

  /** What this thread has registered so far is for the metrics there are. */
  #beforeRegistration(): void {
    this.#access.expectOpen();
    deliverBeforeBlocking();
  }
}
