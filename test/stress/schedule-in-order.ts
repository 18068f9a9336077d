/** Random steps of several threads, one after the other, so that a model knows what each comes to. */
import { MetricsRuntime } from "metrics-runtime";
import {
  ACCEPTED,
  BEGUN,
  DROPPED,
  type ObservedRecorder,
  tallyOfHot,
  WORDS,
} from "../fixtures/schedule/events.mjs";
import type { BurstStep, Step } from "../fixtures/schedule/executor.mjs";
import { seededRandom } from "../support/seeded-random.js";
import { judge } from "./schedule-judge.js";
import { Model } from "./schedule-model.js";
import { type DrivenThread, MainThread, WorkerThread } from "./schedule-threads.js";

const IDS = ["a", "b", "c", "d"];
const METRICS = ["m", "n", "o"];
const MOST_WORKERS = 3;
/** So many recorders that have ended are still looked at. */
const MOST_ENDED = 3;

const KINDS = [
  ...["create", "create", "get", "get", "get", "tryGet", "register", "register", "register"],
  ...["registerCustom", "registerCustom", "registerCustom"],
  ...["burst", "burst", "burst", "burst", "burst", "burst", "burst", "burst", "read", "read"],
  ...["stop", "stop", "start", "start", "start", "stopRecorder", "remove", "list", "share"],
];

export class ScheduleInOrder {
  /** Told each step before it is performed. */
  readonly #tell: (step: string) => void;
  /** How often each kind of step was performed. */
  readonly performed = new Map<string, number>();
  readonly #random: () => number;
  readonly #model = new Model();
  #runtime: MetricsRuntime;
  readonly #main: MainThread;
  readonly #workers: WorkerThread[] = [];
  #steps = 0;
  #created = 0;
  #started = 0;
  #base = 0;

  constructor(seed: number, tell: (step: string) => void) {
    this.#tell = tell;
    this.#random = seededRandom(seed);
    this.#runtime = new MetricsRuntime({ namespace: "schedule" });
    this.#runtime.start();
    this.#main = new MainThread(this.#runtime, 0);
  }

  async run(steps: number): Promise<void> {
    while (this.#steps < steps) {
      await this.#step();
      await this.#forgetOld();
      const observer = this.#pick(this.#threads);
      const { observed } = await observer.perform(undefined, true);
      if (observed === undefined) throw new Error("nothing observed");
      try {
        this.#model.check(observer.model, observed);
      } catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`${observer.name} sees ${what}`, { cause });
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.#runtime[Symbol.dispose]();
  }

  get #threads(): DrivenThread[] {
    return [this.#main, ...this.#workers];
  }

  async #step(): Promise<void> {
    const dice = this.#random();
    if (this.#model.state === "CLOSED" && dice < 0.3) return this.#nextRuntime();
    if (dice < 0.03) return this.#startWorker();
    if (dice < 0.04) return this.#endWorker();
    if (dice < 0.047) return this.#terminateWorker();
    if (dice < 0.057) return this.#terminateRecordingWorker();
    const thread = this.#pick(this.#threads);
    if (dice < 0.06) return this.#perform(thread, { kind: "shutdown" });
    if (dice < 0.067) {
      // Also on one that has it already: then it is a second object for the same runtime.
      if (thread !== this.#main) await this.#attach(thread);
      return;
    }
    const step = this.#makeStep(thread);
    if (step !== undefined) await this.#perform(thread, step);
  }

  #makeStep(thread: DrivenThread): Step | undefined {
    const kind = this.#pick(KINDS);
    const id = this.#pick(IDS);
    switch (kind) {
      case "create":
        return {
          kind,
          id,
          key: `r${this.#created++}`,
          queueMaxSize: this.#pick([1, 8, 64, 1_000, 10_000]),
          queueOverflowPolicy: this.#pick(["DROP", "RAISE_ERROR"]),
        };
      case "get":
      case "tryGet":
      case "stopRecorder":
      case "remove":
        return { kind, id };
      case "list":
      case "share":
        return { kind };
    }
    const key = this.#pickKey(thread);
    if (key === undefined) return undefined;
    switch (kind) {
      case "register": {
        const metric = this.#pick(METRICS);
        return { kind, key, metric, variant: this.#pick([0, 0, 1, 2]) };
      }
      case "registerCustom":
        return { kind, key, metric: this.#pick(METRICS) };
      case "stop":
      case "start":
        return { kind, key, awaits: this.#random() < 0.5 };
      case "read":
        return { kind, key };
      default:
        return this.#makeBurst(key);
    }
  }

  #makeBurst(key: string): BurstStep {
    const events = Math.floor(this.#random() * this.#pick([3, 40, 400, 4_000]));
    const base = this.#base;
    this.#base += events;
    const invalid = this.#random() < 0.2 ? Math.floor(this.#random() * 5) : 0;
    return { kind: "burst", key, events, base, invalid, way: this.#pick(["emitter", "object"]) };
  }

  /** Mostly one that is registered. */
  #pickKey(thread: DrivenThread): string | undefined {
    const known = [...thread.model.known.keys()];
    const registered = known.filter((key) => !this.#model.recorder(key).removed);
    return this.#pick(this.#random() < 0.9 && registered.length > 0 ? registered : known);
  }

  #pick<Value>(list: readonly Value[]): Value;
  #pick<Value>(list: readonly Value[]): Value | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }

  #note(name: string, step: { readonly kind: string; readonly [what: string]: unknown }): void {
    this.#steps++;
    this.#tell(`${name}: ${JSON.stringify(step)}`);
    this.performed.set(step.kind, (this.performed.get(step.kind) ?? 0) + 1);
  }

  async #perform(thread: DrivenThread, step: Step): Promise<void> {
    this.#note(thread.name, { ...step });
    const { outcome } = await thread.perform(step, false);
    if (outcome === undefined) throw new Error("no outcome");
    judge(this.#model, thread, step, outcome);
  }

  async #startWorker(): Promise<void> {
    if (this.#workers.length >= MOST_WORKERS || this.#model.state === "CLOSED") return;
    const name = `worker ${this.#started++}`;
    this.#note(name, { kind: "startWorker" });
    this.#workers.push(
      await WorkerThread.start(name, this.#runtime.share(), this.#model.generation),
    );
  }

  #takeWorker(): WorkerThread | undefined {
    const [worker] = this.#workers.splice(Math.floor(this.#random() * this.#workers.length), 1);
    return worker;
  }

  async #endWorker(): Promise<void> {
    const worker = this.#takeWorker();
    if (worker === undefined) return;
    const key = this.#pickKey(worker);
    const burst = key === undefined ? undefined : this.#makeBurst(key);
    this.#note(worker.name, { kind: "endWorker", burst });
    const outcome = await worker.end(burst);
    if (burst !== undefined && outcome !== undefined) judge(this.#model, worker, burst, outcome);
    this.#model.forget(worker.model);
  }

  async #terminateWorker(): Promise<void> {
    const worker = this.#takeWorker();
    if (worker === undefined) return;
    this.#note(worker.name, { kind: "terminateWorker" });
    await worker.terminate();
    this.#model.forget(worker.model);
  }

  /** Nobody can say what became of the event at which it was terminated; but of all others. */
  async #terminateRecordingWorker(): Promise<void> {
    const running = [...this.#model.registered.values()].find(({ state }) => state === "RUNNING");
    if (running === undefined || this.#workers.length === 0) return this.#startWorker();
    const worker = this.#takeWorker();
    if (worker === undefined || this.#model.stateFor(worker.model) !== "RUNNING") {
      if (worker !== undefined) this.#workers.push(worker);
      return;
    }
    await this.#perform(worker, { kind: "get", id: running.id });
    await this.#perform(this.#main, { kind: "get", id: running.id });
    const words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
    const way = this.#pick(["emitter", "object"] as const);
    const reads = this.#random() < 0.5;
    const pauseMs = Math.floor(this.#random() * 8);
    this.#note(worker.name, { kind: "terminateRecordingWorker", ...{ way, reads, pauseMs } });
    await worker.recordForEver({ kind: "hot", key: running.key, way, words, reads });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await worker.terminate();
    this.#model.forget(worker.model);

    this.#main.model.learn(running);
    const read = await this.#main.perform({ kind: "read", key: running.key }, false);
    const after = (read.outcome?.value as ObservedRecorder | undefined)?.after;
    if (after === undefined) throw new Error("cannot be read");
    const [begun = 0, accepted = 0, dropped = 0] = [BEGUN, ACCEPTED, DROPPED].map((at) =>
      Atomics.load(words, at),
    );
    const more = {
      accepted: after.accepted - running.accepted - accepted,
      dropped: after.dropped - running.dropped - dropped,
    };
    const unknown = begun - accepted - dropped;
    const bound =
      [0, 1].includes(unknown) &&
      more.accepted >= 0 &&
      more.dropped >= 0 &&
      more.accepted + more.dropped <= unknown;
    if (!bound) {
      throw new Error(
        `terminated after ${accepted} accepted, ${dropped} dropped, ${unknown} unknown; but ` +
          `${more.accepted} accepted and ${more.dropped} dropped on top`,
      );
    }
    const counted = accepted + more.accepted;
    running.add({
      accepted: counted,
      dropped: dropped + more.dropped,
      invalid: 0,
      tally: tallyOfHot(counted),
    });
  }

  async #attach(thread: DrivenThread): Promise<void> {
    if (this.#model.state === "CLOSED") return;
    // Recorders of a second object for the same runtime are objects of their own.
    await this.#perform(thread, { kind: "forget", keys: [...thread.model.known.keys()] });
    await this.#perform(thread, { kind: "attach", token: this.#runtime.share() });
  }

  async #nextRuntime(): Promise<void> {
    this.#note("main", { kind: "nextRuntime" });
    this.#runtime = new MetricsRuntime({ namespace: "schedule" });
    this.#runtime.start();
    this.#model.nextRuntime();
    this.#main.use(this.#runtime, this.#model.generation);
    for (const worker of this.#workers) if (this.#random() < 0.7) await this.#attach(worker);
  }

  async #forgetOld(): Promise<void> {
    for (const thread of this.#threads) {
      const ended = [...thread.model.known.keys()].filter(
        (key) => this.#model.recorder(key).removed,
      );
      if (ended.length <= MOST_ENDED) continue;
      const step: Step = { kind: "forget", keys: ended.slice(0, -MOST_ENDED) };
      const { outcome } = await thread.perform(step, false);
      judge(this.#model, thread, step, outcome ?? {});
    }
  }
}
