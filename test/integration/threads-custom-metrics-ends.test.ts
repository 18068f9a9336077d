import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { startedRuntime } from "../support/runtimes.js";
import { sharedInts, startThread, type Thread } from "../support/workers.js";

const FIXTURE = "threads/ends-with-custom-metrics.mjs";
/** On top of what the program takes without the library; a stop would wait for a second. */
const EXTRA_MS = 800;
const PAIRS = 3;

const ENDS: [where: "main" | "worker", way: string][] = [
  ...["natural", "exit-7", "error", "exit-listener", "exit-in-metric", "exit-in-hook"].flatMap(
    (way): [where: "main" | "worker", way: string][] => [
      ["main", way],
      ["worker", way],
    ],
  ),
  ["worker", "terminated"],
  ["worker", "main-exits"],
];

async function run(variant: "with" | "without", where: string, way: string) {
  const begin = performance.now();
  const { stderr, ...end } = await runFixture(FIXTURE, [variant, where, way]);
  // An uncaught error is told with its stack, which has the lines of the library's callers.
  const [said] = stderr.split("\n    at ");
  return { end: { ...end, said }, ms: performance.now() - begin };
}

describe("a program whose thread holds events of custom metrics ends as without the library:", () => {
  test.each(ENDS)("of %s: %s", async (where, way) => {
    const extra: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      // At the same time, so that one is not faster for what else the machine does.
      const both = [run("without", where, way), run("with", where, way)] as const;
      const [without, timed] = await Promise.all(both);
      expect(timed.end).toEqual(without.end);
      expect(timed.end.signal).toBe(null);
      extra.push(timed.ms - without.ms);
    }
    // The median: a machine that stands still for a second does so to one of them.
    expect(extra.sort((a, b) => a - b)[(PAIRS - 1) / 2]).toBeLessThan(EXTRA_MS);
  });
});

const WORKER_ENDS: [way: string, end: (thread: Thread) => unknown][] = [
  ["by itself", (thread) => thread.end()],
  ["by process.exit", (thread) => thread.run(() => process.exit(3))],
  ["terminated", (thread) => thread.worker.terminate()],
];

test.each(WORKER_ENDS)(
  "a worker that ends, %s, takes its custom metrics with it: what they held is counted",
  async (way, end) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const thread = await startThread(runtime);
    const flags = sharedInts(2);
    void thread.run(({ runtime, schema, Follower }, flags) => {
      const recorder = runtime.getRecorder("a");
      const fail = () => {
        throw new Error("by the metric");
      };
      recorder.registerMetric(schema.worked);
      recorder.registerMetric(new Follower("failing", { inside: fail }));
      recorder.registerMetric(new Follower("own", { counted: flags }));
      for (let n = 0; n < 10; n++) recorder.registerEvent(schema.event(n));
      recorder.getMetricSnapshots();
      for (let n = 10; n < 110; n++) recorder.registerEvent(schema.event(n));
      Atomics.store(flags, 1, 1);
      while (Atomics.load(flags, 1) === 1);
    }, flags);
    while (Atomics.load(flags, 1) === 0) await new Promise(setImmediate);
    expect(recorder.getStats()).toMatchObject({ accepted: 110, quarantined: ["failing"] });
    const begin = performance.now();
    if (way !== "terminated") Atomics.store(flags, 1, 2); // else it stays where it is
    end(thread);
    await thread.ended;
    expect(performance.now() - begin).toBeLessThan(700);
    const handled = Atomics.load(flags, 0);
    expect(recorder.getMetricSnapshots()).toMatchObject({ worked: { dimensions: { total: 110 } } });
    expect(recorder.getStats()).toMatchObject({
      accepted: 110,
      dispatched: 110,
      pending: 0,
      undelivered: 110 - handled,
      quarantined: [],
    });
    runtime.shutdown();
  },
);

test.each(["stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const)(
  "a worker that ends inside handleEvent while %s waits for it keeps nobody waiting",
  async (way) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const thread = await startThread(runtime);
    const flags = sharedInts(1);
    void thread.run(({ runtime, schema, Follower }, flags) => {
      const recorder = runtime.getRecorder("a");
      const inside = () => {
        Atomics.store(flags, 0, 1);
        while (recorder.getStatus() === "RUNNING");
        process.exit(3);
      };
      recorder.registerMetric(new Follower("own", { inside }));
      for (let n = 0; n < 100; n++) recorder.registerEvent(schema.event(n));
      recorder.getMetricSnapshots();
    }, flags);
    while (Atomics.load(flags, 0) === 0) await new Promise(setImmediate);
    const begin = performance.now();
    if (way === "shutdown") runtime.shutdown();
    else runtime[way]("a");
    expect(performance.now() - begin).toBeLessThan(700);
    expect(recorder.getStats()).toMatchObject({ accepted: 100, pending: 0, undelivered: 99 });
    expect(await thread.ended).toBe(3);
  },
);
