/**
 * Series that nobody holds: they end, come back from nothing, and others come for the first time and never again. Their
 * thread alone writes and ends them, on its event loop, so between two readings each is as it was left or is gone.
 */
import type { Counter, MetricsRecorder } from "metrics-runtime";

const EXPIRE_AFTER_MS = 30;
const ITEMS = 40;
const WRITES = 12;
/** So many of them are of an item that never comes back. */
const NEW_ONES = 3;

export class BriefSeries {
  readonly #recorder: MetricsRecorder;
  readonly #counter: Counter<"life" | "item">;
  /** Whoever lived at that place before may have left some. */
  readonly #life: string;
  readonly #random: () => number;
  readonly #known = new Map<string, number>();
  #items = 0;

  constructor(recorder: MetricsRecorder, life: string, random: () => number) {
    this.#recorder = recorder;
    this.#counter = recorder.counter("brief", {
      help: "",
      labels: ["life", "item"],
      expireAfterMs: EXPIRE_AFTER_MS,
      maxSeries: 2 ** 16,
    });
    this.#life = life;
    this.#random = random;
  }

  /**
   * Looks, writes, and looks again.
   *
   * @returns how many were gone
   * @throws Error when one is neither as it was left nor gone
   */
  step(): number {
    let gone = 0;
    const before = this.#read();
    for (const [item, value] of this.#known) {
      const found = before.get(item);
      if (found === undefined) {
        this.#known.delete(item);
        gone++;
      } else if (found !== value) {
        this.#complain(item, value, found);
      }
    }
    for (let n = 0; n < WRITES; n++) {
      const isNew = n < NEW_ONES;
      const item = isNew ? `new ${++this.#items}` : `${Math.floor(this.#random() * ITEMS)}`;
      this.#counter.add(n + 1, { life: this.#life, item });
      this.#known.set(item, (this.#known.get(item) ?? 0) + n + 1);
    }
    const after = this.#read();
    for (const [item, value] of this.#known) {
      if (after.get(item) !== value) this.#complain(item, value, after.get(item));
    }
    return gone;
  }

  #complain(item: string, value: number, found: number | undefined): never {
    const name = `the series ${item} of ${this.#life}`;
    throw new Error(`${name}: expected ${value}, actual ${found ?? "nothing"}`);
  }

  #read(): ReadonlyMap<string | undefined, number> {
    const series = this.#recorder.getMetricSnapshots().brief?.dimensions.value;
    if (!Array.isArray(series)) throw new Error("no brief series");
    const own = series.filter(({ labels }) => labels.life === this.#life);
    return new Map(own.map(({ labels, value }) => [labels.item, value as number]));
  }
}
