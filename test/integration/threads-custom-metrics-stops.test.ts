import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf, sharedInts, startThread } from "../support/workers.js";

const { worked, event } = schemaOf(library);
const WAYS = ["stop", "stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const;
/** Well below the second for which a thread that does not turn is waited for. */
const PROMPT_MS = 500;

function stop(runtime: library.MetricsRuntime, way: (typeof WAYS)[number]): void {
  if (way === "shutdown") runtime.shutdown();
  else if (way !== "stop") runtime[way]("a");
  else expect(runtime.getRecorder("a").stop().wait()).toMatchObject({ success: true });
}

describe("a stop by another thread waits for custom metrics whose thread turns:", () => {
  test.each(WAYS)("%s: they have handled everything when it returns", async (way) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
    recorder.registerMetric(worked);
    const thread = await startThread(runtime);
    const counted = sharedInts(1);
    const recording = thread.run(async ({ runtime, schema, Follower }, counted) => {
      const recorder = runtime.getRecorder("a");
      recorder.registerMetric(new Follower("own", { counted }));
      const emit = schema.emitterOf(recorder);
      let accepted = 0;
      try {
        for (let n = 0; ; n++) {
          if (emit(n)) accepted++;
          if (n % 100 === 0) await new Promise(setImmediate);
        }
      } catch {
        return { accepted, own: recorder.getMetricSnapshots().own?.dimensions };
      }
    }, counted);
    while (Atomics.load(counted, 0) === 0) await new Promise(setImmediate);
    const begin = performance.now();
    stop(runtime, way);
    const tookMs = performance.now() - begin;
    const handled = Atomics.load(counted, 0);
    const stats = recorder.getStats();
    const { accepted, own } = await recording;
    expect({ ...stats, handled }).toMatchObject({
      handled: accepted,
      accepted,
      dispatched: accepted,
      pending: 0,
      undelivered: 0,
    });
    expect(own).toMatchObject({ handled: accepted, unordered: 0 });
    expect(tookMs).toBeLessThan(PROMPT_MS);
  });

  test.each(WAYS)(
    "%s: also of the thread that is asked to stop and holds events itself",
    async (way) => {
      const runtime = startedRuntime();
      const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
      const own = new Follower("own");
      recorder.registerMetric(own);
      const thread = await startThread(runtime);
      for (let n = 0; n < 500; n++) recorder.registerEvent(event(n));
      const tookMs = await thread.run(({ runtime }, way) => {
        const begin = performance.now();
        if (way === "stop") runtime.getRecorder("a").stop().wait();
        else if (way === "shutdown") runtime.shutdown();
        else runtime[way]("a");
        return performance.now() - begin;
      }, way);
      expect(own.snapshot().dimensions).toMatchObject({ handled: 500, unordered: 0 });
      expect(recorder.getStats()).toMatchObject({ pending: 0, undelivered: 0 });
      expect(tookMs).toBeLessThan(PROMPT_MS);
    },
  );
});

test.each(WAYS)(
  "%s by another thread: at once, also while the thread makes blocking calls of its own",
  async (way) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const owner = await startThread(runtime);
    const flags = sharedInts(1);
    const calling = owner.run(({ runtime, schema, Follower }, flags) => {
      const recorder = runtime.getRecorder("a");
      recorder.registerMetric(new Follower("own", { counted: flags }));
      const emit = schema.emitterOf(recorder);
      for (let n = 0; ; n++) {
        try {
          emit(n);
        } catch {
          return recorder.getMetricSnapshots().own?.dimensions.handled;
        }
        if (n % 20 === 0) recorder.getMetricSnapshots();
      }
    }, flags);
    await waitUntil(
      () => Atomics.load(flags, 0) > 100,
      () => [...flags],
    );
    const begin = performance.now();
    stop(runtime, way);
    expect(performance.now() - begin).toBeLessThan(PROMPT_MS);
    const { accepted, ...stats } = recorder.getStats();
    expect(await calling).toBe(accepted);
    expect(stats).toMatchObject({ pending: 0, undelivered: 0 });
  },
);
