/** All rows of this package, on one recorder. */
import { MetricsRuntime } from "metrics-runtime";
import { counterRows } from "./counter-rows.js";
import { eventRows } from "./event-rows.js";
import { QUEUE_EVENTS } from "./floors.js";
import { gaugeRows } from "./gauge-rows.js";
import { exponentialRows, histogramRows } from "./histogram-rows.js";
import { OPERATIONS, OURS } from "./operations.js";
import type { Row, Subject } from "./row.js";

export function openOurs(): Subject & { readonly offeredAndDropped: () => string } {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("versus", { queueMaxSize: QUEUE_EVENTS });
  const skipped: string[] = [];
  const ifThere = (operation: string, make: () => Row[]): Row[] => {
    try {
      return make();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      skipped.push(`${OURS}: "${operation}" is not in this build (${reason})`);
      return [];
    }
  };
  return {
    rows: [
      ...counterRows(recorder),
      ...gaugeRows(recorder),
      ...histogramRows(recorder),
      ...ifThere(OPERATIONS.exponentialHeld, () => exponentialRows(recorder)),
      ...eventRows(recorder),
    ],
    skipped,
    offeredAndDropped: () => {
      const { offered, dropped } = recorder.getStats();
      return `${offered} events offered, ${dropped} dropped, queue ${QUEUE_EVENTS}`;
    },
    close: () => {
      recorder.getMetricSnapshots();
      runtime.shutdown();
    },
  };
}
