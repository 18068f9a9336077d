/**
 * `node sequence-program.js --seconds 10 --seed 1`: floods of numbered events until the time is over, on the Node.js
 * and with the flags that run it. Prints what it did as JSON. `npm run soak:sequence` runs it.
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { MetricsRuntime } from "metrics-runtime";
import { patternOf } from "../support/sequence.js";
import { SequenceFlood, type Way } from "../support/sequence-flood.js";
import { compilerOf } from "./compiler-of.js";
import { DRAIN, type DrainerTask, END, REST } from "./drainer.js";

/** Some of each flood, since a queue's first laps differ from later ones. */
const QUEUES = [1, 2, 7, 64, 1_000, 100_000];
const WAYS: readonly Way[] = ["emitters", "registerEvent"];
/** Few, so that the function that records is called often enough to be compiled. */
const BATCH = 500;
const ROUNDS = 4;
const MOST_COMPLAINTS = 3;
const SHARE_OF_TIME = 1 / (ROUNDS * QUEUES.length * WAYS.length);

export interface SequenceReport {
  readonly events: number;
  readonly floods: number;
  /** Floods that were not counted exactly. */
  readonly wrong: number;
  /** Some of them, as text. */
  readonly complaints: readonly string[];
  /** What had compiled the function that records. */
  readonly compiler: string;
}

const { values } = parseArgs({
  options: { seconds: { type: "string" }, seed: { type: "string" } },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];

const runtime = new MetricsRuntime({ namespace: "soak" });
runtime.start();
const order = new Int32Array(new SharedArrayBuffer(4));
const task: DrainerTask = { token: runtime.share(), order };
const drainer = new Worker(new URL("./drainer.js", import.meta.url), { workerData: task });
const drained = new Promise((resolve) => drainer.once("exit", resolve));
const tell = (what: number) => {
  Atomics.store(order, 0, what);
  Atomics.notify(order, 0);
};

const end = performance.now() + seconds * 1_000;
const complaints: string[] = [];
let [events, floods] = [0, 0];
let compiler = "unknown";
while (floods < 2 * QUEUES.length * WAYS.length || performance.now() < end) {
  const queueMaxSize = QUEUES[floods % QUEUES.length] ?? 1;
  const way = WAYS[Math.floor(floods / QUEUES.length) % WAYS.length] ?? "emitters";
  const recorder = runtime.createRecorder("soak", { queueMaxSize });
  const flood = new SequenceFlood(recorder, way, patternOf(seed + floods));
  // Every other round: with it the queues are hardly ever full.
  tell(Math.floor(floods / (QUEUES.length * WAYS.length)) % 2 === 0 ? DRAIN : REST);
  const until = performance.now() + seconds * 1_000 * SHARE_OF_TIME;
  do flood.record(BATCH);
  while (performance.now() < until);
  const { expected, found } = flood.stop();
  if (!isDeepStrictEqual(found, expected)) {
    const told = `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
    complaints.push(`queue of ${queueMaxSize}, ${way}, seed ${seed + floods}: ${told}`);
  }
  compiler = compilerOf(SequenceFlood.prototype.record);
  events += flood.offered;
  floods++;
  runtime.stopAndRemoveRecorder("soak");
}
tell(END);
await drained;
runtime.shutdown();
const report: SequenceReport = {
  events,
  floods,
  wrong: complaints.length,
  complaints: complaints.slice(0, MOST_COMPLAINTS),
  compiler,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
