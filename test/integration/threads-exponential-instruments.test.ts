/** Exponential histograms that several threads write, each in windows and at a scale of its own. */
import {
  defineMetric,
  defineMetricEvent,
  type ExponentialHistogramSnapshot,
  exponentialHistogram,
  float64,
  type MetricsRecorder,
} from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, exponentialOf, numberOf, seriesOf } from "../support/snapshots.js";
import { sharedInts, startThread, startThreads } from "../support/workers.js";

const Measured = defineMetricEvent("measured", { value: float64() });

/** What an event metric makes of the values. */
function referenceOf(values: readonly number[], maxSize: number): ExponentialHistogramSnapshot {
  const recorder = startedRuntime().createRecorder("reference", { queueMaxSize: 100_000 });
  recorder.registerMetric(
    defineMetric("m", { value: exponentialHistogram(Measured, "value", { maxSize }) }),
  );
  const emit = recorder.emitter(Measured, ["value"]);
  if (!values.every((value) => emit(value))) throw new Error("refused");
  return exponentialOf(recorder, "m", "value");
}

/** The values of one thread; whole numbers of 2^-20, whose sums are exact. */
function valuesOf(thread: number): number[] {
  return Array.from({ length: 400 }, (_, n) => {
    const sign = thread % 2 === 0 || n % 3 !== 0 ? 1 : -1;
    // From narrow to wide, and each around another middle.
    const wide = [0, 1, 6, 16][thread % 4] ?? 0;
    return n % 50 === 0 ? 0 : (sign * Math.ceil(2 ** (20 + thread + wide * Math.sin(n)))) / 2 ** 20;
  });
}

test.each([2, 3, 20, 160, 4_096])(
  "threads at different scales come to what one histogram of size %i is, and it stays when they end",
  async (maxSize) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const options = { help: "", exponential: { maxSize } } as const;
    const mine = recorder.histogram("h", options);
    const labelled = recorder.histogram("labelled", { ...options, labels: ["place"] });
    const written: number[] = [];
    const writeMine = (values: readonly number[]) => {
      for (const value of values) {
        expect(mine.record(value) && labelled.record(value, { place: "x" })).toBe(true);
      }
      written.push(...values);
    };
    const threads = await startThreads(4, runtime);
    const write = async (index: number, values: readonly number[]) => {
      await threads[index]?.run(
        ({ runtime }, maxSize, values) => {
          const options = { help: "", exponential: { maxSize } } as const;
          const recorder = runtime.getRecorder("a");
          const h = recorder.histogram("h", options);
          const labelled = recorder.histogram("labelled", { ...options, labels: ["place"] });
          const kept = labelled.labels({ place: "x" });
          for (const value of values) {
            if (!h.record(value) || !kept.record(value)) throw new Error("refused");
          }
        },
        maxSize,
        values,
      );
      written.push(...values);
    };
    const check = () => {
      const expected = referenceOf(written, maxSize);
      expect(dimensionsOf(recorder, "h").value).toEqual(expected);
      expect(seriesOf(recorder, "labelled", "value")).toEqual([
        { labels: { place: "x" }, value: expected },
      ]);
    };
    for (let index = 0; index < 4; index++) {
      await write(index, valuesOf(index).slice(0, 200));
      check();
    }
    writeMine(valuesOf(2));
    check();
    // By turns: some end, others go on, and the ended ones have been finer and coarser than these.
    await threads[3]?.worker.terminate();
    check();
    await write(0, valuesOf(0).slice(200));
    await threads[0]?.end();
    check();
    writeMine([2 ** -20, -(2 ** 20)]);
    check();
    await write(1, valuesOf(1).slice(200));
    await Promise.all([threads[1]?.worker.terminate(), threads[2]?.end()]);
    check();
    writeMine(valuesOf(3));
    check();
    runtime.stopAndRemoveRecorder("a");
    check();
    runtime.shutdown();
    check();
  },
);

test("30 threads, one after the other, leave what they have counted, whosoever's memory they get", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const options = { help: "", labels: ["place"], exponential: { maxSize: 20 } } as const;
  recorder.histogram("h", options);
  const values: number[] = [];
  for (let index = 0; index < 30; index++) {
    const thread = await startThread(runtime);
    const mine = Array.from(
      { length: 100 },
      (_, n) => (n % 2 === 0 ? 1 : -1) * 2 ** ((n % 9) - (index % 20)),
    );
    await thread.run(({ runtime }, values) => {
      const h = runtime.getRecorder("a").histogram("h", {
        help: "",
        labels: ["place"],
        exponential: { maxSize: 20 },
      });
      for (const value of values) h.record(value, { place: "x" });
      for (const value of values) h.record(1 / value, { place: "y" });
    }, mine);
    values.push(...mine);
    if (index % 2 === 0) await thread.worker.terminate();
    else await thread.end();
  }
  const inverses = values.map((value) => 1 / value);
  expect(seriesOf(recorder, "h", "value")).toEqual([
    { labels: { place: "x" }, value: referenceOf(values, 20) },
    { labels: { place: "y" }, value: referenceOf(inverses, 20) },
  ]);
});

/** Count over all series; throws when one's buckets do not add up to its count. */
function countedIn(recorder: MetricsRecorder): number {
  let counted = 0;
  for (const { labels, value } of seriesOf(recorder, "h", "value")) {
    const { zeroCount, positive, negative, count, min, max } =
      value as ExponentialHistogramSnapshot;
    const buckets = [...positive.counts, ...negative.counts].reduce((a, b) => a + b, zeroCount);
    if (buckets !== count || !Number.isSafeInteger(count)) {
      throw new Error(`${count} in series ${labels.place}, ${buckets} in its buckets`);
    }
    if (count > 0 && (min === null || max === null || min > max)) {
      throw new Error(`${count} from ${min} to ${max}`);
    }
    counted += count;
  }
  return counted;
}

const TERMINATIONS = 25;

test(`${TERMINATIONS} threads terminated in the midst of values that outgrow their windows: nothing is lost, twice or torn, in any snapshot`, async () => {
  const runtime = startedRuntime();
  let seenWhileRunning = 0;
  for (let round = 0; round < TERMINATIONS; round++) {
    const maxSize = [2, 20, 160][round % 3] ?? 2;
    const recorder = runtime.createRecorder("a");
    const mine = recorder
      .histogram("h", { help: "", labels: ["place"], exponential: { maxSize } })
      .labels({ place: "0" });
    const thread = await startThread(runtime);
    const counted = sharedInts(1);
    void thread.run(
      ({ runtime }, counted, maxSize) => {
        const h = runtime
          .getRecorder("a")
          .histogram("h", { help: "", labels: ["place"], exponential: { maxSize } });
        for (let n = 0; ; n++) {
          // Each 256th value begins a series, in which values grow both ways and of both signs.
          const step = n % 256;
          const power = (step & 2 ? 1 : -1) * step * 4;
          const value = step === 77 ? 0 : (step & 1 ? -1 : 1) * 2 ** power;
          if (!h.record(value, { place: `${n >> 8}` })) throw new Error("refused");
          Atomics.store(counted, 0, n + 1);
        }
      },
      counted,
      maxSize,
    );
    let before = 0;
    let written = 0;
    let readings = 0;
    const look = () => {
      const least = Atomics.load(counted, 0) + written;
      const seen = countedIn(recorder);
      expect(seen, "what had returned true").toBeGreaterThanOrEqual(least);
      expect(seen, "never down").toBeGreaterThanOrEqual(before);
      expect(seen).toBeLessThanOrEqual(Atomics.load(counted, 0) + written + 1);
      before = seen;
      readings++;
      if (!mine.record((written % 2 === 0 ? 1 : -1) * 1.7 ** written)) throw new Error("refused");
      written++;
    };
    while (Atomics.load(counted, 0) === 0) await new Promise(setImmediate);
    const end = performance.now() + (round % 8) * 4;
    do {
      look();
    } while (performance.now() < end);
    seenWhileRunning += readings;
    const gone = thread.worker.terminate();
    for (let ended = false; !ended; ) {
      look();
      ended = await Promise.race([
        gone.then(() => true),
        new Promise(setImmediate).then(() => false),
      ]);
    }
    look();
    const total = Atomics.load(counted, 0) + written;
    const left = countedIn(recorder);
    // The one that it was just recording may be in it.
    expect([total, total + 1]).toContain(left);
    runtime.stopAndRemoveRecorder("a");
    expect(countedIn(recorder), "after the removal").toBe(left);
  }
  expect(seenWhileRunning).toBeGreaterThan(2 * TERMINATIONS);
  expect(runtime.getStatus()).toBe("RUNNING");
}, 60_000);

test("a counter of fractions stays what it is when the threads end that have added them", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const names = ["forwards", "backwards", "mixed"];
  for (const name of names) recorder.counter(name, { help: "" });
  const threads = await startThreads(8, runtime);
  await Promise.all(
    threads.map((thread, index) =>
      thread.run(({ runtime }, index) => {
        const recorder = runtime.getRecorder("a");
        const add = (name: string, times: number) => {
          const counter = recorder.counter(name, { help: "" });
          for (let n = 0; n < times; n++) counter.add(0.1);
        };
        add("forwards", 1_237 * (index + 1) ** 3);
        add("backwards", 1_237 * (8 - index) ** 3);
        add("mixed", 10 ** ((index * 5) % 7));
      }, index),
    ),
  );
  const read = () => names.map((name) => numberOf(recorder, name, "value"));
  const first = read();
  expect(first[0]).toBeCloseTo(123.7 * 1_296, 3);
  for (const index of [3, 0, 7, 5, 1, 6, 2, 4]) {
    if (index % 2 === 0) await threads[index]?.worker.terminate();
    else await threads[index]?.end();
    expect(read(), `after the end of ${index}`).toEqual(first);
  }
  runtime.shutdown();
  expect(read()).toEqual(first);
});

test("a counter of fractions never goes down in a reading while threads add to it and end", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.counter("n", { help: "" });
  const threads = await startThreads(8, runtime);
  let ended = 0;
  const work = threads.map(async (thread, index) => {
    await thread.run(
      ({ runtime }, times) => {
        const counter = runtime.getRecorder("a").counter("n", { help: "" });
        for (let n = 0; n < times; n++) counter.add(0.1);
      },
      150_000 * (index + 1),
    );
    await thread.end();
    ended++;
  });
  let before = 0;
  let readings = 0;
  while (ended < threads.length) {
    const now = numberOf(recorder, "n", "value");
    expect(now).toBeGreaterThanOrEqual(before);
    before = now;
    readings++;
    await new Promise(setImmediate);
  }
  await Promise.all(work);
  const last = numberOf(recorder, "n", "value");
  expect(last).toBeGreaterThanOrEqual(before);
  expect(last).toBeCloseTo(15_000 * 36, 2);
  expect(readings).toBeGreaterThan(threads.length);
});
