/** `series-program.js <subject> <series>`: what it takes to find one of so many series and add to it, as JSON. */
import { argv } from "node:process";
import { median } from "../../statistics.js";
import { answer } from "./answer.js";
import { type LabelOrder, labelOrder } from "./label-order.js";
import type { SeriesMeasure } from "./series.js";
import { OPEN_SERIES, type SeriesSubject } from "./series-subjects.js";

/** To warm up with: what is loaded and compiled is not asked. It stays, so that its loop is not alone. */
const OTHER_SERIES = 1_000;
const CHUNK = 4_096;
/** Of adding, and again of taking snapshots. */
const LEAST_MS = 150;

async function measure(name: string, series: number): Promise<Record<SeriesMeasure, number>> {
  const open = OPEN_SERIES[name];
  if (open === undefined) throw new Error(`no such subject: ${name}`);
  const otherOrder = labelOrder(OTHER_SERIES);
  const other = await open(otherOrder, OTHER_SERIES);
  addFor(other, otherOrder);
  await snapshotMsOf(other, OTHER_SERIES);
  const order = labelOrder(series);
  const subject = await open(order, series);
  subject.add(0, order.steps);
  const nanoseconds = addFor(subject, order);
  const snapshotMs = await snapshotMsOf(subject, series);
  await subject.close();
  await other.close();
  return { nanoseconds, snapshotMs };
}

/** Nanoseconds of one step; what is collected meanwhile is in them. */
function addFor({ add }: SeriesSubject, { steps }: LabelOrder): number {
  let done = 0;
  let next = 0;
  const begin = performance.now();
  let passed = 0;
  for (; passed < LEAST_MS; passed = performance.now() - begin) {
    const end = Math.min(steps, next + CHUNK);
    add(next, end);
    done += end - next;
    next = end === steps ? 0 : end;
  }
  return (1e6 * passed) / done;
}

/** The median of one of the large ones, of many of the small ones. */
async function snapshotMsOf(subject: SeriesSubject, series: number): Promise<number> {
  const samples: number[] = [];
  globalThis.gc?.();
  for (const begin = performance.now(); ; ) {
    const before = performance.now();
    const counted = await subject.countSeries();
    const after = performance.now();
    if (counted !== series) throw new Error(`${counted} series in the snapshot, not ${series}`);
    samples.push(after - before);
    if (after - begin >= LEAST_MS) return median(samples);
  }
}

const [, , name = "", series = ""] = argv;
await answer(() => measure(name, Number(series)));
