import { Worker } from "node:worker_threads";
import type { MetricsRuntime, MetricsRuntimeToken } from "metrics-runtime";
import {
  type BurstStep,
  Executor,
  type Observed,
  type Outcome,
  type Step,
} from "../fixtures/schedule/executor.mjs";
import { ModelThread } from "./schedule-model.js";

/** The longest that any single step may take: the library's own limit is 5 s. */
const STEP_LIMIT_MS = 12_000;

export interface Reply {
  readonly outcome: Outcome | undefined;
  readonly observed: Observed | undefined;
}

/** A thread of the schedule, driven from the main thread one step at a time. */
export interface DrivenThread {
  readonly name: string;
  readonly model: ModelThread;
  perform(step: Step | undefined, observe: boolean): Promise<Reply>;
}

export class MainThread implements DrivenThread {
  readonly name = "main";
  readonly model: ModelThread;
  readonly #executor: Executor;

  constructor(runtime: MetricsRuntime, generation: number) {
    this.model = new ModelThread(generation);
    this.#executor = new Executor(runtime);
  }

  async perform(step: Step | undefined, observe: boolean): Promise<Reply> {
    const outcome = step && (await this.#executor.perform(step));
    return { outcome, observed: observe ? this.#executor.observe() : undefined };
  }

  use(runtime: MetricsRuntime, generation: number): void {
    this.#executor.use(runtime);
    this.model.generation = generation;
  }
}

export interface HotStep {
  readonly kind: "hot";
  readonly key: string;
  readonly way: "emitter" | "object";
  readonly words: Int32Array;
  readonly reads: boolean;
}

export class WorkerThread implements DrivenThread {
  readonly name: string;
  readonly model: ModelThread;
  readonly #worker: Worker;
  readonly #ended: Promise<number>;
  #failure: unknown;

  private constructor(name: string, token: MetricsRuntimeToken, generation: number) {
    this.name = name;
    this.model = new ModelThread(generation);
    const file = new URL("../fixtures/schedule/thread.mjs", import.meta.url);
    this.#worker = new Worker(file, { workerData: { token }, execArgv: [] });
    this.#ended = new Promise((resolve) => this.#worker.once("exit", resolve));
    this.#worker.on("error", (error) => {
      this.#failure = error;
    });
  }

  static async start(name: string, token: MetricsRuntimeToken, generation: number) {
    const thread = new WorkerThread(name, token, generation);
    await thread.#reply();
    return thread;
  }

  perform(step: Step | undefined, observe: boolean): Promise<Reply> {
    return this.#ask({ step, observe });
  }

  /** Returns once it records; nothing but `terminate` may follow. */
  async recordForEver(step: HotStep): Promise<void> {
    await this.#ask({ step });
  }

  /** Ends by itself, after a last burst on the same turn. */
  async end(burst: BurstStep | undefined): Promise<Outcome | undefined> {
    const { outcome } = await this.#ask({ step: { kind: "end", burst } });
    const code = await within(this.#ended, `${this.name} does not end`);
    if (code !== 0 || this.#failure !== undefined) {
      throw new Error(`${this.name} ended with ${code}: ${String(this.#failure)}`);
    }
    return outcome;
  }

  async terminate(): Promise<void> {
    await within(this.#worker.terminate(), `${this.name} cannot be terminated`);
    await within(this.#ended, `${this.name} was terminated and does not end`);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #ask(message: object): Promise<Reply> {
    const reply = this.#reply();
    this.#worker.postMessage(message);
    return reply;
  }

  #reply(): Promise<Reply> {
    const reply = new Promise<Reply>((resolve) => this.#worker.once("message", resolve));
    const death = this.#ended.then((code): never => {
      throw new Error(`${this.name} ended with ${code}: ${String(this.#failure)}`);
    });
    death.catch(() => {});
    return within(Promise.race([reply, death]), `${this.name} does not answer`);
  }
}

export async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} (${STEP_LIMIT_MS} ms)`)), STEP_LIMIT_MS);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
