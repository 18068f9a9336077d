/** From the times of single requests to what is said about a run. */
import { quantile } from "../../statistics.js";

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Of the whole run, its warm-up too: no answer, or not the expected status. */
export interface Failures {
  readonly failed: number;
  readonly reasons: readonly string[];
}

/** Of the measured window, but for the failures; all times in ms. */
export interface LoadReading extends Failures {
  readonly asked: number;
  /** Requests that were sent before the window had passed. */
  readonly sentInTime: number;
  /** From when the request was due to the end of the answer. */
  readonly fromDue: Latency;
  /** From when it was sent: without what the generator was late. */
  readonly fromSent: Latency;
  /** How late it was sent. */
  readonly lag: Latency;
}

export interface RequestTimes {
  /** NaN where it came to none. */
  readonly sentAtMs: Float64Array;
  /** NaN where there was no answer. */
  readonly answeredAtMs: Float64Array;
}

/**
 * The requests are due at equal distances. The generator does not say when the first one was: here as late as can be
 * without any having been sent too early. So a latency may come out too long by the grain of its timer, never too short.
 *
 * @param first of the measured window; those before are its warm-up
 */
export function readLoad(
  { sentAtMs, answeredAtMs }: RequestTimes,
  requestsPerSecond: number,
  first: number,
  failures: Failures,
): LoadReading {
  const intervalMs = 1_000 / requestsPerSecond;
  const total = sentAtMs.length;
  const starts = Array.from(sentAtMs, (at, i) => at - i * intervalMs);
  const startMs = starts.reduce((least, at) => (at < least ? at : least), Infinity);
  const endMs = startMs + total * intervalMs;
  const fromDue: number[] = [];
  const fromSent: number[] = [];
  const lag: number[] = [];
  let sentInTime = 0;
  for (let i = first; i < total; i++) {
    const sentAt = sentAtMs[i] ?? Number.NaN;
    const answeredAt = answeredAtMs[i] ?? Number.NaN;
    const dueAt = startMs + i * intervalMs;
    if (Number.isNaN(sentAt)) continue;
    if (sentAt < endMs) sentInTime++;
    lag.push(sentAt - dueAt);
    if (Number.isNaN(answeredAt)) continue;
    fromDue.push(answeredAt - dueAt);
    fromSent.push(answeredAt - sentAt);
  }
  return {
    asked: total - first,
    sentInTime,
    ...failures,
    fromDue: latencyOf(fromDue),
    fromSent: latencyOf(fromSent),
    lag: latencyOf(lag),
  };
}

export function latencyOf(samples: readonly number[]): Latency {
  return {
    p50: quantile(samples, 0.5),
    p99: quantile(samples, 0.99),
    p999: quantile(samples, 0.999),
    max: quantile(samples, 1),
  };
}
