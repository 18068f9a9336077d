/** A thread of `threads-program.ts`: produces a batch whenever the gate is opened. */
import { parentPort, workerData } from "node:worker_threads";
import type { MetricsRuntimeToken } from "metrics-runtime";
import { OPEN_PRODUCER } from "./open-producer.js";
import { BATCHES, type ProducerName } from "./producers.js";

/** The main thread opens the gate long before. */
const WAIT_MS = 60_000;

export interface WorkerTask {
  readonly name: ProducerName;
  readonly token: MetricsRuntimeToken;
  /** One `int32`: how many batches have been opened. */
  readonly gate: SharedArrayBuffer;
}

/** Sent after the warm-up and after each batch. */
export interface WorkerReport {
  /** The sum of what was counted since the last one. */
  readonly counted: number;
  /** `process.hrtime.bigint()`, one clock for all threads. */
  readonly ended: bigint;
}

const { name, token, gate } = workerData as WorkerTask;
const opened = new Int32Array(gate);
const report = (counted: number): void => {
  const message: WorkerReport = { counted, ended: process.hrtime.bigint() };
  parentPort?.postMessage(message);
};

const { warmUp, run } = await OPEN_PRODUCER[name](token);
report(warmUp());
for (let batch = 0; batch < BATCHES; batch++) {
  if (Atomics.wait(opened, 0, batch, WAIT_MS) === "timed-out") throw new Error("no batch");
  report(run());
}
