/** Our histograms and timers. */
import type { MetricsRecorder } from "metrics-runtime";
import { BUCKETS, forEachTarget, VALUE_MASK, VALUES } from "./inputs.js";
import { OPERATIONS, OURS } from "./operations.js";
import { type Row, row } from "./row.js";

const help = "bench";
const labels = ["method", "status"] as const;

export function histogramRows(recorder: MetricsRecorder): Row[] {
  const bare = forEachTarget((_, index) =>
    recorder.histogram(`seconds_${index}`, { help, buckets: BUCKETS }),
  );
  const labelled = forEachTarget(({ method, status }, index) => ({
    method,
    status,
    seconds: recorder.histogram(`seconds_by_2_${index}`, { help, labels, buckets: BUCKETS }),
  }));
  const held = forEachTarget(({ method, status }, index) =>
    recorder
      .histogram(`seconds_held_${index}`, { help, labels, buckets: BUCKETS })
      .labels({ method, status }),
  );
  return [
    row(OPERATIONS.histogram, OURS, bare, (histogram, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += histogram.record(VALUES[i & VALUE_MASK] as number) ? 1 : 0;
      }
      return sum;
    }),
    row(OPERATIONS.histogramHeld, OURS, held, (series, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += series.record(VALUES[i & VALUE_MASK] as number) ? 1 : 0;
      }
      return sum;
    }),
    row(OPERATIONS.histogramLiteral2, OURS, labelled, ({ seconds, method, status }, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += seconds.record(VALUES[i & VALUE_MASK] as number, { method, status }) ? 1 : 0;
      }
      return sum;
    }),
    row(OPERATIONS.timer, OURS, held, (series, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) sum += series.startTimer()();
      return sum;
    }),
  ];
}

/** @throws when this build has no exponential histograms */
export function exponentialRows(recorder: MetricsRecorder): Row[] {
  const held = forEachTarget(({ method, status }, index) =>
    recorder
      .histogram<"method" | "status">(`sizes_held_${index}`, {
        help,
        labels,
        exponential: true,
      } as never) // the types may not know it yet
      .labels({ method, status }),
  );
  return [
    row(OPERATIONS.exponentialHeld, OURS, held, (series, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += series.record(VALUES[i & VALUE_MASK] as number) ? 1 : 0;
      }
      return sum;
    }),
  ];
}
