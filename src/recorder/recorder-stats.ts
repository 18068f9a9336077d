import type { NativeRecorderStats } from "../native/boundary.js";
import type { MetricsRecorderError } from "./errors.js";

/**
 * Counts of one recorder, over all threads, since it was created. In every reading
 * `offered = accepted + dropped` and, where no custom metric has events to handle,
 * `accepted = dispatched + pending`; `invalid` events are in none of them.
 */
export interface MetricsRecorderStats {
  /** Valid events that were handed in while the recorder took events. */
  readonly offered: number;
  /** Those that were taken: each is dispatched exactly once. */
  readonly accepted: number;
  /** Those that were lost because the queue was full. */
  readonly dropped: number;
  /** Accepted events that every declared metric has seen. */
  readonly dispatched: number;
  /**
   * Accepted events still on their way, to a declared metric or to a custom one: the depth of the
   * queues.
   */
  readonly pending: number;
  /**
   * Events refused for a value that cannot be counted: NaN, ±Infinity, a uint32 out of range, a
   * label that is too long or has a lone surrogate.
   */
  readonly invalid: number;
  /**
   * Accepted events that the custom metrics of their thread did not get to handle: the thread ended,
   * or a stop had waited 1 s for it.
   */
  readonly undelivered: number;
  /**
   * How often a hook failed without any other consequence: `onMetricChanged`; `onStopped` after a
   * stop by another thread; a promise that a hook gave.
   */
  readonly hookFailures: number;
  /**
   * How often the callback of an observable gauge threw or gave a promise, or a thread that has some
   * was left out of a snapshot because it did not come to it within 100 ms.
   */
  readonly observationsFailed: number;
  /** The bound of each queue, in events. */
  readonly queueMaxSize: number;
  /** Values that went to the overflow series of a grouped dimension, over all metrics. */
  readonly seriesOverflowed: number;
  /** Label values that became `<overflow>`. */
  readonly labelsOverflowed: number;
  /** Custom metrics that threw and get no more events. */
  readonly quarantined: readonly string[];
  /** Why the recorder is in FAILURE. */
  readonly lastError: MetricsRecorderError | undefined;
}

export function recorderStats(
  native: NativeRecorderStats,
  quarantined: readonly string[],
  queueMaxSize: number,
  lastError: MetricsRecorderError | undefined,
): MetricsRecorderStats {
  return {
    offered: native.accepted + native.dropped,
    accepted: native.accepted,
    dropped: native.dropped,
    dispatched: native.dispatched,
    pending: native.pending,
    invalid: native.invalid,
    undelivered: native.undelivered,
    hookFailures: native.hookFailures,
    observationsFailed: native.observationsFailed,
    queueMaxSize,
    seriesOverflowed: native.seriesOverflowed,
    labelsOverflowed: native.labelsOverflowed,
    quarantined,
    lastError,
  };
}
