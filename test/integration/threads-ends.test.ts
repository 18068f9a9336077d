import * as library from "metrics-runtime";
import { MetricsRuntime, type MetricsRuntimeToken } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf, startThread, type Thread } from "../support/workers.js";

const { worked, event } = schemaOf(library);

const ENDS: [way: string, code: number, end: (thread: Thread) => unknown][] = [
  ["by itself", 0, (thread) => thread.end()],
  ["by process.exit", 3, (thread) => thread.run(() => process.exit(3))],
  [
    "by an uncaught error",
    1,
    (thread) =>
      thread.run(() => {
        setImmediate(() => {
          throw new Error("uncaught");
        });
      }),
  ],
  ["terminated", 1, (thread) => thread.worker.terminate()],
  [
    "by its memory limit",
    1,
    (thread) =>
      thread.run(() => {
        // In small pieces: Node 24 and later do not stop a thread in time that takes large ones.
        for (let last = {}; ; ) last = { last };
      }),
  ],
];
/** Little enough to be reached soon. */
const LIMITED = { resourceLimits: { maxOldGenerationSizeMb: 32 } };

describe("a thread that ends", () => {
  test.each(ENDS)("%s, ends no runtime it attached to, and loses nothing", async (_, code, end) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(worked);
    const thread = await startThread(runtime, LIMITED);
    await thread.run(({ runtime, schema }) => {
      const recorder = runtime.getRecorder("a");
      runtime.createRecorder("theirs").registerMetric(schema.worked);
      for (let n = 0; n < 1_000; n++) recorder.registerEvent(schema.event(n));
      runtime.getRecorder("theirs").registerEvent(schema.event(1));
    });
    void end(thread);
    expect(await thread.ended).toBe(code);
    expect(runtime.getStatus()).toBe("RUNNING");
    expect(recorder.registerEvent(event(1_000))).toBe(true);
    expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 1_001, sum: 500_500 });
    // What it created stays as well, for those that come after.
    const theirs = runtime.getRecorder("theirs");
    expect(theirs.registerEvent(event(2))).toBe(true);
    expect(dimensionsOf(theirs, "worked")).toMatchObject({ total: 2, sum: 3 });
    const next = await startThread(runtime);
    await next.run(({ runtime, schema }) =>
      runtime.getRecorder("theirs").registerEvent(schema.event(3)),
    );
    expect(dimensionsOf(theirs, "worked").sum).toBe(6);
    expect(runtime.stopAndRemoveRecorder("theirs")).toBe(theirs);
    runtime.shutdown();
  });

  test.each(ENDS)(
    "%s, ends the runtime that it made, also for the others",
    async (_, code, end) => {
      const thread = await startThread(undefined, LIMITED);
      const token: MetricsRuntimeToken = await thread.run(({ lib, schema, runtimes }) => {
        const runtime = new lib.MetricsRuntime({ namespace: "theirs" });
        runtimes.push(runtime);
        runtime.start();
        runtime.createRecorder("a").registerMetric(schema.worked);
        runtime.getRecorder("a").registerEvent(schema.event(1));
        return runtime.share();
      });
      const runtime = MetricsRuntime.attach(token);
      const recorder = runtime.getRecorder("a");
      const unseen = runtime.createRecorder("b");
      for (let n = 0; n < 100; n++) expect(recorder.registerEvent(event(n))).toBe(true);
      void end(thread);
      expect(await thread.ended).toBe(code);
      await waitUntil(
        () => runtime.getStatus() === "CLOSED",
        () => runtime.getStatus(),
      );
      const CLOSED = {
        name: "MetricsRuntimeInvalidStateError",
        details: { runtimeState: "CLOSED" },
      };
      const refused = { name: "MetricsRecorderInvalidStateError" };
      for (const call of [
        () => runtime.createRecorder("c"),
        () => runtime.getRecorder("a"),
        () => runtime.tryGetRecorder("a"),
        () => runtime.listRecorderIds(),
        () => runtime.stopRecorder("a"),
        () => runtime.stopAndRemoveRecorder("a"),
        () => runtime.share(),
        () => MetricsRuntime.attach(token),
      ]) {
        expect(thrownBy(call)).toMatchObject(CLOSED);
      }
      expect(thrownBy(() => recorder.registerEvent(event(1)))).toMatchObject(refused);
      expect(thrownBy(() => recorder.registerMetric(worked))).toMatchObject(refused);
      expect(recorder.stop().wait().success).toBe(false);
      expect(recorder.start().wait().success).toBe(false);
      expect([recorder.getStatus(), unseen.getStatus()]).toEqual(["STOPPED", "STOPPED"]);
      expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 101, sum: 4_951 });
      expect(recorder.getStats()).toMatchObject({ accepted: 101, dispatched: 101, pending: 0 });
      expect(runtime.getStats().threadId).toBe(undefined);
      runtime.shutdown();
      expect(runtime.getStatus()).toBe("CLOSED");
    },
  );
});

test("the thread that made a runtime ends while others record: each is told, nothing hangs", async () => {
  const maker = await startThread();
  const token = await maker.run(({ lib, schema, runtimes }) => {
    const runtime = new lib.MetricsRuntime({ namespace: "theirs" });
    runtimes.push(runtime);
    runtime.start();
    runtime.createRecorder("a").registerMetric(schema.worked);
    return runtime.share();
  });
  const runtime = MetricsRuntime.attach(token);
  const recorder = runtime.getRecorder("a");
  const threads = await Promise.all([1, 2].map(() => startThread(runtime)));
  const told = threads.map((thread) =>
    thread.run(({ runtime, schema, thrownBy }) => {
      const emit = schema.emitterOf(runtime.getRecorder("a"));
      let accepted = 0;
      const error = thrownBy(() => {
        for (let n = 0; ; n++) if (emit(n)) accepted++;
      });
      return { accepted, name: error?.name };
    }),
  );
  await waitUntil(
    () => recorder.getStats().dispatched > 10_000,
    () => recorder.getStats(),
  );
  await maker.worker.terminate();
  const results = await Promise.all(told);
  expect(results.map(({ name }) => name)).toEqual(
    results.map(() => "MetricsRecorderInvalidStateError"),
  );
  const accepted = results.reduce((sum, each) => sum + each.accepted, 0);
  expect(recorder.getStats()).toMatchObject({ accepted, dispatched: accepted, pending: 0 });
  expect(dimensionsOf(recorder, "worked").total).toBe(accepted);
});
