/** Histograms and timers of prom-client and of @prometheus-io/client; loaded once for each, as the counters are. */
import { BUCKETS, forEachTarget, VALUE_MASK, VALUES } from "../inputs.js";
import { OPERATIONS } from "../operations.js";
import { type Row, row } from "../row.js";
import type { PrometheusModule } from "./prometheus-api.js";

export function histogramRows({ Histogram, Registry }: PrometheusModule, subject: string): Row[] {
  const common = { help: "bench", buckets: BUCKETS, registers: [new Registry()] };
  const labelNames = ["method", "status"];
  const bare = forEachTarget((_, i) => new Histogram({ ...common, name: `seconds_${i}` }));
  const labelled = forEachTarget(({ method, status }, i) => ({
    method,
    status,
    seconds: new Histogram({ ...common, name: `seconds_by_2_${i}`, labelNames }),
  }));
  const held = forEachTarget(({ method, status }, i) =>
    new Histogram({ ...common, name: `seconds_held_${i}`, labelNames }).labels({ method, status }),
  );
  return [
    row(OPERATIONS.histogram, subject, bare, (histogram, operations) => {
      for (let i = 0; i < operations; i++) histogram.observe(VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
    row(OPERATIONS.histogramHeld, subject, held, (child, operations) => {
      for (let i = 0; i < operations; i++) child.observe(VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
    row(
      OPERATIONS.histogramLiteral2,
      subject,
      labelled,
      ({ seconds, method, status }, operations) => {
        for (let i = 0; i < operations; i++) {
          seconds.observe({ method, status }, VALUES[i & VALUE_MASK] as number);
        }
        return operations;
      },
    ),
    row(OPERATIONS.timer, subject, held, (child, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) sum += child.startTimer()();
      return sum;
    }),
  ];
}
