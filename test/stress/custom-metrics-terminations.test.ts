import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { collectGarbage } from "../support/collect-garbage.js";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { schemaOf, sharedInts, startThread } from "../support/workers.js";

const { Worked } = schemaOf(library);
const TERMINATIONS = 40;
const LANES = 4;
const LIMIT_MS = 60_000;
const counts = library.defineMetric("counts", {
  total: library.count(Worked),
  sum: library.sum(Worked, "n"),
  negated: library.sum(Worked, "negated"),
});

async function footprint() {
  for (let n = 0; n < 5; n++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { threads: threadIds().length, rss: process.memoryUsage().rss };
}

/** In which state the thread is when it is terminated. */
const STATES = ["records and turns", "blocks in calls", "busy inside handleEvent"] as const;

describe.runIf(canSeeThreads)(`${TERMINATIONS} threads with custom metrics`, () => {
  test(
    "lose nothing of declared metrics when they are terminated; of their own, what is left is counted",
    async () => {
      const runtime = startedRuntime();
      const wrong: unknown[] = [];

      const terminateOne = async (lane: number, round: number) => {
        const recorder = runtime.getRecorder(`lane ${lane}`);
        const before = recorder.getStats();
        const state = STATES[round % STATES.length] as (typeof STATES)[number];
        const counted = sharedInts(1);
        const thread = await startThread(runtime);
        void thread.run(
          async ({ runtime, schema, Follower }, id, counted, state) => {
            const recorder = runtime.getRecorder(id);
            const inside = () => {
              if (state === "busy inside handleEvent" && counted[0] === 150) for (;;);
            };
            recorder.registerMetric(new Follower("own", { counted, inside }));
            const emit = schema.emitterOf(recorder);
            for (let n = 0; ; n++) {
              emit(n);
              if (n % 100 !== 0) continue;
              if (state === "blocks in calls") recorder.getMetricSnapshots();
              else await new Promise(setImmediate);
            }
          },
          recorder.recorderId,
          counted,
          state,
        );
        while (Atomics.load(counted, 0) < 150) await new Promise(setImmediate);
        await new Promise((resolve) => setTimeout(resolve, round % 5));
        await thread.worker.terminate();
        const { total, sum, negated } = dimensionsOf(recorder, "counts");
        const after = recorder.getStats();
        const accepted = after.accepted - before.accepted;
        const undelivered = after.undelivered - before.undelivered;
        const handled = Atomics.load(counted, 0);
        // It may have taken one that it had no time to count.
        const missing = accepted - handled - undelivered;
        const exact =
          (missing === 0 || missing === 1) &&
          (sum as number) + (negated as number) === 0 &&
          [after.accepted, after.dispatched].every((each) => each === total) &&
          after.pending === 0 &&
          (state !== "busy inside handleEvent" || (handled === 150 && missing === 0));
        if (!exact) wrong.push({ state, handled, total, before, after });
      };

      for (let lane = 0; lane < LANES; lane++) {
        runtime.createRecorder(`lane ${lane}`, { queueMaxSize: 1_000 }).registerMetric(counts);
      }
      const rounds = TERMINATIONS / LANES;
      let early = await footprint();
      for (let round = 0; round < rounds; round++) {
        if (round === Math.floor(rounds / 2)) early = await footprint();
        await Promise.all(Array.from({ length: LANES }, (_, lane) => terminateOne(lane, round)));
      }
      expect(wrong).toEqual([]);
      const late = await footprint();
      expect(late.threads).toBe(early.threads);
      // Each had a ring of 128 kB, and a heap of its own.
      expect((late.rss - early.rss) / 1e6).toBeLessThan(30);
      expect(runtime.getStatus()).toBe("RUNNING");
      const begin = performance.now();
      runtime.shutdown();
      expect(performance.now() - begin).toBeLessThan(500);
    },
    LIMIT_MS,
  );
});
