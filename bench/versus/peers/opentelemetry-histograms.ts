import { BUCKETS, forEachTarget, VALUE_MASK, VALUES } from "../inputs.js";
import { OPERATIONS } from "../operations.js";
import { type Row, row } from "../row.js";
import type { Meter } from "./opentelemetry-api.js";

const SUBJECT = "opentelemetry";
const options = { advice: { explicitBucketBoundaries: BUCKETS } };

export function histogramRows(meter: Meter): Row[] {
  const targets = forEachTarget(({ method, status }, i) => ({
    bare: meter.createHistogram(`seconds_${i}`, options),
    explicit: meter.createHistogram(`seconds_by_2_${i}`, options),
    exponential: meter.createHistogram(`exponential_seconds_${i}`),
    labels: { method, status },
    method,
    status,
  }));
  return [
    row(OPERATIONS.histogram, SUBJECT, targets, ({ bare }, operations) => {
      for (let i = 0; i < operations; i++) bare.record(VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
    row(OPERATIONS.histogramHeld, SUBJECT, targets, ({ explicit, labels }, operations) => {
      for (let i = 0; i < operations; i++) {
        explicit.record(VALUES[i & VALUE_MASK] as number, labels);
      }
      return operations;
    }),
    row(
      OPERATIONS.histogramLiteral2,
      SUBJECT,
      targets,
      ({ explicit, method, status }, operations) => {
        for (let i = 0; i < operations; i++) {
          explicit.record(VALUES[i & VALUE_MASK] as number, { method, status });
        }
        return operations;
      },
    ),
    row(OPERATIONS.exponentialHeld, SUBJECT, targets, ({ exponential, labels }, operations) => {
      for (let i = 0; i < operations; i++) {
        exponential.record(VALUES[i & VALUE_MASK] as number, labels);
      }
      return operations;
    }),
  ];
}
