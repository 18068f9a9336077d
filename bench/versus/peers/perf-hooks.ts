/** The histogram of Node.js: one, without labels; it takes whole numbers, here microseconds. */
import { createHistogram } from "node:perf_hooks";
import { forEachTarget, VALUE_MASK, WHOLE_VALUES } from "../inputs.js";
import { OPERATIONS } from "../operations.js";
import { row, type Subject } from "../row.js";

export function openPerfHooks(): Subject {
  const histograms = forEachTarget(() => createHistogram());
  return {
    rows: [
      row(OPERATIONS.histogram, "perf_hooks", histograms, (histogram, operations) => {
        for (let i = 0; i < operations; i++) {
          histogram.record(WHOLE_VALUES[i & VALUE_MASK] as number);
        }
        return operations;
      }),
    ],
    skipped: [],
    close() {},
  };
}
