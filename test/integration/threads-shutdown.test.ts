import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";
import { schemaOf, sharedInts, startThread, startThreads } from "../support/workers.js";

interface Details {
  readonly recorderState: string;
}

const { worked, event, emitterOf } = schemaOf(library);

test("a shutdown by an attached thread is one for all: nothing accepted is lost, nothing more is taken", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.registerMetric(worked);
  const thread = await startThread(runtime);
  const emit = emitterOf(recorder);
  for (let n = 0; n < 500; n++) expect(emit(n)).toBe(true);
  const there = await thread.run(({ runtime }) => {
    runtime.shutdown();
    return runtime.getStatus();
  });
  expect([there, runtime.getStatus()]).toEqual(["CLOSED", "CLOSED"]);
  for (const record of [() => recorder.registerEvent(event(1)), () => emit(1)]) {
    expect(thrownBy(record)).toMatchObject({
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "STOPPED", expectedStates: ["STARTING", "RUNNING"] },
    });
  }
  expect(thrownBy(() => runtime.createRecorder("b"))).toMatchObject({
    name: "MetricsRuntimeInvalidStateError",
    details: { runtimeState: "CLOSED" },
  });
  expect(dimensionsOf(recorder, "worked").total).toBe(500);
  expect(recorder.getStats()).toMatchObject({ accepted: 500, dispatched: 500, pending: 0 });
  runtime.shutdown();
  expect(runtime.getStatus()).toBe("CLOSED");
});

/** All call shutdown() while the first of them still waits for a recorder with much to do. */
async function shutDownFromThreads(runtime: library.MetricsRuntime) {
  const slow = runtime.createRecorder("slow", { queueMaxSize: 50_000 });
  const threads = await startThreads(4, runtime);
  registerSlowMetric(slow, 10_000);
  const emit = slow.emitter(SlowEvent, ["number"]);
  const gate = sharedInts(1);
  for (let n = 0; n < 4_000; n++) emit(n);
  return Promise.all(
    threads.map((thread) =>
      thread.run(
        ({ runtime, meet, thrownBy }, gate, parties) => {
          meet(gate, parties);
          const error = thrownBy(() => runtime.shutdown());
          return { name: error?.name, details: error?.details, status: runtime.getStatus() };
        },
        gate,
        4,
      ),
    ),
  );
}

describe("shutdowns by four threads at once have one result:", () => {
  test("that of one that succeeds", async () => {
    const runtime = startedRuntime();
    const results = await shutDownFromThreads(runtime);
    const success = { name: undefined, details: undefined, status: "CLOSED" };
    expect(results).toEqual(Array(4).fill(success));
    expect(runtime.getStatus()).toBe("CLOSED");
  });

  test("that of one that fails", async () => {
    const runtime = startedRuntime();
    let fails = false;
    const recorder = runtime.createRecorder("failing", {
      hooks: {
        onStarting() {
          if (fails) throw new Error("no");
        },
      },
    });
    runtime.stopRecorder("failing");
    fails = true;
    expect(recorder.start().wait().success).toBe(false);
    const results = await shutDownFromThreads(runtime);
    for (const result of results) {
      expect(result).toMatchObject({
        name: "MetricsRuntimeShutdownError",
        details: { failedRecorderIds: ["failing"] },
        status: "FAILURE",
      });
    }
    expect(runtime.getStatus()).toBe("FAILURE");
  });
});

test("a stop on one thread while others record: from then on none is taken, and none is lost", async () => {
  for (let round = 0; round < 10; round++) {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
    recorder.registerMetric(worked);
    const threads = await startThreads(2, runtime);
    const flags = sharedInts(2); // how many are hot; whether it has stopped
    const told = threads.map((thread) =>
      thread.run(({ runtime, schema, thrownBy }, flags) => {
        const recorder = runtime.getRecorder("a");
        const emit = schema.emitterOf(recorder);
        const counts = { accepted: 0, late: 0 };
        Atomics.add(flags, 0, 1);
        const error = thrownBy(() => {
          for (let n = 0; ; n++) {
            const stopped = Atomics.load(flags, 1) === 1;
            if (!emit(n)) continue;
            counts.accepted++;
            if (stopped) counts.late++;
          }
        });
        const again = thrownBy(() => recorder.registerEvent(schema.event(1)));
        return { ...counts, errors: [error?.name, again?.name], details: again?.details };
      }, flags),
    );
    while (Atomics.load(flags, 0) < 2) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 10 * (round % 4)));
    expect(recorder.stop().wait()).toMatchObject({ success: true });
    Atomics.store(flags, 1, 1);
    const stats = recorder.getStats();
    const total = dimensionsOf(recorder, "worked").total;
    const results = await Promise.all(told);
    for (const { late, errors, details } of results) {
      expect(late).toBe(0);
      expect(errors).toEqual(Array(2).fill("MetricsRecorderInvalidStateError"));
      expect(["STOPPING", "STOPPED"]).toContain((details as Details).recorderState);
    }
    const accepted = results.reduce((sum, each) => sum + each.accepted, 0);
    expect(stats).toMatchObject({ accepted, dispatched: accepted, pending: 0 });
    expect([total, dimensionsOf(recorder, "worked").total]).toEqual([accepted, accepted]);
    for (const thread of threads) await thread.end();
  }
});
