import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";
import { schemaOf, startThread } from "../support/workers.js";

const { worked, event } = schemaOf(library);

test("a recorder made by one thread is found by another, with all it was made with", async () => {
  const runtime = startedRuntime({ namespace: "ours" });
  const options = { entityId: "e", namespace: "n", queueMaxSize: 7 };
  runtime.createRecorder("a", { ...options, queueOverflowPolicy: "RAISE_ERROR" });
  const thread = await startThread(runtime);
  const there = await thread.run(({ runtime, schema, thrownBy }) => {
    const recorder = runtime.getRecorder("a");
    const { recorderId, entityId, namespace } = recorder;
    const emit = schema.emitterOf(recorder);
    const overflow = thrownBy(() => {
      for (let n = 0; n < 1_000_000; n++) emit(n);
    });
    const { queueMaxSize, dropped } = recorder.getStats();
    const attached = [runtime.entityId, runtime.getStatus()];
    return { recorderId, entityId, namespace, queueMaxSize, overflow, dropped, attached };
  });
  expect(there).toMatchObject({
    recorderId: "a",
    ...options,
    overflow: {
      name: "MetricsRecorderQueueOverflowError",
      code: "ERR_METRICS_RECORDER_QUEUE_OVERFLOW",
      details: { queueMaxSize: 7 },
    },
    dropped: 1,
    attached: ["ours", "RUNNING"],
  });
});

test("what the runtime's defaults are holds for recorders that other threads create", async () => {
  const runtime = startedRuntime({
    namespace: "ours",
    defaultRecorderQueueMaxSize: 5,
    defaultRecorderQueueOverflowPolicy: "RAISE_ERROR",
  });
  const thread = await startThread(runtime);
  await thread.run(({ runtime }) => void runtime.createRecorder("a"));
  const recorder = runtime.getRecorder("a");
  expect(recorder).toMatchObject({ recorderId: "a", entityId: "a", namespace: "ours" });
  expect(recorder.getStats().queueMaxSize).toBe(5);
  const emit = schemaOf(library).emitterOf(recorder);
  const overflow = thrownBy(() => {
    for (let n = 0; n < 1_000_000; n++) emit(n);
  });
  expect(overflow.name).toBe("MetricsRecorderQueueOverflowError");
});

test("queueMaxSize holds for each thread by itself", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: 3 });
  recorder.registerMetric(worked);
  const thread = await startThread(runtime);
  for (let round = 0; round < 50; round++) {
    const there = await thread.run(({ runtime, schema }) => {
      const recorder = runtime.getRecorder("a");
      return [1, 2, 3].map((n) => recorder.registerEvent(schema.event(n)));
    });
    const here = [1, 2, 3].map((n) => recorder.registerEvent(event(n)));
    expect([...there, ...here]).toEqual([true, true, true, true, true, true]);
    expect(dimensionsOf(recorder, "worked").total).toBe(6 * (round + 1));
  }
});

test("getRecorder gives the same object each time on one thread, whoever created it", async () => {
  const runtime = startedRuntime();
  const ours = runtime.createRecorder("ours");
  const thread = await startThread(runtime);
  const same = await thread.run(({ runtime }) => {
    const made = runtime.createRecorder("theirs");
    const found = runtime.getRecorder("ours");
    return [
      runtime.getRecorder("theirs") === made,
      runtime.getRecorder(" ours ") === found,
      runtime.tryGetRecorder("ours") === found,
      [...runtime.listRecorderIds()],
    ];
  });
  expect(same).toEqual([true, true, true, ["ours", "theirs"]]);
  const theirs = runtime.getRecorder("theirs");
  expect(runtime.getRecorder("theirs")).toBe(theirs);
  expect(runtime.getRecorder("ours")).toBe(ours);
});

test("one id is for one recorder: exactly one of many threads gets it, the others are told", async () => {
  const runtime = startedRuntime();
  const threads = await Promise.all([1, 2, 3].map(() => startThread(runtime)));
  const results = await Promise.all(
    threads.map((thread) =>
      thread.run(({ runtime, thrownBy }) =>
        Array.from({ length: 100 }, (_, n) => {
          const error = thrownBy(() => runtime.createRecorder(`r${n}`));
          return error === undefined ? "made" : error.name;
        }),
      ),
    ),
  );
  for (let n = 0; n < 100; n++) {
    expect(results.map((each) => each[n]).sort()).toEqual([
      "MetricsRuntimeRecorderAlreadyExistsError",
      "MetricsRuntimeRecorderAlreadyExistsError",
      "made",
    ]);
  }
  expect(runtime.listRecorderIds()).toHaveLength(100);
});

describe("any thread stops, starts and removes a recorder of any other:", () => {
  test("stop and start take effect everywhere", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(worked);
    const thread = await startThread(runtime);
    const stopped = await thread.run(({ runtime }) => runtime.getRecorder("a").stop().wait());
    expect(stopped).toEqual({ opName: "STOP", success: true, error: undefined });
    expect(recorder.getStatus()).toBe("STOPPED");
    expect(thrownBy(() => recorder.registerEvent(event(1)))).toMatchObject({
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "STOPPED" },
    });
    expect(recorder.start().wait().success).toBe(true);
    const there = await thread.run(({ runtime, schema }) => {
      const recorder = runtime.getRecorder("a");
      return [recorder.getStatus(), recorder.registerEvent(schema.event(2))];
    });
    expect(there).toEqual(["RUNNING", true]);
    expect(recorder.registerEvent(event(3))).toBe(true);
    expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 2, sum: 5 });
  });

  test("a removed one is gone everywhere; under its id there comes a new one", async () => {
    const runtime = startedRuntime();
    const old = runtime.createRecorder("a");
    old.registerMetric(worked);
    const thread = await startThread(runtime);
    await thread.run(({ runtime, kept, schema }) => {
      kept.set("old", runtime.getRecorder("a"));
      runtime.getRecorder("a").registerEvent(schema.event(1));
    });
    expect(runtime.stopAndRemoveRecorder("a")).toBe(old);
    expect(await thread.run(({ runtime }) => runtime.tryGetRecorder("a"))).toBe(undefined);
    const next = runtime.createRecorder("a", { queueMaxSize: 9 });
    next.registerMetric(worked);
    const seen = await thread.run(({ runtime, kept, schema, thrownBy }) => {
      const old = kept.get("old") as library.MetricsRecorder;
      const next = runtime.getRecorder("a");
      return {
        same: next === old,
        queueMaxSize: next.getStats().queueMaxSize,
        taken: next.registerEvent(schema.event(5)),
        totals: [old, next].map((each) => each.getMetricSnapshots().worked?.dimensions.total),
        states: [old, next].map((each) => each.getStatus()),
        refused: thrownBy(() => old.registerEvent(schema.event(7)))?.name,
        start: old.start().wait().success,
      };
    });
    expect(seen).toEqual({
      same: false,
      queueMaxSize: 9,
      taken: true,
      totals: [1, 1],
      states: ["STOPPED", "RUNNING"],
      refused: "MetricsRecorderInvalidStateError",
      start: false,
    });
    expect(dimensionsOf(next, "worked").sum).toBe(5);
  });

  test("who removes a recorder that it never used gets one to read", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { entityId: "e", queueMaxSize: 11 });
    recorder.registerMetric(worked);
    for (let n = 0; n < 3; n++) recorder.registerEvent(event(n));
    const thread = await startThread(runtime);
    const removed = await thread.run(({ runtime, schema, thrownBy }) => {
      const removed = runtime.stopAndRemoveRecorder("a");
      return {
        names: [removed.recorderId, removed.entityId, removed.namespace],
        status: removed.getStatus(),
        total: removed.getMetricSnapshots().worked?.dimensions.total,
        stats: removed.getStats(),
        refused: thrownBy(() => removed.registerEvent(schema.event(1)))?.name,
        metric: thrownBy(() => removed.registerMetric(schema.worked))?.name,
        operations: [removed.start(), removed.stop()].map((handle) => handle.wait().success),
        again: runtime.tryGetRecorder("a"),
      };
    });
    expect(removed).toMatchObject({
      names: ["a", "e", "test"],
      status: "STOPPED",
      total: 3,
      stats: { accepted: 3, dispatched: 3, pending: 0, queueMaxSize: 11 },
      refused: "MetricsRecorderInvalidStateError",
      metric: "MetricsRecorderInvalidStateError",
      operations: [false, false],
      again: undefined,
    });
    expect(recorder.getStatus()).toBe("STOPPED");
    expect(thrownBy(() => runtime.getRecorder("a")).name).toMatch(/NotFoundError$/);
  });

  test("one that a thread has failed stays in reach of the others, as the registry lists it", async () => {
    const runtime = startedRuntime();
    let fails = false;
    const recorder = runtime.createRecorder("a", {
      hooks: {
        onStarting() {
          if (fails) throw new Error("no");
        },
      },
    });
    recorder.registerMetric(worked);
    recorder.registerEvent(event(1));
    runtime.stopRecorder("a");
    fails = true;
    expect(recorder.start().wait().success).toBe(false);
    expect(runtime.getRecorder("a")).toBe(recorder);
    const thread = await startThread(runtime);
    const seen = await thread.run(({ runtime, thrownBy }) => {
      const ids = [...runtime.listRecorderIds()];
      const found = runtime.tryGetRecorder("a");
      const error = thrownBy(() => runtime.getRecorder("a"))?.name;
      return { ids, status: found?.getStatus(), error };
    });
    expect(thrownBy(() => runtime.shutdown()).name).toBe("MetricsRuntimeShutdownError");
    expect(seen).toEqual({ ids: ["a"], status: "FAILURE", error: undefined });
  });
});
