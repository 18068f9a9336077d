/** Threads with observable gauges that end, also while a snapshot waits for them. */
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";
import { sharedInts, startThread, startThreads } from "../support/workers.js";

const LIMIT_MS = 100;

test("one that is terminated while it is asked is waited for no longer, and not counted", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const reader = await startThread(runtime);
  const seen: { tookMs: number; value: unknown; counted: number }[] = [];
  // How long a thread takes to end, and one that waits to go on, is the system's: of some, one is
  // to be quick.
  for (let attempt = 0; attempt < 8; attempt++) {
    const asked = sharedInts(2);
    const owner = await startThread(runtime);
    await owner.run(({ runtime }, asked) => {
      runtime.getRecorder("a").observableGauge("g", { help: "" }, (observe) => {
        observe(4);
        if (Atomics.load(asked, 1) === 0) return;
        Atomics.store(asked, 0, 1);
        Atomics.wait(asked, 0, 1, 10_000);
      });
    }, asked);
    expect(dimensionsOf(recorder, "g").value).toBe(4);
    Atomics.store(asked, 1, 1);
    const before = recorder.getStats().observationsFailed;
    const looks = reader.run(({ runtime }) => {
      const recorder = runtime.getRecorder("a");
      const begin = performance.now();
      const value = recorder.getMetricSnapshots().g?.dimensions.value;
      return { tookMs: performance.now() - begin, value };
    });
    await waitUntil(
      () => Atomics.load(asked, 0) === 1,
      () => [...asked],
    );
    await owner.worker.terminate();
    const counted = recorder.getStats().observationsFailed - before;
    seen.push({ ...(await looks), counted });
    if (counted === 0 && (seen.at(-1)?.tookMs ?? LIMIT_MS) < LIMIT_MS) break;
  }
  const quick = seen.at(-1);
  expect(quick, JSON.stringify(seen)).toMatchObject({ value: 4, counted: 0 });
  expect(quick?.tookMs, JSON.stringify(seen)).toBeLessThan(LIMIT_MS);
});

test("one that has ended, by itself or terminated, is asked no more", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const threads = await startThreads(2, runtime);
  for (const thread of threads) {
    await thread.run(({ runtime }) => {
      runtime.getRecorder("a").observableGauge("g", { help: "", combine: "sum" }, () => 1);
    });
  }
  const value = () => dimensionsOf(recorder, "g").value;
  expect(value()).toBe(2);
  await threads[0]?.end();
  expect(value()).toBe(1);
  await threads[1]?.worker.terminate();
  expect(value()).toBe(null);
  expect(recorder.getStats().observationsFailed).toBe(0);
});

test("many that end at any moment while snapshots are taken disturb nobody", async () => {
  const ROUNDS = 8;
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.observableGauge("g", { help: "", combine: "sum" }, () => 1);
  let snapshots = 0;
  const looks = async (until: Promise<unknown>) => {
    let over = false;
    void until.then(() => {
      over = true;
    });
    while (!over) {
      const value = dimensionsOf(recorder, "g").value as number;
      expect([1, 2, 3, 4].includes(value), `${value}`).toBe(true);
      snapshots++;
      await new Promise(setImmediate);
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    const threads = await startThreads(3, runtime);
    const done = Promise.all(
      threads.map(async (thread, index) => {
        await thread.run(({ runtime }) => {
          const recorder = runtime.getRecorder("a");
          recorder.observableGauge("g", { help: "", combine: "sum" }, () => 1);
        });
        await new Promise((resolve) => setTimeout(resolve, (round + index) % 5));
        await thread.worker.terminate();
      }),
    );
    await looks(done);
  }
  expect(dimensionsOf(recorder, "g").value).toBe(1);
  expect(snapshots).toBeGreaterThan(ROUNDS);
});

test("the end of the thread that made the runtime, while another one looks, leaves what can be read", async () => {
  const maker = await startThread();
  const [token, gate] = [
    await maker.run(({ lib, runtimes }) => {
      const runtime = new lib.MetricsRuntime({ namespace: "made" });
      runtime.start();
      runtimes.push(runtime);
      runtime.createRecorder("a").observableGauge("g", { help: "" }, () => 1);
      return runtime.share();
    }),
    sharedInts(2),
  ] as const;
  const reader = await startThread();
  const looked = reader.run(
    ({ lib }, token, gate) => {
      const recorder = lib.MetricsRuntime.attach(token).getRecorder("a");
      recorder.observableGauge("mine", { help: "" }, () => 2);
      for (const end = performance.now() + 10_000; performance.now() < end; ) {
        recorder.getMetricSnapshots();
        Atomics.store(gate, 0, 1);
        if (Atomics.load(gate, 1) === 1) break;
      }
      const { g, mine } = recorder.getMetricSnapshots();
      return [g?.dimensions.value, mine?.dimensions.value, recorder.getStatus()];
    },
    token,
    gate,
  );
  await waitUntil(
    () => Atomics.load(gate, 0) === 1,
    () => [...gate],
  );
  await maker.worker.terminate();
  Atomics.store(gate, 1, 1);
  expect(await looked).toEqual([1, 2, "STOPPED"]);
});
