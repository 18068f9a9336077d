import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { schemaOf, sharedInts, startThread } from "../support/workers.js";

const { worked } = schemaOf(library);
const THREADS = 3;
const ROUNDS = 3;

test("counts add up over the threads in every reading, and never go down, also when threads end", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 500 });
  recorder.registerMetric(worked);
  const told = { accepted: 0, dropped: 0, invalid: 0 };
  let readings = 0;
  let before = recorder.getStats();
  const wrong: unknown[] = [];
  const read = () => {
    const now = recorder.getStats();
    readings++;
    const adds =
      now.offered === now.accepted + now.dropped && now.accepted === now.dispatched + now.pending;
    const down = (["accepted", "dropped", "dispatched", "invalid"] as const).some(
      (count) => now[count] < before[count],
    );
    if (!adds || down || now.pending > THREADS * 500) wrong.push({ before, now });
    before = now;
  };

  for (let round = 0; round < ROUNDS; round++) {
    const gate = sharedInts(1);
    const ended = sharedInts(1);
    const threads = await Promise.all(
      Array.from({ length: THREADS }, async () => {
        const thread = await startThread(runtime);
        thread.ended.then(() => Atomics.add(ended, 0, 1));
        return thread;
      }),
    );
    const results = threads.map(async (thread, index) => {
      const result = await thread.run(
        ({ runtime, schema, meet }, gate, parties, index) => {
          const emit = schema.emitterOf(runtime.getRecorder("a"));
          meet(gate, parties);
          const counts = { accepted: 0, dropped: 0, invalid: 0 };
          for (let n = 0; n < 150_000; n++) {
            if (emit(n, `thread ${index}`)) counts.accepted++;
            else counts.dropped++;
            if (n % 1_000 !== 0) continue;
            emit(Number.NaN);
            counts.invalid++;
          }
          return counts;
        },
        gate,
        THREADS,
        index,
      );
      // Half of them end by themselves, with events on their way; the others are terminated.
      if (index % 2 === 0) await thread.end();
      else await thread.worker.terminate();
      return result;
    });
    while (Atomics.load(ended, 0) < THREADS) {
      for (let n = 0; n < 200; n++) read();
      await new Promise(setImmediate);
    }
    for (const counts of await Promise.all(results)) {
      for (const name of ["accepted", "dropped", "invalid"] as const) told[name] += counts[name];
    }
    read();
    const { accepted, dropped, invalid } = recorder.getStats();
    expect({ accepted, dropped, invalid }).toEqual(told);
  }
  expect(wrong).toEqual([]);
  expect(readings).toBeGreaterThan(1_000);
  expect(recorder.stop().wait()).toMatchObject({ success: true });
  expect(recorder.getStats()).toMatchObject({ ...told, dispatched: told.accepted, pending: 0 });
  expect(dimensionsOf(recorder, "worked").total).toBe(told.accepted);
});

test("every thread reads the same counts", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const thread = await startThread(runtime);
  recorder.registerEvent(schemaOf(library).event(1));
  const there = await thread.run(({ runtime, schema }) => {
    const recorder = runtime.getRecorder("a");
    for (let n = 0; n < 4; n++) recorder.registerEvent(schema.event(n));
    recorder.getMetricSnapshots();
    return recorder.getStats();
  });
  expect(there).toMatchObject({ offered: 5, accepted: 5, dispatched: 5, pending: 0 });
  expect(recorder.getStats()).toEqual(there);
});
