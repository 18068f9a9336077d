/**
 * The load of `exposition-under-load.ts`: emits what is due about every millisecond, and sleeps in between, so that
 * the other threads have a processor. What a gap held back is not made up for beyond a burst.
 */
import { parentPort, workerData } from "node:worker_threads";
import { MetricsRuntime } from "metrics-runtime";
import {
  EVENTS_PER_MS,
  Handled,
  type LoadReport,
  type LoadTask,
  RECORDER,
  RUN,
  WAIT,
} from "./exposition-load.js";

const SLEEP_MS = 1;
/** A fifth of the queue. */
const BURST = 2_000;
const OPEN_LIMIT_MS = 60_000;

const { token, gate } = workerData as LoadTask;
const state = new Int32Array(gate);
const recorder = MetricsRuntime.attach(token).getRecorder(RECORDER);
const emit = recorder.emitter(Handled, ["outcome", "durationMs"]);

parentPort?.postMessage("ready");
if (Atomics.wait(state, 0, WAIT, OPEN_LIMIT_MS) === "timed-out") throw new Error("not opened");
let offered = 0;
let accepted = 0;
let owed = 0;
let longestGapMs = 0;
const begin = performance.now();
let before = begin;
while (Atomics.load(state, 0) === RUN) {
  Atomics.wait(state, 0, RUN, SLEEP_MS);
  const now = performance.now();
  longestGapMs = Math.max(longestGapMs, now - before);
  owed = Math.min(BURST, owed + (now - before) * EVENTS_PER_MS);
  before = now;
  for (; owed >= 1; owed--, offered++) {
    if (emit((offered & 7) === 0 ? "FAILURE" : "SUCCESS", offered & 1023)) accepted++;
  }
}
const seconds = (before - begin) / 1_000;
parentPort?.postMessage({ offered, accepted, seconds, longestGapMs } satisfies LoadReport);
