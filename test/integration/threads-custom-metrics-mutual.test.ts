import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { schemaOf, sharedInts, startThread, startThreads } from "../support/workers.js";

const { event } = schemaOf(library);
const EVENTS = 500;
const BOTH = ["a", "b"] as const;

/** How often both threads stop the other's recorder, and go on. */
const ROUNDS = 10;

test("two threads that hold events of two recorders stop one each: both return at once", async () => {
  const runtime = startedRuntime();
  const recorders = BOTH.map((id) => runtime.createRecorder(id, { queueMaxSize: EVENTS }));
  const thread = await startThread(runtime);
  const gates = sharedInts(3 * ROUNDS);
  const meet = (gate: number) => {
    const deadline = performance.now() + 10_000;
    Atomics.add(gates, gate, 1);
    while (Atomics.load(gates, gate) < 2 && performance.now() < deadline);
  };
  const theirs = thread.run(
    ({ runtime, schema, Follower, meet }, gates, events) => {
      const recorders = ["a", "b"].map((id) => runtime.getRecorder(id));
      for (const recorder of recorders) recorder.registerMetric(new Follower("own"));
      let longest = 0;
      for (let round = 0; 3 * round < gates.length; round++) {
        for (let n = 0; n < events; n++) {
          for (const each of recorders) each.registerEvent(schema.event(round * events + n));
        }
        meet(gates.subarray(3 * round), 2);
        const begin = performance.now();
        runtime.stopRecorder("a");
        longest = Math.max(longest, performance.now() - begin);
        meet(gates.subarray(3 * round + 1), 2);
        recorders[0]?.start().wait();
        meet(gates.subarray(3 * round + 2), 2);
      }
      const handled = recorders.map((each) => each.getMetricSnapshots().own?.dimensions);
      return { longest, handled };
    },
    gates,
    EVENTS,
  );
  for (const recorder of recorders) recorder.registerMetric(new Follower("own"));
  let longest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let n = 0; n < EVENTS; n++) {
      for (const each of recorders) each.registerEvent(event(round * EVENTS + n));
    }
    meet(3 * round);
    const begin = performance.now();
    runtime.stopRecorder("b");
    longest = Math.max(longest, performance.now() - begin);
    meet(3 * round + 1);
    recorders[1]?.start().wait();
    meet(3 * round + 2);
  }
  const told = await theirs;
  expect(Math.max(longest, told.longest)).toBeLessThan(700);
  const handled = recorders.map((each) => each.getMetricSnapshots().own?.dimensions);
  const all = { handled: ROUNDS * EVENTS, last: ROUNDS * EVENTS - 1, unordered: 0 };
  for (const each of [...handled, ...told.handled]) expect(each).toMatchObject(all);
  for (const recorder of recorders) {
    expect(recorder.getStats()).toMatchObject({ pending: 0, undelivered: 0, dropped: 0 });
  }
});

test("two threads inside handleEvent that wait for the other's stop go on after a second", async () => {
  const runtime = startedRuntime();
  const recorders = BOTH.map((id) => runtime.createRecorder(id));
  const threads = await startThreads(2, runtime);
  const gate = sharedInts(1);
  const told = await Promise.all(
    threads.map((thread, index) =>
      thread.run(
        ({ runtime, schema, Follower, meet, log }, gate, own, other, events) => {
          const recorder = runtime.getRecorder(own);
          const inside = () => {
            if (log.length > 0) return;
            meet(gate, 2);
            const begin = performance.now();
            const handle = runtime.getRecorder(other).stop();
            // Only to poll: to wait would be refused here.
            while (handle.wait(0) === undefined && performance.now() - begin < 5_000);
            log.push(handle.wait(0)?.success, performance.now() - begin);
          };
          recorder.registerMetric(new Follower("own", { inside }));
          for (let n = 0; n < events; n++) recorder.registerEvent(schema.event(n));
          const { dimensions } = recorder.getMetricSnapshots().own ?? {};
          return { handled: dimensions?.handled, success: log[0], tookMs: log[1] as number };
        },
        gate,
        BOTH[index] as string,
        BOTH[1 - index] as string,
        EVENTS,
      ),
    ),
  );
  const waits = told.map(({ tookMs }) => tookMs);
  expect(Math.max(...waits)).toBeGreaterThan(900);
  expect(Math.max(...waits)).toBeLessThan(2_500);
  for (const [index, recorder] of recorders.entries()) {
    const { handled, success } = told[index] as (typeof told)[number];
    expect(success).toBe(true);
    // The other's stop may end while this one's still waits: then this delivery goes on.
    const undelivered = EVENTS - (handled as number);
    const stats = { accepted: EVENTS, dispatched: EVENTS, pending: 0, undelivered };
    expect(recorder.getStats()).toMatchObject(stats);
  }
  // Who is given up first is given up in its first event.
  expect(told.map(({ handled }) => handled)).toContain(1);
});

test.each(["stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const)(
  "snapshots taken inside handleEvent come back while another thread is in %s",
  async (way) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const thread = await startThread(runtime);
    const inside = sharedInts(1);
    const stopping = thread.run(
      ({ runtime }, inside, way) => {
        Atomics.wait(inside, 0, 0, 10_000);
        const begin = performance.now();
        if (way === "shutdown") runtime.shutdown();
        else runtime[way]("a");
        return performance.now() - begin;
      },
      inside,
      way,
    );
    const spans: number[] = [];
    const own = new Follower("own", {
      inside: () => {
        Atomics.store(inside, 0, 1);
        Atomics.notify(inside, 0);
        const begin = performance.now();
        // Until the stop gives this thread up.
        while (recorder.getStatus() !== "STOPPED" && performance.now() - begin < 5_000) {
          recorder.getMetricSnapshots();
        }
        spans.push(performance.now() - begin);
      },
    });
    recorder.registerMetric(own);
    for (let n = 0; n < EVENTS; n++) recorder.registerEvent(event(n));
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["own"]);
    expect(await stopping).toBeLessThan(2_500);
    expect(spans).toHaveLength(1);
    expect(spans[0]).toBeLessThan(2_500);
    expect(own.snapshot().dimensions).toMatchObject({ handled: 1 });
    expect(recorder.getStats()).toMatchObject({ pending: 0, undelivered: EVENTS - 1 });
  },
);
