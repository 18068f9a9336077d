/** `threads-program.js <producer> <threads>`: so many threads that produce at the same time, as JSON. */
import { once } from "node:events";
import { argv } from "node:process";
import { Worker } from "node:worker_threads";
import { MetricsRuntime } from "metrics-runtime";
import { answer } from "./answer.js";
import { drained, openRecorder, sumOf } from "./open-producer.js";
import { BATCH_OPERATIONS, BATCHES, type ProducerName } from "./producers.js";
import type { ThreadMeasure } from "./threads.js";
import type { WorkerReport, WorkerTask } from "./threads-worker.js";

const WORKER = new URL("./threads-worker.js", import.meta.url);
/** Who counts somewhere that all threads add up in. */
const SUMMED: readonly ProducerName[] = ["counterHeld", "counterLiteral", "emitter"];

async function measure(
  name: ProducerName,
  threads: number,
): Promise<Record<ThreadMeasure, number>> {
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  const recorder = openRecorder(runtime);
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const opened = new Int32Array(gate);
  const workerData: WorkerTask = { name, token: runtime.share(), gate };
  const workers = Array.from({ length: threads }, () => new Worker(WORKER, { workerData }));
  try {
    let counted = countedIn(await nextReports(workers));
    await drained(recorder);
    const before = recorder.getStats();
    let wallNanoseconds = 0;
    let cpuNanoseconds = 0;
    for (let batch = 1; batch <= BATCHES; batch++) {
      const coming = nextReports(workers);
      const usedBefore = process.cpuUsage();
      const begin = process.hrtime.bigint();
      Atomics.store(opened, 0, batch);
      Atomics.notify(opened, 0);
      const reports = await coming;
      await drained(recorder);
      const { user, system } = process.cpuUsage(usedBefore);
      cpuNanoseconds += 1_000 * (user + system);
      wallNanoseconds += Math.max(...reports.map(({ ended }) => Number(ended - begin)));
      counted += countedIn(reports);
    }
    const summed = sumOf(recorder);
    if (SUMMED.includes(name) && summed !== counted) {
      throw new Error(`${counted} counted, ${summed} in the snapshot`);
    }
    const after = recorder.getStats();
    if (after.accepted !== after.dispatched) {
      throw new Error(`${after.accepted} accepted, ${after.dispatched} dispatched`);
    }
    const operations = threads * BATCHES * BATCH_OPERATIONS[name];
    const isEmitter = name === "emitter";
    return {
      millionPerSecond: (1e3 * operations) / wallNanoseconds,
      wallNanoseconds: (threads * wallNanoseconds) / operations,
      cpuNanoseconds: cpuNanoseconds / operations,
      accepted: isEmitter ? after.accepted - before.accepted : operations,
      dropped: after.dropped - before.dropped,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    runtime.shutdown();
  }
}

/** One of each; asked for before it can be sent. An error of a thread is an error of this. */
async function nextReports(workers: readonly Worker[]): Promise<readonly WorkerReport[]> {
  return await Promise.all(
    workers.map(async (worker) => {
      const [report]: WorkerReport[] = await once(worker, "message");
      if (report === undefined) throw new Error("no report");
      return report;
    }),
  );
}

function countedIn(reports: readonly WorkerReport[]): number {
  return reports.reduce((sum, { counted }) => sum + counted, 0);
}

const [, , name = "", threads = ""] = argv;
await answer(() => measure(name as ProducerName, Number(threads)));
