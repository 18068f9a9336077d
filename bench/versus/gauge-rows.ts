/** Our gauges: under "last" a set also takes a number that orders it among all threads. */
import type { GaugeCombine, MetricsRecorder } from "metrics-runtime";
import { forEachTarget, VALUE_MASK, VALUES } from "./inputs.js";
import { OPERATIONS, OURS } from "./operations.js";
import { type Row, row } from "./row.js";

export function gaugeRows(recorder: MetricsRecorder): Row[] {
  const held = (combine: GaugeCombine) =>
    forEachTarget(({ method, status }, index) =>
      recorder
        .gauge(`in_use_${combine}_${index}`, {
          help: "bench",
          labels: ["method", "status"],
          combine,
        })
        .labels({ method, status }),
    );
  return [
    row(OPERATIONS.gaugeHeld, OURS, held("last"), (series, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += series.set(VALUES[i & VALUE_MASK] as number) ? 1 : 0;
      }
      return sum;
    }),
    row(OPERATIONS.gaugeHeldSum, OURS, held("sum"), (series, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += series.set(VALUES[i & VALUE_MASK] as number) ? 1 : 0;
      }
      return sum;
    }),
  ];
}
