import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { schemaOf, sharedInts, startThreads } from "../support/workers.js";

const { worked } = schemaOf(library);
const THREADS = 3;
const EVENTS = 200_000;

test("in every snapshot each thread's events so far are its first ones, in their order", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
  recorder.registerMetric(worked);
  const threads = await startThreads(THREADS, runtime);
  const gate = sharedInts(1);
  let running = THREADS;
  const all = threads.map(async (thread, index) => {
    await thread.run(
      ({ runtime, schema, meet }, gate, parties, events, index) => {
        const emit = schema.emitterOf(runtime.getRecorder("a"));
        meet(gate, parties);
        // What is dropped comes again, so that nothing is missing between two numbers.
        for (let n = 0; n < events; ) if (emit(n, `thread ${index}`)) n++;
      },
      gate,
      THREADS,
      EVENTS,
      index,
    );
    running--;
  });
  const wrong: unknown[] = [];
  let partial = 0;
  const look = () => {
    const dimensions = dimensionsOf(recorder, "worked");
    const seriesOf = (name: string) => dimensions[name] as readonly library.Series<number>[];
    for (const [index, { value: last }] of seriesOf("lasts").entries()) {
      const [count, most, sum] = ["by_place", "most", "sums"].map(
        (name) => seriesOf(name)[index]?.value,
      );
      if (count !== EVENTS) partial++;
      if (count !== last + 1 || most !== last || sum !== (last * (last + 1)) / 2) {
        wrong.push({ index, last, count, most, sum });
      }
    }
  };
  while (running > 0) {
    for (let n = 0; n < 20; n++) look();
    await new Promise(setImmediate);
  }
  await Promise.all(all);
  look();
  expect(wrong).toEqual([]);
  expect(partial, "snapshots on the way").toBeGreaterThan(10);
  const lasts = rowsOf(recorder, "worked", "lasts").map(([, last]) => last);
  expect(lasts).toEqual(Array(THREADS).fill(EVENTS - 1));
});

test("each thread's events of two classes are dispatched in the order in which it recorded them", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 777 });
  const threads = await startThreads(THREADS, runtime);
  // A sum so large that a double next to it is 1 away: a tock's 1 changes its parity, a tick's 0.5
  // rounds it to even, and which of them comes first makes a difference.
  const orders = await Promise.all(
    threads.map((thread, index) =>
      thread.run(
        ({ lib, runtime }, index, events) => {
          const Begin = lib.defineMetricEvent(`begin ${index}`, {});
          const Tick = lib.defineMetricEvent(`tick ${index}`, {});
          const Tock = lib.defineMetricEvent(`tock ${index}`, {});
          const recorder = runtime.getRecorder("a");
          const begin = 1.5 * 2 ** 52;
          const order = lib.upDown([
            [Begin, begin],
            [Tick, 0.5],
            [Tock, 1],
          ]);
          recorder.registerMetric(lib.defineMetric(`order ${index}`, { order }));
          recorder.registerEvent(Begin());
          const [tick, tock] = [recorder.emitter(Tick, []), recorder.emitter(Tock, [])];
          let [expected, state] = [begin, index + 1];
          for (let n = 0; n < events; n++) {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            const high = state >= 2 ** 31;
            if ((high ? tick : tock)()) expected += high ? 0.5 : 1;
          }
          return expected;
        },
        index,
        EVENTS,
      ),
    ),
  );
  for (const [index, order] of orders.entries()) {
    expect(dimensionsOf(recorder, `order ${index}`).order).toBe(order);
  }
});
