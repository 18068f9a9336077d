/** `queue-program.js <blast|paced> <limit>`: events of one thread into a queue of that limit, as JSON. */
import { argv } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  MetricsRuntime,
  oneOf,
  sum,
} from "metrics-runtime";
import { answer } from "./answer.js";
import type { QueueMeasure, StreamName } from "./queue.js";

/** More than the largest queue holds: all of its memory was touched then. */
const WARM_UP_EVENTS = 6_000_000;
const BLAST_EVENTS = 10_000_000;
const PACED_PER_MS = 500;
const PACED_MS = 1_000;
/** Timed together, so that the clock is a small part of it; half of the smallest queue. */
const BURST = 50;

type Emit = (outcome: "SUCCESS" | "FAILURE", size: number) => boolean;

/** What was accepted, and how long it took to offer all. */
class Tally {
  offered = 0;
  accepted = 0;
  acceptedSize = 0;
  emitting = 0n;

  burst(emit: Emit, events: number): void {
    let { offered, accepted, acceptedSize } = this;
    const begin = process.hrtime.bigint();
    for (const end = offered + events; offered < end; offered++) {
      const size = offered & 1023;
      if (emit((offered & 7) === 0 ? "FAILURE" : "SUCCESS", size)) {
        accepted++;
        acceptedSize += size;
      }
    }
    this.emitting += process.hrtime.bigint() - begin;
    this.offered = offered;
    this.accepted = accepted;
    this.acceptedSize = acceptedSize;
  }
}

const STREAM: Readonly<Record<StreamName, (emit: Emit, tally: Tally) => void>> = {
  blast: (emit, tally) => tally.burst(emit, BLAST_EVENTS),
  paced: pace,
};

/** Looks at the clock all the time; what a gap held back is not made up for beyond one burst. */
function pace(emit: Emit, tally: Tally): void {
  const begin = performance.now();
  let before = begin;
  for (let owed = 0, now = begin; now - begin < PACED_MS; now = performance.now()) {
    owed = Math.min(2 * BURST - 1, owed + (now - before) * PACED_PER_MS);
    before = now;
    if (owed < BURST) continue;
    tally.burst(emit, BURST);
    owed -= BURST;
  }
}

async function measure(
  stream: StreamName,
  queueMaxSize: number,
): Promise<Record<QueueMeasure, number>> {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  try {
    const recorder = runtime.createRecorder("queue", { queueMaxSize });
    const Save = defineMetricEvent("bench.queue", {
      outcome: oneOf("SUCCESS", "FAILURE"),
      size: float64(),
    });
    recorder.registerMetric(
      defineMetric("bench.queue", {
        total: count(Save),
        failure_total: count(Save, { where: { outcome: "FAILURE" } }),
        size_sum: sum(Save, "size"),
      }),
    );
    const emit = recorder.emitter(Save, ["outcome", "size"]);
    const warmUp = new Tally();
    warmUp.burst(emit, WARM_UP_EVENTS);
    while (recorder.getStats().pending > 0) await sleep(1);
    const measured = new Tally();
    const begin = performance.now();
    STREAM[stream](emit, measured);
    const seconds = (performance.now() - begin) / 1_000;
    recorder.stop().wait();
    const { dimensions } = recorder.getMetricSnapshots()["bench.queue"] ?? {};
    const stats = recorder.getStats();
    const counts = [warmUp.accepted + measured.accepted, stats.accepted, stats.dispatched];
    const offered = warmUp.offered + measured.offered;
    const isExact =
      counts.every((count) => count === dimensions?.total) &&
      warmUp.acceptedSize + measured.acceptedSize === dimensions?.size_sum &&
      stats.offered === offered &&
      stats.accepted + stats.dropped === offered;
    if (!isExact) throw new Error(`accepted ${counts}, in the snapshot ${dimensions?.total}`);
    return {
      nanoseconds: Number(measured.emitting) / measured.accepted,
      droppedPercent: (100 * (measured.offered - measured.accepted)) / measured.offered,
      millionPerSecond: measured.offered / seconds / 1e6,
      accepted: measured.accepted,
    };
  } finally {
    runtime.shutdown();
  }
}

const [, , stream = "", limit = ""] = argv;
await answer(() => measure(stream as StreamName, Number(limit)));
