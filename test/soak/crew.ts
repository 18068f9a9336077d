/** The workers of the soak: one for each place, which ends in some way and is replaced by the next. */
import { Worker } from "node:worker_threads";
import type { MetricsRuntime } from "metrics-runtime";
import type { Accounts } from "./accounts.js";
import type { Audit } from "./audit.js";
import type { Figures } from "./figures.js";
import type { Hearts } from "./hearts.js";
import { PLACES } from "./places.js";
import { type Order, THROWN, type WorkerReport, type WorkerTask } from "./worker-protocol.js";

const PROGRAM = new URL("./worker.js", import.meta.url);
/** Milliseconds. */
const LONGEST_LIFE = 1_000;
/** More than half are terminated. */
const ENDS = [
  "terminate",
  "terminate",
  "terminate",
  "terminate",
  "return",
  "process.exit",
  "throw",
] as const;
type End = (typeof ENDS)[number];

/** What a thread had accepted is dispatched when it ends, for so long; what is left then stays pending. */
const DISPATCHED_FOR_MS = 1_000;

export interface CrewParts {
  readonly runtime: MetricsRuntime;
  readonly accounts: Accounts;
  readonly hearts: Hearts;
  readonly audit: Audit;
  readonly figures: Figures;
  readonly random: () => number;
}

export class Seat {
  readonly #parts: CrewParts;
  readonly #place: number;
  #worker: Worker | undefined;
  #exit: Promise<number> = Promise.resolve(0);
  /** What the worker has died of, or complained of. */
  #trouble: string | undefined;
  #reported: (() => void) | undefined;
  #lives = 0;

  constructor(parts: CrewParts, place: number) {
    this.#parts = parts;
    this.#place = place;
  }

  get #name(): string {
    return `${PLACES[this.#place]}, life ${this.#lives}`;
  }

  /** Workers that live a moment and end, one after the other, until it is `over`. Then there is none. */
  async turnOver(over: () => boolean): Promise<void> {
    const { random } = this.#parts;
    while (!over()) {
      this.#start();
      // No sooner: Node.js leaves the files open that a thread was loading when it was terminated.
      while (!this.#parts.hearts.hasStarted(this.#place) && this.#trouble === undefined)
        await pause(1);
      // Some while they are still attaching.
      const life = random() < 0.1 ? 0 : random() * LONGEST_LIFE;
      const until = performance.now() + life;
      while (performance.now() < until && !over()) await pause(10);
      await this.end(ENDS[Math.floor(random() * ENDS.length)] ?? "terminate");
    }
  }

  /** One worker until it is `over`; then it rests. */
  async stay(over: () => boolean): Promise<void> {
    if (this.#worker === undefined) this.#start();
    else this.#tell("go on");
    while (!over() && this.#trouble === undefined) await pause(10);
    const reported = new Promise<void>((resolve) => {
      this.#reported = resolve;
    });
    this.#tell("rest");
    await Promise.race([reported, this.#exit]);
    this.#complain();
  }

  async end(how: End): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const { hearts, audit, figures } = this.#parts;
    const trouble = this.#trouble;
    const asked = performance.now();
    if (how === "terminate") await worker.terminate();
    else this.#tell(how);
    const code = await this.#exit;
    const mayLeave = performance.now() - asked >= DISPATCHED_FOR_MS;
    // What a thread that is being terminated finds wrong is its termination.
    if (how === "terminate") this.#trouble = trouble;
    hearts.expect(this.#place, false);
    this.#worker = undefined;
    if (how === "throw" && this.#trouble === THROWN) this.#trouble = undefined;
    const wanted = how === "throw" ? 1 : 0;
    if (how !== "terminate" && code !== wanted) this.#trouble ??= `it ended with ${code} by ${how}`;
    this.#complain();
    audit.settle(this.#place, `after the end of ${this.#name} by ${how}`, mayLeave);
    this.#removeWhatItLeft();
    figures.count(how === "terminate" ? "workers terminated" : "workers that ended otherwise");
  }

  #start(): void {
    const { runtime, accounts, hearts, random } = this.#parts;
    this.#lives++;
    const workerData: WorkerTask = {
      token: runtime.share(),
      place: this.#place,
      life: this.#lives,
      seed: Math.floor(random() * 2 ** 32),
      accounts: accounts.memory,
      hearts: hearts.memory,
    };
    hearts.expect(this.#place, true);
    const worker = new Worker(PROGRAM, {
      workerData,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    worker.on("error", (error) => {
      this.#trouble ??= error instanceof Error ? error.message : String(error);
    });
    worker.on("message", (report: WorkerReport) => this.#hear(report));
    this.#exit = new Promise((resolve) => worker.once("exit", resolve));
    this.#worker = worker;
  }

  #tell(order: Order): void {
    this.#worker?.postMessage(order);
  }

  #hear({ complaint, ...counts }: WorkerReport): void {
    const { figures } = this.#parts;
    this.#trouble ??= complaint;
    figures.count("recorders churned", counts.recorders);
    figures.count("runtimes", counts.runtimes);
    figures.count("series that came and went", counts.seriesGone);
    figures.count("snapshots", counts.snapshots);
    this.#reported?.();
  }

  #complain(): void {
    if (this.#trouble !== undefined) throw new Error(`${this.#name}: ${this.#trouble}`);
  }

  /** A thread that ended inside the life of a recorder has left it, with nothing lost. */
  #removeWhatItLeft(): void {
    const { runtime } = this.#parts;
    for (const id of runtime.listRecorderIds()) {
      if (!id.startsWith(`${PLACES[this.#place]}, `)) continue;
      const recorder = runtime.getRecorder(id);
      // Of a start that it had not finished.
      const failed = recorder.getStatus() === "FAILURE";
      try {
        runtime.stopAndRemoveRecorder(id);
      } catch (error) {
        if (!failed) throw error;
      }
      const { accepted, dispatched, pending } = recorder.getStats();
      if (accepted === dispatched && pending === 0) continue;
      const told = `${accepted} accepted, ${dispatched} dispatched, ${pending} pending`;
      throw new Error(`recorder ${id}, left by its thread: ${told}`);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
