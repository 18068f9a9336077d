import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { startedRuntime } from "../support/runtimes.js";
import { schemaOf, startThreads } from "../support/workers.js";

const { event } = schemaOf(library);

test("getStats names the quarantined of all threads that live, on each of them", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const fail = () => {
    throw new Error("by the metric");
  };
  recorder.registerMetric(new Follower("main's", { inside: fail }));
  recorder.registerMetric(new Follower("shared", { inside: fail }));
  recorder.registerEvent(event(1));
  recorder.getMetricSnapshots();
  const threads = await startThreads(2, runtime);
  for (const thread of threads) {
    await thread.run(({ runtime, schema, Follower }) => {
      const recorder = runtime.getRecorder("a");
      const inside = () => {
        throw new Error("by the metric");
      };
      for (const name of ["shared", "theirs"])
        recorder.registerMetric(new Follower(name, { inside }));
      recorder.registerEvent(schema.event(1));
      recorder.getMetricSnapshots();
    });
  }
  const quarantined = ({ runtime }: { runtime: library.MetricsRuntime }) =>
    [...runtime.getRecorder("a").getStats().quarantined].sort();
  const all = ["main's", "shared", "theirs"];
  expect(quarantined({ runtime })).toEqual(all);
  for (const thread of threads) expect(await thread.run(quarantined)).toEqual(all);
  // Registered again on one thread, the others' are still out.
  await threads[0]?.run(({ runtime, Follower }) => {
    runtime.getRecorder("a").registerMetric(new Follower("theirs"));
  });
  expect(quarantined({ runtime })).toEqual(all);
  await threads[1]?.end();
  expect(quarantined({ runtime })).toEqual(["main's", "shared"]);
  await threads[0]?.end();
  expect(quarantined({ runtime })).toEqual(["main's", "shared"]);
  recorder.registerMetric(new Follower("shared"));
  expect(quarantined({ runtime })).toEqual(["main's"]);
  expect(recorder.getStats()).toMatchObject({ accepted: 3, dispatched: 3, undelivered: 0 });
});
