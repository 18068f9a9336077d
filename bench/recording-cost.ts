/**
 * What one recorded event costs the JavaScript thread, beside its floors, all in one run and
 * interleaved: each round measures every row once; the figures are medians over the rounds.
 */
import { count, defineMetric, MetricsRuntime } from "metrics-runtime";
import { measure } from "mitata";
import { markdownTable } from "./markdown-table.js";
import { openDrainedRing, openUnreadRing } from "./raw-ring.js";
import {
  CLASSES,
  MEASURED_CLASSES,
  OPERATIONS,
  RAW_DRAINED,
  RAW_UNREAD,
  type Row,
  recordingRows,
} from "./recording-rows.js";
import { median, quantile } from "./statistics.js";

const ROUNDS = 15;
const NS_PER_ROUND = 40e6;
const QUEUE_MAX_SIZE = 2 ** 16;
export async function measureRecordingCost(): Promise<void> {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = runtime.createRecorder("cost", { queueMaxSize: QUEUE_MAX_SIZE });
  for (const eventClass of MEASURED_CLASSES) {
    recorder.registerMetric(defineMetric(eventClass.eventType, { total: count(eventClass) }));
  }
  const unread = openUnreadRing(QUEUE_MAX_SIZE);
  const drained = openDrainedRing(QUEUE_MAX_SIZE, CLASSES);
  const rows = recordingRows(recorder, unread, drained);
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of rows) {
      const { p50 } = await measure(row.run, { min_cpu_time: NS_PER_ROUND });
      row.nanoseconds.push(p50 / OPERATIONS);
    }
  }
  const { offered, dropped } = recorder.getStats();
  runtime.shutdown();
  drained.close();
  print(rows);
  const percent = ((100 * dropped) / offered).toFixed(2);
  console.log(
    `\n${offered} events offered, ${dropped} dropped (${percent} %), queue ${QUEUE_MAX_SIZE}.`,
  );
}

function print(rows: readonly Row[]): void {
  const medianOf = (name: string): number =>
    median(rows.find((candidate) => candidate.name === name)?.nanoseconds ?? []);
  const unread = medianOf(RAW_UNREAD);
  const drained = medianOf(RAW_DRAINED);
  const cells = rows.map(({ name, nanoseconds }) => {
    const ns = median(nanoseconds);
    return [
      name,
      ns.toFixed(1),
      Math.min(...nanoseconds).toFixed(1),
      quantile(nanoseconds, 0.9).toFixed(1),
      (ns / drained).toFixed(2),
      (ns / unread).toFixed(2),
    ];
  });
  console.log(
    markdownTable(
      ["operation", "ns, median", "min", "p90", "x raw, drained", "x raw, unread"],
      cells,
    ),
  );
}
