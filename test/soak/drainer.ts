/**
 * A thread that has the runtime drain over and over, so that the queues hold hardly anything and the record that is
 * read is the one that is just being written.
 */
import { workerData } from "node:worker_threads";
import { MetricsRuntime, type MetricsRuntimeToken } from "metrics-runtime";

/** What the word in the shared memory says. */
export const REST = 0;
export const DRAIN = 1;
export const END = 2;

export interface DrainerTask {
  readonly token: MetricsRuntimeToken;
  readonly order: Int32Array;
}

const { token, order } = (workerData ?? {}) as Partial<DrainerTask>;
if (token !== undefined && order !== undefined) {
  const recorder = MetricsRuntime.attach(token).createRecorder("drainer");
  while (Atomics.load(order, 0) !== END) {
    Atomics.wait(order, 0, REST);
    // A command of another recorder's: the runtime's thread drains all before it.
    while (Atomics.load(order, 0) === DRAIN) recorder.getMetricSnapshots();
  }
}
