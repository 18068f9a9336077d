import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf, sharedInts, startThread, startThreads } from "../support/workers.js";

const { Worked, worked, event, emitterOf } = schemaOf(library);

test("one name on three threads: each custom metric sees the events of its own thread, in order", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
  recorder.registerMetric(worked);
  recorder.registerMetric(new Follower("own"));
  const threads = await startThreads(2, runtime);
  const gate = sharedInts(1);
  const told = threads.map((thread, index) =>
    thread.run(
      ({ runtime, schema, Follower, meet }, gate, place, events) => {
        const recorder = runtime.getRecorder("a");
        recorder.registerMetric(new Follower("own"));
        const emit = schema.emitterOf(recorder);
        meet(gate, 2);
        let accepted = 0;
        let sum = 0;
        for (let n = 0; n < events; n++) {
          if (emit(n, place)) [accepted, sum] = [accepted + 1, sum + n];
          // Blocks, and so delivers; before it, the queue is full of what is to be handled.
          if (n % 10_000 === 0) recorder.getMetricSnapshots();
        }
        const own = recorder.getMetricSnapshots().own?.dimensions;
        return { accepted, sum, own };
      },
      gate,
      `thread-${index}`,
      30_000 * (index + 1),
    ),
  );
  const emit = emitterOf(recorder);
  for (let n = 0; n < 900; n++) expect(emit(n, "main")).toBe(true);
  const results = await Promise.all(told);
  for (const [index, { accepted, sum, own }] of results.entries()) {
    expect(accepted).toBeGreaterThan(1_000);
    const places = `thread-${index}`;
    expect(own).toMatchObject({ handled: accepted, sum, unordered: 0, places });
  }
  const own = { handled: 900, sum: (900 * 899) / 2, last: 899, unordered: 0, places: "main" };
  expect(dimensionsOf(recorder, "own")).toEqual(own);
  const all = results.reduce((total, { accepted }) => total + accepted, 900);
  const sum = results.reduce((total, each) => total + each.sum, own.sum);
  expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: all, sum, negated: -sum });
  expect(recorder.getStats()).toMatchObject({
    accepted: all,
    dispatched: all,
    pending: 0,
    undelivered: 0,
    quarantined: [],
  });
});

test("events reach them on a turn of their thread, also when only others call the library", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const thread = await startThread(runtime);
  const counted = sharedInts(1);
  const own = new Follower("main's");
  recorder.registerMetric(own);
  await thread.run(({ runtime, schema, Follower }, counted) => {
    const recorder = runtime.getRecorder("a");
    recorder.registerMetric(new Follower("theirs", { counted }));
    const emit = schema.emitterOf(recorder);
    for (let n = 0; n < 300; n++) emit(n);
  }, counted);
  await waitUntil(
    () => Atomics.load(counted, 0) === 300,
    () => [counted[0], recorder.getStats()],
  );
  // Nobody else sees it, or what it has seen.
  expect(own.snapshot().dimensions).toMatchObject({ handled: 0 });
  expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["main's"]);
  expect(
    await thread.run(({ runtime }) => Object.keys(runtime.getRecorder("a").getMetricSnapshots())),
  ).toEqual(["theirs"]);
  const third = await startThread(runtime);
  expect(await third.run(({ runtime }) => runtime.getRecorder("a").getMetricSnapshots())).toEqual(
    {},
  );
});

test("a declared metric replaces those of every thread, also of one that comes to know later", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const threads = await startThreads(2, runtime);
  const counted = sharedInts(1);
  recorder.registerMetric(new Follower("m"));
  for (const thread of threads) {
    await thread.run(({ runtime, schema, Follower }, counted) => {
      const recorder = runtime.getRecorder("a");
      recorder.registerMetric(new Follower("m", { counted }));
      recorder.registerEvent(schema.event(1));
      recorder.getMetricSnapshots();
    }, counted);
  }
  expect(Atomics.load(counted, 0)).toBe(2);
  const declared = library.defineMetric("m", { total: library.count(Worked) });
  await threads[0]?.run(({ runtime, lib, schema }) => {
    const total = lib.count(schema.Worked);
    runtime.getRecorder("a").registerMetric(lib.defineMetric("m", { total }));
  });
  for (const thread of threads) {
    const snapshots = await thread.run(({ runtime, schema }) => {
      const recorder = runtime.getRecorder("a");
      recorder.getMetricSnapshots(); // tells it who has the name now
      recorder.registerEvent(schema.event(2));
      return recorder.getMetricSnapshots();
    });
    expect(Object.keys(snapshots)).toEqual(["m"]);
    expect(Object.keys(snapshots.m?.dimensions ?? {})).toEqual(["total"]);
  }
  expect(recorder.registerEvent(event(3))).toBe(true);
  expect(dimensionsOf(recorder, "m")).toEqual({ total: 3 });
  expect(Atomics.load(counted, 0)).toBe(2);
  recorder.registerMetric(declared); // equal: nothing changes
  expect(dimensionsOf(recorder, "m")).toEqual({ total: 3 });
  expect([...recorder.iterMetrics()]).toEqual([declared]);
});

test("the same metric again takes its name back from one that another thread has declared", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const own = new Follower("m");
  recorder.registerMetric(own);
  const thread = await startThread(runtime);
  await thread.run(({ runtime, lib, schema }) => {
    const total = lib.count(schema.Worked);
    runtime.getRecorder("a").registerMetric(lib.defineMetric("m", { total }));
  });
  recorder.registerMetric(own);
  expect(recorder.registerEvent(event(1))).toBe(true);
  expect(dimensionsOf(recorder, "m")).toMatchObject({ handled: 1 });
});
