import * as library from "metrics-runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf, sharedInts, startThread } from "../support/workers.js";

const { event } = schemaOf(library);

/** In `flags`. */
const INSIDE = 0;
const GO = 1;

/**
 * Recorder `a`, which a worker created and stopped once, and is about to start again: it is inside
 * onStarting until `finish`.
 */
async function heldStart(ending: "return" | "throw") {
  const runtime = startedRuntime();
  onTestFinished(() => {
    // That a recorder has failed, the shutdown says too.
    if (ending === "throw") thrownBy(() => runtime.shutdown());
  });
  const thread = await startThread(runtime);
  const flags = sharedInts(2);
  await thread.run(
    ({ runtime, schema, log, Follower, kept }, flags, ending) => {
      let starts = 0;
      const onStarting = (recorder: library.MetricsRecorder) => {
        if (starts++ === 0) return recorder.registerMetric(schema.worked);
        const own = new Follower("the starter's");
        log.push(own);
        recorder.registerMetric(own);
        recorder.registerEvent(schema.event(1, "starter"));
        Atomics.store(flags, 0, 1);
        Atomics.notify(flags, 0);
        Atomics.wait(flags, 1, 0, 10_000);
        if (ending === "throw") throw new Error("by the hook");
      };
      kept.set("a", runtime.createRecorder("a", { hooks: { onStarting } }));
    },
    flags,
    ending,
  );
  return { runtime, thread, flags, recorder: runtime.getRecorder("a") };
}

type Scene = Awaited<ReturnType<typeof heldStart>>;

async function begin({ thread, flags }: Scene) {
  const result = thread.run(async ({ kept, log }) => {
    const result = kept.get("a")?.start().wait();
    await new Promise((resolve) => setTimeout(resolve, 20));
    kept.get("a")?.getMetricSnapshots();
    const [own] = log as [library.Metric];
    return { success: result?.success, own: own.snapshot().dimensions.handled };
  });
  await waitUntil(
    () => Atomics.load(flags, INSIDE) === 1,
    () => [...flags],
  );
  return () => {
    Atomics.store(flags, GO, 1);
    Atomics.notify(flags, GO);
    return result;
  };
}

const turns = async (count = 20) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe.each(["registered before", "registered while it starts"])(
  "a custom metric of another thread, %s,",
  (when) => {
    const prepare = async (ending: "return" | "throw") => {
      const scene = await heldStart(ending);
      const { recorder, runtime } = scene;
      const own = new Follower("own");
      if (when === "registered before") {
        recorder.registerMetric(own);
        recorder.registerEvent(event(0));
      }
      runtime.stopRecorder("a");
      const before = when === "registered before" ? 1 : 0;
      expect(own.snapshot().dimensions).toMatchObject({ handled: before });
      const finish = await begin(scene);
      expect(recorder.getStatus()).toBe("STARTING");
      if (when !== "registered before") recorder.registerMetric(own);
      for (let n = 1; n <= 50; n++) expect(recorder.registerEvent(event(n))).toBe(true);
      recorder.getMetricSnapshots();
      await turns();
      expect(own.snapshot().dimensions, "while it starts").toMatchObject({ handled: before });
      return { ...scene, own, before, finish };
    };

    test("never sees the events of a start that is taken back", async () => {
      const { recorder, own, before, finish } = await prepare("throw");
      expect(await finish()).toEqual({ success: false, own: 0 });
      recorder.getMetricSnapshots();
      await turns();
      expect(own.snapshot().dimensions).toMatchObject({ handled: before });
      expect(recorder.getStatus()).toBe("FAILURE");
      expect(recorder.getStats()).toMatchObject({
        accepted: before,
        dropped: 51,
        dispatched: before,
        pending: 0,
        undelivered: 0,
      });
      expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: before });
    });

    test("sees the events of a start once that is done, in order", async () => {
      const { recorder, own, before, finish } = await prepare("return");
      expect(await finish()).toEqual({ success: true, own: 1 });
      await waitUntil(
        () => own.snapshot().dimensions.handled === before + 50,
        () => [own.snapshot(), recorder.getStats()],
      );
      expect(own.snapshot().dimensions).toMatchObject({ last: 50, unordered: 0 });
      const accepted = before + 51;
      expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: accepted });
      expect(recorder.getStats()).toMatchObject({ accepted, pending: 0, undelivered: 0 });
    });
  },
);

test("a delivery that a stop has given up does not go on into a start that may be taken back", async () => {
  const { recorder, thread, flags } = await heldStart("throw");
  const late = new Follower("late");
  let started: Promise<unknown> = Promise.resolve();
  const own = new Follower("own", {
    inside: () => {
      if (own.snapshot().dimensions.handled !== 1) return;
      started = thread.run(({ kept }) => {
        kept.get("a")?.stop().wait();
        return kept.get("a")?.start().wait().success;
      });
      Atomics.wait(flags, INSIDE, 0, 10_000);
      expect.soft(recorder.getStatus()).toBe("STARTING");
      recorder.registerMetric(late);
      for (let n = 0; n < 50; n++) expect.soft(recorder.registerEvent(event(n))).toBe(true);
    },
  });
  recorder.registerMetric(own);
  for (let n = 0; n < 10; n++) recorder.registerEvent(event(100 + n));
  recorder.getMetricSnapshots();
  await turns();
  expect.soft(late.snapshot().dimensions, "while it starts").toMatchObject({ handled: 0 });
  Atomics.store(flags, GO, 1);
  Atomics.notify(flags, GO);
  expect(await started).toBe(false);
  await turns();
  expect(late.snapshot().dimensions).toMatchObject({ handled: 0 });
  expect(own.snapshot().dimensions).toMatchObject({ handled: 1 });
  expect(recorder.getStats()).toMatchObject({ accepted: 10, dropped: 51, undelivered: 9 });
});
