/**
 * The heartbeats of the soak's threads, in memory that a watchdog reads: each event loop beats on a timer, so that one
 * that hangs, in a native call or anywhere, is silent; what it was doing stands beside it.
 */
import { Worker } from "node:worker_threads";

const INTERVAL_MS = 100;
const WORDS = 4;
const BEATS = 0;
const ALIVE = 1;
const DOING = 2;
const LONGEST_SILENCE = 3;

const DOINGS = [
  "starting",
  "attaching",
  "recording",
  "taking snapshots",
  "using a short-lived recorder",
  "using a short-lived runtime",
  "watching series come and go",
  "rendering",
  "at a checkpoint",
  "waiting for a worker to end",
  "resting",
  "shutting down",
] as const;
export type Doing = (typeof DOINGS)[number];

export class Hearts {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #names: readonly string[];

  constructor(names: readonly string[], memory?: SharedArrayBuffer) {
    this.#names = names;
    this.memory = memory ?? new SharedArrayBuffer(4 * WORDS * names.length);
    this.#words = new Int32Array(this.memory);
  }

  /** It is to beat from now on, or no longer. Whoever starts and ends the thread says so. */
  expect(thread: number, alive: boolean): void {
    this.doing(thread, "starting");
    Atomics.add(this.#words, thread * WORDS + BEATS, 1);
    Atomics.store(this.#words, thread * WORDS + ALIVE, alive ? 1 : 0);
  }

  /** On the thread itself. Ends with the event loop, which it does not keep alive. */
  beat(thread: number): NodeJS.Timeout {
    let last = performance.now();
    return setInterval(() => {
      const now = performance.now();
      const silence = thread * WORDS + LONGEST_SILENCE;
      const longest = Atomics.load(this.#words, silence);
      Atomics.store(this.#words, silence, Math.max(longest, Math.round(now - last)));
      last = now;
      Atomics.add(this.#words, thread * WORDS + BEATS, 1);
    }, INTERVAL_MS).unref();
  }

  /** The thread runs its program: all of its modules are loaded. */
  hasStarted(thread: number): boolean {
    return Atomics.load(this.#words, thread * WORDS + DOING) !== DOINGS.indexOf("starting");
  }

  doing(thread: number, what: Doing): void {
    Atomics.store(this.#words, thread * WORDS + DOING, DOINGS.indexOf(what));
  }

  /** Milliseconds between two beats of one event loop. */
  get longestSilence(): number {
    const silences = this.#names.map((_, thread) =>
      Atomics.load(this.#words, thread * WORDS + LONGEST_SILENCE),
    );
    return Math.max(...silences);
  }

  /** What a watchdog looks at: for each thread that is to beat, its beats and what it is doing. */
  look(): readonly { readonly name: string; readonly beats: number; readonly doing: string }[] {
    return this.#names.flatMap((name, thread) => {
      const word = (at: number) => Atomics.load(this.#words, thread * WORDS + at);
      if (word(ALIVE) === 0) return [];
      return [{ name, beats: word(BEATS), doing: DOINGS[word(DOING)] ?? "?" }];
    });
  }
}

export interface WatchOptions {
  readonly names: readonly string[];
  readonly memory: SharedArrayBuffer;
  readonly seed: number;
  /** How long an event loop may be silent, and the whole soak may take. */
  readonly silenceMs: number;
  readonly wholeMs: number;
}

/** A thread that ends the process when an event loop hangs or the soak does not end. */
export function startWatchdog(options: WatchOptions): Worker {
  const program = new URL("./watchdog-thread.js", import.meta.url);
  return new Worker(program, { workerData: options, execArgv: [] });
}
