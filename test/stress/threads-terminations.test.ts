import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { collectGarbage } from "../support/collect-garbage.js";
import { openDescriptors } from "../support/descriptors.js";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { PATIENCE } from "../support/patience.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { schemaOf, sharedInts, startThread } from "../support/workers.js";

const { worked } = schemaOf(library);
const TERMINATIONS = 200;
const AT_A_TIME = 4;
const WARM_UP = 60;
const BATCH = 1_000;
const LIMIT_MS = 120_000;

/** What is left of ended threads goes in later turns, and when garbage is collected. */
async function footprint() {
  for (let n = 0; n < 5; n++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss } = process.memoryUsage();
  return { threads: threadIds().length, files: openDescriptors(), rss };
}

describe.runIf(canSeeThreads)(`${TERMINATIONS} threads terminated while they record`, () => {
  test(
    "lose nothing, tear nothing and leave nothing behind",
    async () => {
      const runtime = startedRuntime();
      const recorder = runtime.createRecorder("a", { queueMaxSize: 2_000 });
      recorder.registerMetric(worked);
      const begin = performance.now();
      let early = await footprint();
      const wrong: unknown[] = [];
      let accepted = 0;

      const terminateOne = async (index: number) => {
        const place = `place ${index % AT_A_TIME}`;
        const countOf = () =>
          Object.fromEntries(rowsOf(recorder, "worked", "by_place") as [string, number][])[place] ??
          0;
        const before = countOf();
        const thread = await startThread(runtime);
        const counted = sharedInts(2);
        void thread.run(
          ({ runtime, schema }, counted, batch, place) => {
            const emit = schema.emitterOf(runtime.getRecorder("a"));
            for (let n = 1, accepted = 0; ; n++) {
              for (let done = 0; done < batch; ) {
                if (!emit(n, place)) continue;
                done++;
                accepted++;
              }
              Atomics.store(counted, 0, accepted);
            }
          },
          counted,
          BATCH,
          place,
        );
        while (Atomics.load(counted, 0) === 0) await new Promise(setImmediate);
        await new Promise((resolve) => setTimeout(resolve, index % 7));
        await thread.worker.terminate();
        // No other thread records from this place now.
        const seen = countOf() - before;
        const least = Atomics.load(counted, 0);
        if (seen < least || seen > least + BATCH) wrong.push({ index, seen, least });
        accepted += seen;
      };

      for (let done = 0; done < TERMINATIONS; done += AT_A_TIME) {
        if (done === WARM_UP) early = await footprint();
        await Promise.all(Array.from({ length: AT_A_TIME }, (_, n) => terminateOne(done + n)));
        const { total, sum, negated } = dimensionsOf(recorder, "worked");
        if ((sum as number) + (negated as number) !== 0 || total !== accepted) {
          wrong.push({ done, total, accepted, sum, negated });
        }
      }
      expect(wrong).toEqual([]);
      expect(recorder.getStats()).toMatchObject({
        accepted,
        dispatched: accepted,
        pending: 0,
        lastError: undefined,
      });
      const late = await footprint();
      const seconds = (performance.now() - begin) / 1_000;
      const grown = (late.rss - early.rss) / 1e6;
      console.log(
        `${TERMINATIONS} terminations in ${seconds.toFixed(1)} s, ${accepted} events accepted; ` +
          `since the ${WARM_UP}th: ${grown.toFixed(1)} MB`,
      );
      expect({ ...late, rss: 0 }).toEqual({ ...early, rss: 0 });
      // Each had a ring of 256 kB, and a heap of its own.
      expect(grown).toBeLessThan(30 * PATIENCE);
      expect(runtime.getStatus()).toBe("RUNNING");
    },
    LIMIT_MS,
  );
});

test(
  "threads terminated in the midst of calls of all kinds take nothing with them",
  async () => {
    const fixture = "threads/calls-until-terminated.mjs";
    const result = await runFixture(fixture, ["100"], { deadlineMs: 60_000 });
    expect(result).toMatchObject({ code: 0, signal: null, stderr: "" });
    const { states, ...left } = JSON.parse(result.stdout);
    expect(left).toEqual({ torn: 0, lost: [0, 0, 0], ids: ["a"], status: "RUNNING" });
    expect(states.filter((state: string) => state !== "STOPPED")).toEqual([]);
  },
  LIMIT_MS,
);
