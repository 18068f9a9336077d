/** Counters that several threads write: each its own slots, the value their sum. */
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { startThreads } from "../support/workers.js";

const THREADS = 4;
const ADDS = 1_000_000;

test("1 000 000 additions on each of 4 threads, with snapshots all the while: exact, and never down", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.counter("plain", { help: "" });
  recorder.counter("labelled", { help: "", labels: ["place"] });
  const threads = await startThreads(THREADS, runtime);
  let ended = 0;
  const work = threads.map(async (thread, index) => {
    await thread.run(
      ({ runtime }, index, adds) => {
        const recorder = runtime.getRecorder("a");
        const plain = recorder.counter("plain", { help: "" });
        const labelled = recorder.counter("labelled", { help: "", labels: ["place"] });
        const kept = labelled.labels({ place: `${index % 2}` });
        for (let n = 0; n < adds; n++) {
          plain.add(1);
          if (!kept.add(0.5)) throw new Error("refused");
        }
      },
      index,
      ADDS,
    );
    ended++;
  });
  let readings = 0;
  let before = [0, 0];
  while (ended < THREADS) {
    const snapshots = recorder.getMetricSnapshots();
    const plain = snapshots.plain?.dimensions.value as number;
    const sum = rowsOf(recorder, "labelled", "value").reduce((all, row) => all + Number(row[1]), 0);
    expect(Number.isInteger(plain) && Number.isInteger(2 * sum), "nothing torn").toBe(true);
    expect([plain >= (before[0] ?? 0), sum >= (before[1] ?? 0)]).toEqual([true, true]);
    before = [plain, sum];
    readings++;
    await new Promise(setImmediate);
  }
  await Promise.all(work);
  expect(readings).toBeGreaterThan(2);
  expect(recorder.getMetricSnapshots().plain?.dimensions.value).toBe(THREADS * ADDS);
  expect(rowsOf(recorder, "labelled", "value").sort()).toEqual([
    ["0", ADDS],
    ["1", ADDS],
  ]);
});

test("what threads added stays when they end, by themselves or terminated", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const mine = recorder.counter("n", { help: "", labels: ["place"] });
  mine.add(1, { place: "main" });
  const threads = await startThreads(3, runtime);
  for (const [index, thread] of threads.entries()) {
    await thread.run(({ runtime }, index) => {
      const counter = runtime.getRecorder("a").counter("n", { help: "", labels: ["place"] });
      counter.add(10 ** index, { place: "main" });
      counter.add(1, { place: `${index}` });
    }, index);
  }
  await threads[0]?.worker.terminate();
  await threads[1]?.worker.terminate();
  mine.add(1_000, { place: "main" });
  const expected = [
    ["main", 1_112],
    ["0", 1],
    ["1", 1],
    ["2", 1],
  ];
  expect(rowsOf(recorder, "n", "value")).toEqual(expected);
  runtime.shutdown();
  expect(rowsOf(recorder, "n", "value")).toEqual(expected);
});

test("maxSeries holds over all threads, and so does the definition", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const options = { help: "", labels: ["place"], maxSeries: 3 } as const;
  recorder.counter("n", options).add(1, { place: "main" });
  const threads = await startThreads(2, runtime);
  for (const thread of threads) {
    const refused = await thread.run(({ runtime, thrownBy }) => {
      const recorder = runtime.getRecorder("a");
      const counter = recorder.counter("n", { help: "", labels: ["place"], maxSeries: 3 });
      for (const place of ["one", "two", "three", "main"]) counter.add(1, { place });
      return thrownBy(() => recorder.upDownCounter("n", { help: "" }))?.code;
    });
    expect(refused).toBe("ERR_INVALID_ARG_VALUE");
  }
  expect(rowsOf(recorder, "n", "value")).toEqual([
    ["main", 3],
    ["one", 2],
    ["two", 2],
    ["true", 2],
  ]);
  expect(recorder.getStats().seriesOverflowed).toBe(2);
});
