import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf, sharedInts, startThread, type Thread } from "../support/workers.js";

const { worked, event } = schemaOf(library);
const SIZE = 100;

/** Another thread stops recorder `a`, and may start it again, while this one is blocked. */
async function stoppedMeanwhile(thread: Thread, then: "start" | "nothing") {
  const done = sharedInts(1);
  void thread.run(
    ({ runtime }, done, then) => {
      runtime.stopRecorder("a");
      if (then === "start") runtime.getRecorder("a").start().wait();
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    },
    done,
    then,
  );
  expect(Atomics.wait(done, 0, 0, 10_000)).not.toBe("timed-out");
}

const turns = async (count = 20) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setTimeout(resolve, 1));
};

test("a full queue has room again once what was held in it has been discarded", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: SIZE });
  recorder.registerMetric(worked);
  const own = new Follower("own");
  recorder.registerMetric(own);
  const thread = await startThread(runtime);
  for (let n = 0; n < SIZE; n++) expect(recorder.registerEvent(event(n))).toBe(true);
  expect(recorder.registerEvent(event(0))).toBe(false);
  await stoppedMeanwhile(thread, "start");
  // No blocking call, and no turn: nothing but this tells the thread.
  for (let n = 0; n < SIZE; n++) expect(recorder.registerEvent(event(n)), `${n}`).toBe(true);
  await waitUntil(
    () => recorder.getStats().pending === 0,
    () => recorder.getStats(),
  );
  for (let n = 0; n < SIZE; n++) expect(recorder.registerEvent(event(n)), `${n}`).toBe(true);
  expect(own.snapshot().dimensions).toMatchObject({ handled: 0 });
  expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 3 * SIZE });
  expect(recorder.getStats()).toMatchObject({ accepted: 3 * SIZE, dropped: 1, undelivered: SIZE });
});

test.each(["the same metric", "another metric", "another name"])(
  "registered again in onStarting of the next start, %s gets the events from then on",
  async (what) => {
    const runtime = startedRuntime();
    const thread = await startThread(runtime);
    const old = new Follower("own");
    const other = new Follower(what === "another name" ? "other" : "own");
    const metrics = [old, what === "the same metric" ? old : other];
    const onStarting = (recorder: library.MetricsRecorder) => {
      recorder.registerMetric(metrics.shift() as Follower);
    };
    const recorder = runtime.createRecorder("a", { hooks: { onStarting } });
    for (let n = 0; n < 10; n++) recorder.registerEvent(event(n));
    await stoppedMeanwhile(thread, "nothing");
    const again = metrics[0] as Follower;
    expect(recorder.start().wait()).toMatchObject({ success: true });
    for (let n = 0; n < 10; n++) recorder.registerEvent(event(100 + n));
    recorder.getMetricSnapshots();
    await turns();
    expect(again.snapshot().dimensions).toMatchObject({ handled: 10, last: 109, unordered: 0 });
    // Retired, and its name not registered again.
    if (again !== old) expect(old.snapshot().dimensions).toMatchObject({ handled: 0 });
    expect(recorder.getStats()).toMatchObject({ accepted: 20, undelivered: 10 });
  },
);

test("onMetricChanged goes on, after the next start, with what comes after a turn of its thread", async () => {
  const runtime = startedRuntime();
  const told: number[] = [];
  const onMetricChanged = (changes: readonly library.MetricChange[]) => {
    for (const { event } of changes) told.push((event as unknown as { n: number }).n);
  };
  const recorder = runtime.createRecorder("a", { hooks: { onMetricChanged } });
  recorder.registerMetric(worked);
  const thread = await startThread(runtime);
  for (let n = 0; n < 10; n++) recorder.registerEvent(event(n));
  await stoppedMeanwhile(thread, "start");
  await turns();
  for (let n = 0; n < 10; n++) recorder.registerEvent(event(100 + n));
  await turns();
  recorder.getMetricSnapshots();
  expect(told).toEqual(Array.from({ length: 10 }, (_, n) => 100 + n));
  for (let n = 0; n < 10; n++) recorder.registerEvent(event(200 + n));
  await waitUntil(
    () => told.length === 20,
    () => told,
  );
  expect(told.slice(10)).toEqual(Array.from({ length: 10 }, (_, n) => 200 + n));
  expect(recorder.getStats()).toMatchObject({ accepted: 30, undelivered: 10, hookFailures: 0 });
});
