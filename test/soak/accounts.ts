/**
 * What each thread says it has done, in memory that outlives it: for each place (a thread, and whoever
 * replaces it) and each workload three counts. One thread writes those of its place, with plain stores, one
 * store for each change; others read them when that thread rests or has ended.
 *
 * A thread is inside at most one attempt at a time: there `begun` is one more than what came of the others.
 */

const WORDS = 3;
const BEGUN = 0;
const DONE = 1;
const REFUSED = 2;

export interface Account {
  /** Accepted events, or writes of an instrument. */
  readonly done: number;
  readonly refused: number;
  /** Whether the thread ended inside an attempt: nobody knows what came of it. */
  readonly inside: boolean;
}

export class Accounts {
  readonly memory: SharedArrayBuffer;
  readonly #words: Float64Array;
  readonly #workloads: number;

  /** @param memory of others that were made alike */
  constructor(places: number, workloads: number, memory?: SharedArrayBuffer) {
    const bytes = places * workloads * WORDS * Float64Array.BYTES_PER_ELEMENT;
    this.memory = memory ?? new SharedArrayBuffer(bytes);
    this.#words = new Float64Array(this.memory);
    this.#workloads = workloads;
  }

  #at(place: number, workload: number): number {
    return (place * this.#workloads + workload) * WORDS;
  }

  /** Makes `times` attempts; each is told how many have succeeded before, and says whether it did. */
  keep(place: number, workload: number, times: number, attempt: (n: number) => boolean): void {
    const words = this.#words;
    const at = this.#at(place, workload);
    for (let i = 0; i < times; i++) {
      words[at + BEGUN] = (words[at + BEGUN] as number) + 1;
      const outcome = at + (attempt(words[at + DONE] as number) ? DONE : REFUSED);
      words[outcome] = (words[outcome] as number) + 1;
    }
  }

  read(place: number, workload: number): Account {
    const at = this.#at(place, workload);
    const [begun = 0, done = 0, refused = 0] = this.#words.subarray(at, at + WORDS);
    const inside = begun - done - refused;
    if (inside !== 0 && inside !== 1) {
      throw new Error(`an account of ${begun} begun, ${done} done, ${refused} refused`);
    }
    return { done, refused, inside: inside === 1 };
  }

  /** What came of everything is known now: so many were done. The thread has ended. */
  settle(place: number, workload: number, done: number): void {
    const at = this.#at(place, workload);
    this.#words[at + DONE] = done;
    this.#words[at + BEGUN] = done + (this.#words[at + REFUSED] as number);
  }
}
