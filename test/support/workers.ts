/**
 * Threads that share the runtime of a test. What one of them is to do stands in the test as a function,
 * which goes there as text: it sees its parameters and nothing else of the test.
 */
import { once } from "node:events";
import { join } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";
import type * as library from "metrics-runtime";
import type { MetricsRecorder, MetricsRuntime, MetricsRuntimeToken } from "metrics-runtime";
import { onTestFinished } from "vitest";
import type { Follower } from "../fixtures/threads/custom-metrics.mjs";

const PROGRAM = join(import.meta.dirname, "..", "fixtures", "threads", "thread.mjs");

export type Library = typeof library;

/** An event class and a metric that every thread makes for itself. */
export function schemaOf(lib: Library) {
  const Worked = lib.defineMetricEvent("threads.worked", {
    n: lib.float64(),
    negated: lib.float64(),
    size: lib.uint32(),
    place: lib.label(),
    user: lib.key(),
    side: lib.oneOf("LEFT", "RIGHT"),
  });
  const worked = lib.defineMetric("worked", {
    total: lib.count(Worked),
    sum: lib.sum(Worked, "n"),
    negated: lib.sum(Worked, "negated"),
    left: lib.count(Worked, { where: { side: "LEFT" } }),
    last: lib.last(Worked, "n"),
    by_place: lib.count(Worked, { by: ["place"] }),
    sums: lib.sum(Worked, "n", { by: ["place"] }),
    lasts: lib.last(Worked, "n", { by: ["place"] }),
    most: lib.max(Worked, "n", { by: ["place"] }),
    sizes: lib.histogram(Worked, "size", { buckets: [10, 100] }),
    users: lib.distinct(Worked, "user"),
  });
  const FIELDS = ["n", "negated", "size", "place", "user", "side"] as const;
  return {
    Worked,
    worked,
    /** Records `n` and its negation from `place`. */
    emitterOf(recorder: MetricsRecorder) {
      const emit = recorder.emitter(Worked, FIELDS);
      return (n: number, place = "here"): boolean => emit(n, -n, 1, place, "u", "LEFT");
    },
    event: (n: number, place = "here") =>
      Worked({ n, negated: -n, size: 1, place, user: "u", side: "LEFT" }),
  };
}

export interface TaskError {
  readonly name: string;
  readonly code: unknown;
  readonly message: string;
  readonly details: unknown;
  readonly stack: string;
}

/** What a task finds on its thread. */
export interface Scope {
  readonly lib: Library;
  readonly token: MetricsRuntimeToken;
  /** Attached; only where the thread was started with a token. */
  readonly runtime: MetricsRuntime;
  readonly schema: ReturnType<typeof schemaOf>;
  readonly Follower: typeof Follower;
  /** For the tasks that come after. */
  readonly kept: Map<string, MetricsRecorder>;
  readonly runtimes: MetricsRuntime[];
  readonly log: unknown[];
  /** Returns when `parties` have come to it. */
  meet(gate: Int32Array, parties: number): void;
  /** What `call` throws; `undefined`: nothing. */
  thrownBy(call: () => unknown): TaskError | undefined;
}

export type Task<Args extends unknown[], Result> = (scope: Scope, ...args: Args) => Result;

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: TaskError;
}

export class Thread {
  readonly worker: Worker;
  /** The code it ended with. */
  readonly ended: Promise<number>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #number = 0;

  constructor(worker: Worker) {
    this.worker = worker;
    this.ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.on("message", (answer: Answer) => this.#waiting.get(answer.number)?.(answer));
    worker.on("error", (error) => this.#failAll(error));
    worker.on("exit", (code) => this.#failAll(new Error(`the thread has ended with ${code}`)));
  }

  /** Does it on the thread. One after the other, in the order of the calls. */
  run<Args extends unknown[], Result>(
    task: Task<Args, Result>,
    ...args: Args
  ): Promise<Awaited<Result>> {
    const answered = new Promise<Awaited<Result>>((resolve, reject) => {
      const number = ++this.#number;
      this.#waiting.set(number, ({ value, error }) => {
        this.#waiting.delete(number);
        if (error === undefined) resolve(value as Awaited<Result>);
        else reject(Object.assign(new Error(error.message), error));
      });
      this.worker.postMessage({ number, task: String(task), args });
    });
    answered.catch(() => {}); // whoever does not wait for it expects the thread to end
    return answered;
  }

  /** The thread ends by itself. */
  end(): Promise<number> {
    this.worker.postMessage("end");
    return this.ended;
  }

  #failAll(error: Error): void {
    const answer = { name: "Error", code: undefined, details: undefined, stack: "" };
    for (const [number, settle] of [...this.#waiting]) {
      settle({ number, error: { ...answer, message: error.message } });
    }
  }
}

/** A thread attached to `runtime`, or to none; terminated when the test ends, unless it ended before. */
export async function startThread(
  runtime?: MetricsRuntime,
  options: WorkerOptions = {},
): Promise<Thread> {
  const workerData = { token: runtime?.share(), schema: String(schemaOf) };
  const worker = new Worker(PROGRAM, { ...options, workerData });
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  return new Thread(worker);
}

export function startThreads(count: number, runtime: MetricsRuntime): Promise<Thread[]> {
  return Promise.all(Array.from({ length: count }, () => startThread(runtime)));
}

/** Memory that all threads see; all 0. */
export function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}
