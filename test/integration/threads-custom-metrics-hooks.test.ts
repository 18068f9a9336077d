import type { MetricChange, MetricsRecorder } from "metrics-runtime";
import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf, sharedInts, startThread, startThreads } from "../support/workers.js";

const { worked, event } = schemaOf(library);
const numberIn = ({ event }: MetricChange) => (event as unknown as { readonly n: number }).n;

/** Registers an event if the recorder takes one now. */
function accepts(recorder: MetricsRecorder, n: number): boolean {
  try {
    return recorder.registerEvent(event(n));
  } catch {
    return false;
  }
}

describe("onMetricChanged", () => {
  test("misses nothing while another thread stops, starts and removes the recorder", async () => {
    const runtime = startedRuntime();
    const told: number[] = [];
    const recorder = runtime.createRecorder("a", {
      queueMaxSize: 500,
      hooks: { onMetricChanged: (changes) => void told.push(...changes.map(numberIn)) },
    });
    recorder.registerMetric(worked);
    const thread = await startThread(runtime);
    const done = sharedInts(2); // whether it is; how many events were accepted
    void thread.run(({ runtime }, done) => {
      const recorder = runtime.getRecorder("a");
      for (let round = 0; round < 30; round++) {
        Atomics.wait(done, 1, Atomics.load(done, 1), 1_000);
        runtime.stopRecorder("a");
        recorder.start().wait();
      }
      runtime.stopAndRemoveRecorder("a");
      Atomics.store(done, 0, 1);
    }, done);
    const accepted: number[] = [];
    for (let n = 0; Atomics.load(done, 0) === 0; n++) {
      if (accepts(recorder, n)) accepted.push(n);
      Atomics.store(done, 1, accepted.length);
      Atomics.notify(done, 1);
      if (n % 50 === 0) await new Promise(setImmediate);
    }
    await waitUntil(
      () => told.length === accepted.length,
      () => [told.length, accepted.length, recorder.getStats()],
    );
    expect(told).toEqual(accepted);
    expect(accepted.length).toBeGreaterThan(20);
    expect(recorder.getStats()).toMatchObject({ undelivered: 0, pending: 0, hookFailures: 0 });
    expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: accepted.length });
  });

  test("runs on the thread that created the recorder, with the events of that thread", async () => {
    const runtime = startedRuntime();
    const thread = await startThread(runtime);
    await thread.run(({ runtime, schema, Follower, log }) => {
      const onMetricChanged = (changes: readonly MetricChange[]) => {
        for (const { metric, event } of changes) {
          log.push(`${metric.metricName} ${(event as unknown as { place: string }).place}`);
        }
      };
      const recorder = runtime.createRecorder("a", { hooks: { onMetricChanged } });
      recorder.registerMetric(schema.worked);
      recorder.registerMetric(new Follower("own"));
    });
    const recorder = runtime.getRecorder("a");
    recorder.registerMetric(new Follower("main's"));
    recorder.registerEvent(event(1, "main"));
    recorder.getMetricSnapshots();
    await thread.run(({ runtime, schema }) => {
      runtime.getRecorder("a").registerEvent(schema.event(2, "worker"));
    });
    recorder.registerEvent(event(3, "main"));
    recorder.getMetricSnapshots();
    const log = () => thread.run(({ log }) => [...log]);
    let last = await log();
    const deadline = performance.now() + 5_000;
    while (last.length < 2 && performance.now() < deadline) last = await log();
    expect(last).toEqual(["worked worker", "own worker"]);
    runtime.shutdown();
    expect(await log()).toEqual(["worked worker", "own worker"]);
  });

  test("that fails is counted where every thread can see it", async () => {
    const runtime = startedRuntime();
    let calls = 0;
    const onMetricChanged = () => {
      calls++;
      throw new Error("by the hook");
    };
    const recorder = runtime.createRecorder("a", { hooks: { onMetricChanged } });
    recorder.registerMetric(worked);
    for (let n = 0; n < 5; n++) {
      recorder.registerEvent(event(n));
      recorder.getMetricSnapshots();
    }
    expect(calls).toBe(5);
    const failures = ({ runtime }: { runtime: library.MetricsRuntime }) =>
      runtime.getRecorder("a").getStats().hookFailures;
    for (const thread of await startThreads(2, runtime)) {
      expect(await thread.run(failures)).toBe(5);
    }
    expect(failures({ runtime })).toBe(5);
    expect(runtime.stopAndRemoveRecorder("a").getStats()).toMatchObject({ hookFailures: 5 });
  });

  test("of a thread that is blocked is given up with the metrics, by a stop on another", async () => {
    const runtime = startedRuntime();
    const told: number[] = [];
    const own = new Follower("own");
    const onMetricChanged = (changes: readonly MetricChange[]) => {
      told.push(...changes.map(numberIn));
    };
    const recorder = runtime.createRecorder("a", { hooks: { onMetricChanged } });
    recorder.registerMetric(own);
    const thread = await startThread(runtime);
    for (let n = 0; n < 100; n++) recorder.registerEvent(event(n));
    const done = sharedInts(1);
    void thread.run(({ runtime }, done) => {
      runtime.stopAndRemoveRecorder("a");
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    }, done);
    expect(Atomics.wait(done, 0, 0, 10_000)).not.toBe("timed-out");
    for (let n = 0; n < 10; n++) await new Promise(setImmediate);
    expect(told).toEqual([]);
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["own"]);
    expect(own.snapshot().dimensions).toMatchObject({ handled: 0 });
    expect(recorder.getStats()).toMatchObject({ accepted: 100, dispatched: 100, undelivered: 100 });
  });
});
