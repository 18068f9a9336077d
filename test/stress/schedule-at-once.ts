/** Several threads that perform random steps at the same time; then what all of it comes to. */
import { Worker } from "node:worker_threads";
import { MetricsRuntime } from "metrics-runtime";
import {
  ACCEPTED,
  BEGUN,
  DROPPED,
  HOT,
  type ObservedRecorder,
  WORDS,
} from "../fixtures/schedule/events.mjs";
import type { DescribedError } from "../fixtures/schedule/executor.mjs";
import { runStorm, Storm, type StormEnd } from "../fixtures/schedule/storm.mjs";
import { seededRandom } from "../support/seeded-random.js";
import { same } from "./schedule-model.js";
import { within } from "./schedule-threads.js";

const MOST_RECORDERS = 4_096;

interface Observation {
  readonly observed?: { readonly status: string; readonly recorders: readonly ObservedRecorder[] };
  readonly error?: DescribedError;
  readonly log?: readonly string[];
}

class StormThread {
  readonly name: string;
  readonly words = newWords();
  readonly #worker: Worker;
  readonly #exit: Promise<number>;
  readonly #end: Promise<StormEnd>;
  #failure: unknown;
  terminated = false;

  constructor(name: string, data: object) {
    this.name = name;
    const file = new URL("../fixtures/schedule/storm-thread.mjs", import.meta.url);
    const workerData = { ...data, words: this.words };
    this.#worker = new Worker(file, { workerData, execArgv: [] });
    this.#exit = new Promise((resolve) => this.#worker.once("exit", resolve));
    this.#worker.on("error", (error) => {
      this.#failure = error;
    });
    this.#end = Promise.race([
      new Promise<StormEnd>((resolve) =>
        this.#worker.once("message", ({ end }: { end: StormEnd }) => resolve(end)),
      ),
      this.#exit.then((): StormEnd => {
        if (this.#failure !== undefined) throw this.#failure;
        return { performed: 0 };
      }),
    ]);
    this.#end.catch(() => {});
  }

  async terminate(): Promise<void> {
    this.terminated = true;
    await within(this.#worker.terminate(), `${this.name} cannot be terminated`);
  }

  end(): Promise<StormEnd> {
    return within(this.#end, `${this.name} does not end its steps`);
  }

  /** After all have ended their steps; ends the thread. */
  async observe(): Promise<Observation> {
    if (this.terminated) return {};
    const reply = new Promise<Observation>((resolve) => this.#worker.once("message", resolve));
    this.#worker.postMessage("observe");
    const observation = await within(reply, `${this.name} does not say what it sees`);
    same(`how ${this.name} ends`, await within(this.#exit, `${this.name} does not end`), 0);
    return observation;
  }
}

function newWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * WORDS * MOST_RECORDERS));
}

/**
 * @param steps of all threads together
 * @returns how many were performed
 * @throws Error with the steps of the thread that saw what should not be
 */
export async function runAtOnce(seed: number, steps: number): Promise<number> {
  const random = seededRandom(seed);
  const runtime = new MetricsRuntime({ namespace: "schedule" });
  runtime.start();
  const nextKey = new Int32Array(new SharedArrayBuffer(4));
  const workers = 1 + Math.floor(random() * 3);
  const each = Math.floor(steps / (workers + 1));
  const shutter = random() < 0.5 ? Math.floor(random() * (workers + 1)) : undefined;
  const shutdownAt = each - 1 - Math.floor(random() * 20);
  const threads: StormThread[] = [];
  const startThread = (most: number, ends: boolean) => {
    const data = { token: runtime.share(), nextKey, seed: seed * 1_000 + threads.length };
    const at = ends ? shutdownAt : undefined;
    threads.push(
      new StormThread(`worker ${threads.length}`, { ...data, steps: most, shutdownAt: at }),
    );
  };
  for (let n = 1; n <= workers; n++) startThread(each, shutter === n);

  const words = newWords();
  const storm = new Storm({ runtime, random, words, nextKey });
  const terminateAt = random() < 0.6 ? Math.floor(random() * each) : -1;
  try {
    const ended = await runStorm(storm, each, shutter === 0 ? shutdownAt : undefined, async (n) => {
      // The others come with messages.
      if (n % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (n !== terminateAt) return;
      const victim = threads[Math.floor(random() * threads.length)];
      await victim?.terminate();
      if (runtime.getStatus() === "RUNNING") startThread(each - n, false);
    });
    const ends = [ended, ...(await Promise.all(threads.map((thread) => thread.end())))];
    for (const [index, { error, log }] of ends.entries()) refuse(index, error, log);

    const observations = await Promise.all(threads.map((thread) => thread.observe()));
    for (const [index, { error, log }] of observations.entries()) refuse(index + 1, error, log);
    const own = storm.observe();
    // By now every thread has handled what its custom metrics were to get.
    for (const { key, after } of own.recorders) same(`pending of ${key}`, after.pending, 0);
    const all = [own, ...observations.flatMap(({ observed }) => observed ?? [])];
    const closed = shutter !== undefined && (ends[shutter]?.performed ?? 0) > shutdownAt;
    if (closed && own.status !== "FAILURE") same("the runtime's state", own.status, "CLOSED");
    const mapped = [words, ...threads.map((thread) => thread.words)];
    const dead = threads.filter(({ terminated }) => terminated).length;
    checkTotals(
      all.flatMap(({ recorders }) => recorders),
      mapped,
      dead,
      own.status,
    );
    return ends.reduce((sum, { performed }) => sum + performed, 0);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
    runtime[Symbol.dispose]();
  }
}

function refuse(index: number, error: DescribedError | undefined, log: readonly string[] = []) {
  if (error === undefined) return;
  const name = index === 0 ? "main" : `worker ${index - 1}`;
  throw new Error(`${name}: ${error.code ?? ""} ${error.message}\n${log.join("\n")}`);
}

/** Every thread sees the same of a recorder, and it is what all of them have recorded. */
function checkTotals(
  recorders: readonly ObservedRecorder[],
  words: readonly Int32Array[],
  dead: number,
  runtimeState: string,
): void {
  const seen = new Map<string, ObservedRecorder>();
  for (const recorder of recorders) {
    const { key, status, after, snapshot } = recorder;
    const other = seen.get(key);
    if (other !== undefined) {
      same(
        `${key} for two threads`,
        [status, { ...after, pending: 0 }, snapshot],
        [other.status, { ...other.after, pending: 0 }, other.snapshot],
      );
      continue;
    }
    seen.set(key, recorder);
    const sumOf = (word: number) =>
      words.reduce((sum, own) => sum + Atomics.load(own, Number(key) * WORDS + word), 0);
    const [begun, accepted, dropped] = [sumOf(BEGUN), sumOf(ACCEPTED), sumOf(DROPPED)];
    const unknown = begun - accepted - dropped;
    const told = `${key}: ${begun} begun, ${accepted} accepted, ${dropped} dropped`;
    const check = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`${told}; ${what}: ${JSON.stringify(recorder)}`);
    };
    check(unknown >= 0 && unknown <= dead, "more unknown than threads were terminated");
    check(after.dispatched === after.accepted, "not dispatched");
    check(after.offered >= accepted + dropped && after.offered <= begun, "offered");
    if (runtimeState !== "RUNNING") check(["STOPPED", "FAILURE"].includes(status), "not stopped");
    if (status === "FAILURE") {
      // Whoever was about to start it was terminated, or found the runtime ending in the hook.
      check(dead > 0 || runtimeState !== "RUNNING", "has failed");
      continue;
    }
    check(after.accepted >= accepted && after.accepted <= accepted + unknown, "accepted");
    check(after.dropped >= dropped && after.dropped <= dropped + unknown, "dropped");
    const [, dimensions] = snapshot[0] ?? ["", {}];
    const { total, sum } = dimensions as { total?: number; sum?: number };
    check(total === after.accepted && sum === HOT.n * after.accepted, "counted");
  }
}
