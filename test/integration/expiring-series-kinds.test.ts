/** Series that end when they are idle, of every kind of instrument: what they were is gone. */
import type { MetricsRecorder, SeriesValue } from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { rowsOf, seriesOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";

const EXPIRE_MS = 20;
/** As precise as a timer is. */
const TIMER_MS = 2;
/** However loaded the machine is. */
const DEADLINE_MS = 15_000;

type Write = (value: number, labels: { readonly a: string }) => boolean;

interface Kind {
  readonly kind: string;
  /** Makes an instrument of that kind. */
  readonly make: (recorder: MetricsRecorder, name: string, expireAfterMs?: number) => Write;
}

const COMMON = { help: "", labels: ["a"], maxSeries: 2 ** 16 } as const;

const KINDS: readonly Kind[] = [
  {
    kind: "counter",
    make: (recorder, name, expireAfterMs) => {
      const counter = recorder.counter(name, { ...COMMON, expireAfterMs });
      return (value, labels) => counter.add(Math.abs(value), labels);
    },
  },
  {
    kind: "upDownCounter",
    make: (recorder, name, expireAfterMs) => {
      const counter = recorder.upDownCounter(name, { ...COMMON, expireAfterMs });
      return (value, labels) => counter.add(value, labels);
    },
  },
  ...(["last", "sum", "min", "max"] as const).map(
    (combine): Kind => ({
      kind: `gauge that is combined as ${combine}`,
      make: (recorder, name, expireAfterMs) => {
        const gauge = recorder.gauge(name, { ...COMMON, combine, expireAfterMs });
        return (value, labels) => gauge.add(value, labels);
      },
    }),
  ),
  {
    kind: "histogram with explicit buckets",
    make: (recorder, name, expireAfterMs) => {
      const buckets = [-10, 0, 3, 50];
      const histogram = recorder.histogram(name, { ...COMMON, buckets, expireAfterMs });
      return (value, labels) => histogram.record(value, labels);
    },
  },
  {
    kind: "histogram with exponential buckets",
    make: (recorder, name, expireAfterMs) => {
      const exponential = { maxSize: 20 };
      const histogram = recorder.histogram(name, { ...COMMON, exponential, expireAfterMs });
      return (value, labels) => histogram.record(value, labels);
    },
  },
];

test.each(KINDS)("a series of a $kind begins from nothing when it comes back", async ({ make }) => {
  const recorder = startedRuntime().createRecorder("a");
  const write = make(recorder, "n", EXPIRE_MS);
  const fresh = make(recorder, "fresh");
  const rows = () => rowsOf(recorder, "n", "value");
  for (let time = 0; time < 3; time++) {
    for (const value of [7, -100, 0, 1e6]) write(value, { a: "x" });
    expect(rows()).toHaveLength(1);
    await waitUntil(() => rows().length === 0, rows, DEADLINE_MS);
  }
  for (const instrument of [write, fresh]) {
    for (const value of [5, -2]) instrument(value, { a: "x" });
  }
  expect(rows()).toEqual(rowsOf(recorder, "fresh", "value"));
});

/** From its first write until it is gone. */
interface Life {
  /** Of the series that shows what it ought to be. */
  readonly label: string;
  written: number;
}

/** An instrument whose series come and go, and a model of it. */
class Subject {
  ends = 0;
  readonly #kind: string;
  readonly #expireAfterMs: number;
  readonly #write: Write;
  readonly #values: () => Map<string, SeriesValue>;
  /** For each life a series of its own that does not end. */
  readonly #writeModel: Write;
  readonly #model: () => Map<string, SeriesValue>;
  readonly #lives = new Map<string, Life>();
  #number = 0;

  constructor({ kind, make }: Kind, [actual, model]: MetricsRecorder[], expireAfterMs: number) {
    this.#kind = kind;
    this.#expireAfterMs = expireAfterMs;
    const name = kind.replaceAll(/[^a-zA-Z]/g, "_");
    const valuesOf = (recorder: MetricsRecorder) => () =>
      new Map(
        seriesOf(recorder, name, "value").map(({ labels, value }) => [labels.a ?? "", value]),
      );
    this.#write = make(actual as MetricsRecorder, name, expireAfterMs);
    this.#values = valuesOf(actual as MetricsRecorder);
    this.#writeModel = make(model as MetricsRecorder, name);
    this.#model = valuesOf(model as MetricsRecorder);
  }

  write(a: string, value: number): void {
    const life = this.#lives.get(a) ?? { label: `${a}#${this.#number++}`, written: 0 };
    this.#lives.set(a, life);
    life.written = performance.now();
    this.#write(value, { a });
    this.#writeModel(value, { a: life.label });
  }

  /** What lives is as it ought to be, and what is gone was idle for long enough. */
  check(): void {
    const values = this.#values();
    const model = this.#model();
    for (const [a, life] of this.#lives) {
      const value = values.get(a);
      if (value === undefined) {
        const idleMs = performance.now() - life.written;
        expect(idleMs, `${this.#kind} ${a}`).toBeGreaterThan(this.#expireAfterMs - TIMER_MS);
        this.#lives.delete(a);
        this.ends++;
      } else {
        expect(value, `${this.#kind} ${a}`).toEqual(model.get(life.label));
      }
    }
    expect(values.size, this.#kind).toBe(this.#lives.size);
  }
}

test("whatever comes, idles and comes back is as a model has it, in all kinds at once", async () => {
  const random = seededRandom(5);
  const below = (limit: number) => Math.floor(random() * limit);
  const runtime = startedRuntime();
  const recorders = [runtime.createRecorder("actual"), runtime.createRecorder("model")];
  const subjects = KINDS.map((kind, index) => new Subject(kind, recorders, EXPIRE_MS + 3 * index));
  const deadline = performance.now() + DEADLINE_MS;
  for (let step = 0; subjects.some(({ ends }) => ends < 150); step++) {
    expect(performance.now()).toBeLessThan(deadline);
    for (const subject of subjects) {
      // Series end between turns of the loop: what is looked at here is so until all is written.
      subject.check();
      for (let n = below(20); n > 0; n--) {
        // Some wander, so that they idle and come back; some stay.
        const a = n === 1 ? "stays" : `${(Math.floor(step / 4) * 5 + below(25)) % 60}`;
        subject.write(a, below(2) === 0 ? below(100) - 50 : 10 ** (below(12) - 6));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, below(8)));
  }
});
