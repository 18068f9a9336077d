import { checkFunction, checkName, isPlainObject } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import { brand } from "../errors/brand.js";
import { describeCause } from "../errors/metrics-error.js";
import type { MetricEvent } from "../events/metric-event.js";
import type { MetricSnapshot } from "./snapshot.js";

/**
 * A metric written in JavaScript, for what no declaration expresses. It runs in the JavaScript thread
 * that registered it and sees the events of that thread alone, each once, in order: in batches, on a
 * later turn of the thread's loop or inside a blocking call of the thread. Until it has handled an
 * event, that event takes its place in the queue.
 *
 * Inside a metric, events may be registered, snapshots read and recorders stopped with `stop()`; what
 * would block (`wait`, `stopRecorder`, `stopAndRemoveRecorder`, `shutdown`) fails with an
 * invalid-state error.
 *
 * @example
 * ```ts
 * class LongestRun extends Metric {
 *   readonly metricName = "document_storage.save.longest_failure_run";
 *   #run = 0;
 *   #longest = 0;
 *
 *   handleEvent(event: MetricEvent): boolean {
 *     if (!SaveAttempt.is(event)) return false;
 *     this.#run = event.outcome === "FAILURE" ? this.#run + 1 : 0;
 *     this.#longest = Math.max(this.#longest, this.#run);
 *     return true;
 *   }
 *
 *   snapshot(): MetricSnapshot {
 *     return { name: this.metricName, dimensions: { longest: this.#longest } };
 *   }
 * }
 * recorder.registerMetric(new LongestRun());
 * ```
 */
export abstract class Metric {
  /** Not blank. Read when the metric is registered; it keeps that name. */
  abstract readonly metricName: string;

  /**
   * One event of this thread. Synchronous: a promise is not waited for. When it throws, the metric is
   * quarantined: it gets no more events until its name is registered again.
   *
   * @param event a `key` field holds the hash of what was given, as 16 hexadecimal digits
   * @returns whether the event mattered to this metric; `onMetricChanged` is told of those that did
   */
  abstract handleEvent(event: MetricEvent): boolean;

  /**
   * The metric's state as plain data. When it throws, the snapshot has no dimensions and says why.
   */
  abstract snapshot(): MetricSnapshot;
}

brand(Metric);

/** Also of another copy of this package; false for what cannot even be asked, a revoked proxy. */
export function isCustomMetric(value: unknown): value is Metric {
  try {
    return value instanceof Metric;
  } catch {
    return false;
  }
}

/**
 * The name of a custom metric.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; what its getters throw
 */
export function checkCustomMetric(argument: string, metric: Metric): string {
  const metricName = checkName(`${argument}.metricName`, metric.metricName);
  checkFunction(`${argument}.handleEvent`, metric.handleEvent);
  checkFunction(`${argument}.snapshot`, metric.snapshot);
  return metricName;
}

/** What a custom metric says of itself, or why it does not. Never throws. */
export function customSnapshot(name: string, take: () => MetricSnapshot): MetricSnapshot {
  try {
    const snapshot: unknown = take();
    if (typeof snapshot !== "object" || snapshot === null) {
      throw invalidArgType("snapshot()", "of type object", snapshot);
    }
    const { dimensions } = snapshot as Partial<MetricSnapshot>;
    if (!isPlainObject(dimensions)) {
      throw invalidArgType("snapshot().dimensions", "a plain object", dimensions);
    }
    return { name, dimensions: { ...dimensions } };
  } catch (error) {
    return { name, dimensions: {}, error: describeCause(error) };
  }
}
