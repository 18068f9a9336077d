import type { Metric, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";
import { sharedInts, startThread, type Thread } from "../support/workers.js";

const EVENTS = 300;
const WAYS = ["stop", "stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const;
type Way = (typeof WAYS)[number];

/** In `flags`: how many events were handled; that the owner is blocked; that it may go on. */
const [, BLOCKED, RELEASED] = [0, 1, 2];

/** How the owner is blocked, and how many events it has taken by then. */
const BLOCKS = [
  ["waits in Atomics.wait", 0],
  ["runs a loop of its own", 0],
  ["is inside handleEvent", 100],
] as const;
type Block = (typeof BLOCKS)[number][0];

/** A thread with a custom metric that holds events, and that is blocked until it is released. */
async function blockedOwner(runtime: MetricsRuntime, block: Block) {
  const flags = sharedInts(3);
  const owner = await startThread(runtime);
  void owner.run(
    ({ runtime, schema, Follower, log, kept }, flags, block, events) => {
      const stay = () => {
        Atomics.store(flags, 1, 1);
        if (block === "waits in Atomics.wait") Atomics.wait(flags, 2, 0, 10_000);
        else while (Atomics.load(flags, 2) === 0);
      };
      const recorder = runtime.getRecorder("a");
      const inside = () => {
        if (block === "is inside handleEvent" && Atomics.load(flags, 0) === 100) stay();
      };
      const metric = new Follower("own", { counted: flags, inside });
      recorder.registerMetric(metric);
      log.push(metric);
      kept.set("a", recorder);
      const emit = schema.emitterOf(recorder);
      for (let n = 0; n < events; n++) emit(n);
      if (block === "is inside handleEvent") recorder.getMetricSnapshots();
      else stay();
    },
    flags,
    block,
    EVENTS,
  );
  await waitUntil(
    () => Atomics.load(flags, BLOCKED) === 1,
    () => [...flags],
  );
  return { owner, flags };
}

function stop(thread: Thread, way: Way) {
  return thread.run(({ runtime, thrownBy }, way) => {
    const begin = performance.now();
    const error = thrownBy(() => {
      if (way === "stop") return runtime.getRecorder("a").stop().wait();
      if (way === "shutdown") return runtime.shutdown();
      return void runtime[way]("a");
    });
    return { error, tookMs: performance.now() - begin };
  }, way);
}

/** What the owner does once it is released, in turn by turn. */
async function release(owner: Thread, flags: Int32Array) {
  Atomics.store(flags, RELEASED, 1);
  Atomics.notify(flags, RELEASED);
  return owner.run(async ({ kept }) => {
    for (let n = 0; n < 10; n++) await new Promise(setImmediate);
    return kept.get("a")?.getMetricSnapshots().own?.dimensions;
  });
}

describe.each(BLOCKS)("while the thread of a custom metric %s,", (block, handled) => {
  test("a stop by another thread has its way after a second, and discards what is left", async () => {
    const check = async (way: Way) => {
      const runtime = startedRuntime();
      const recorder = runtime.createRecorder("a");
      const { owner, flags } = await blockedOwner(runtime, block);
      const stopper = await startThread(runtime);
      const { error, tookMs } = await stop(stopper, way);
      expect.soft(error, way).toBe(undefined);
      expect.soft(tookMs, way).toBeGreaterThan(900);
      expect.soft(tookMs, way).toBeLessThan(2_500);
      expect.soft(recorder.getStatus(), way).toBe("STOPPED");
      const stats = {
        accepted: EVENTS,
        dispatched: EVENTS,
        pending: 0,
        undelivered: EVENTS - handled,
      };
      expect.soft(recorder.getStats(), way).toMatchObject(stats);
      const snapshot = await release(owner, flags);
      expect.soft(snapshot, way).toMatchObject({ handled, last: handled - 1 });
      expect.soft(flags[0], way).toBe(handled);
      expect.soft(recorder.getStats(), way).toMatchObject(stats);
    };
    await Promise.all(WAYS.map(check));
  });

  test("after that and a start it sees nothing until it is registered again", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const { owner, flags } = await blockedOwner(runtime, block);
    runtime.stopRecorder("a");
    await release(owner, flags);
    expect(recorder.start().wait()).toMatchObject({ success: true });
    const again = await owner.run(async ({ runtime, schema, log }) => {
      const recorder = runtime.getRecorder("a");
      const [metric] = log as [Metric];
      const look = async () => {
        for (let n = 0; n < 10; n++) await new Promise((resolve) => setTimeout(resolve, 2));
        return recorder.getMetricSnapshots().own?.dimensions.handled;
      };
      for (let n = 0; n < 10; n++) recorder.registerEvent(schema.event(1_000 + n));
      const before = await look();
      recorder.registerMetric(metric);
      for (let n = 0; n < 10; n++) recorder.registerEvent(schema.event(2_000 + n));
      return [before, await look()];
    });
    expect(again).toEqual([handled, handled + 10]);
    const accepted = EVENTS + 20;
    const undelivered = EVENTS - handled;
    expect(recorder.getStats()).toMatchObject({ accepted, pending: 0, undelivered });
    runtime.shutdown();
  });
});
