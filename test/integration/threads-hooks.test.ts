import type { MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";
import { sharedInts, startThread } from "../support/workers.js";

const turns = async (count = 20) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setTimeout(resolve, 1));
};

/** Recorder `a`, created here, and what its onStopped has seen. */
function watched(throws = false) {
  const runtime = startedRuntime();
  const seen: string[] = [];
  const onStopped = (recorder: MetricsRecorder) => {
    seen.push(`${recorder.recorderId} ${recorder.getStatus()}`);
    if (throws) throw new Error("thrown by the hook");
  };
  const recorder = runtime.createRecorder("a", { hooks: { onStopped } });
  return { runtime, recorder, seen, onStopped };
}

const WAYS = ["stop", "stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const;

describe("after a stop by another thread, onStopped runs on the thread that created the recorder:", () => {
  test.each(WAYS)("%s: on a later turn and not before, once", async (way) => {
    const { runtime, recorder, seen } = watched();
    const thread = await startThread(runtime);
    void thread.run(({ runtime }, way) => {
      if (way === "stop") runtime.getRecorder("a").stop();
      else if (way === "shutdown") runtime.shutdown();
      else runtime[way]("a");
    }, way);
    const deadline = performance.now() + 5_000;
    while (recorder.getStatus() !== "STOPPED" && performance.now() < deadline);
    expect(recorder.getStatus()).toBe("STOPPED");
    const until = performance.now() + 20;
    while (performance.now() < until);
    expect(seen, "while this thread is busy").toEqual([]);
    await waitUntil(
      () => seen.length > 0,
      () => recorder.getStatus(),
    );
    await turns();
    expect(seen).toEqual(["a STOPPED"]);
    if (way === "shutdown") runtime.shutdown();
    else runtime[Symbol.dispose]();
    await turns();
    expect(seen).toEqual(["a STOPPED"]);
  });

  test("what it throws in a stop of its own thread, other threads see as why the recorder failed", async () => {
    const { runtime, recorder } = watched(true);
    const thread = await startThread(runtime);
    expect(recorder.stop().wait()).toMatchObject({ success: false });
    const [status, name, message] = await thread.run(({ runtime }) => {
      const other = runtime.getRecorder("a");
      const { lastError } = other.getStats();
      return [other.getStatus(), lastError?.name, lastError?.message];
    });
    expect([status, name]).toEqual(["FAILURE", "MetricsRecorderOnStoppedHookFailedError"]);
    expect(message).toContain("thrown by the hook");
    expect(() => runtime.stopAndRemoveRecorder("a")).toThrow("thrown by the hook");
  });

  test("what it throws changes nothing: the stop is done", async () => {
    const { runtime, recorder, seen } = watched(true);
    const thread = await startThread(runtime);
    const result = await thread.run(({ runtime }) => runtime.getRecorder("a").stop().wait());
    expect(result).toMatchObject({ success: true });
    await waitUntil(
      () => seen.length > 0,
      () => recorder.getStatus(),
    );
    expect(recorder.getStatus()).toBe("STOPPED");
    expect(recorder.getStats().lastError).toBe(undefined);
    expect(recorder.start().wait()).toMatchObject({ success: true });
    expect(await thread.run(({ runtime }) => runtime.getRecorder("a").getStatus())).toBe("RUNNING");
    await thread.run(({ runtime }) => void runtime.stopRecorder("a"));
    await waitUntil(
      () => seen.length > 1,
      () => seen,
    );
    runtime.shutdown();
    expect(seen).toHaveLength(2);
  });

  test.each([
    "createRecorder of another id",
    "createRecorder of the same id",
    "getRecorder of one that has the id now",
  ])("also when this thread, before that turn, goes on to %s", async (what) => {
    const { runtime, recorder, seen } = watched();
    const thread = await startThread(runtime);
    const done = sharedInts(1);
    void thread.run(
      ({ runtime }, done, again) => {
        runtime.stopAndRemoveRecorder("a");
        if (again) runtime.createRecorder("a");
        Atomics.store(done, 0, 1);
      },
      done,
      what.startsWith("getRecorder"),
    );
    const deadline = performance.now() + 5_000;
    while (Atomics.load(done, 0) === 0 && performance.now() < deadline);
    if (what.startsWith("getRecorder")) expect(runtime.getRecorder("a")).not.toBe(recorder);
    else runtime.createRecorder(what.endsWith("same id") ? "a" : "b");
    await turns();
    expect(seen).toEqual(["a STOPPED"]);
  });
});

describe("the hooks of a recorder that a worker created", () => {
  test("run in that worker, whoever stops and starts it", async () => {
    const runtime = startedRuntime();
    const thread = await startThread(runtime);
    await thread.run(({ runtime, log }) => {
      runtime.createRecorder("a", {
        hooks: {
          onStarting: (recorder) => void log.push(`starting ${recorder.getStatus()}`),
          onStopped: (recorder) => void log.push(`stopped ${recorder.getStatus()}`),
        },
      });
    });
    const logOf = () => thread.run(({ log }) => [...log]);
    expect(await logOf()).toEqual(["starting STARTING"]);
    const recorder = runtime.getRecorder("a");
    expect(recorder.stop().wait().success).toBe(true);
    await turns();
    expect(await logOf()).toEqual(["starting STARTING", "stopped STOPPED"]);
    // A start by a thread that did not create it has no hook to run.
    expect(recorder.start().wait().success).toBe(true);
    runtime.shutdown();
    await turns();
    expect(await logOf()).toEqual(["starting STARTING", "stopped STOPPED", "stopped STOPPED"]);
  });

  test("do not run for a creation that a shutdown by another thread has cut short", async () => {
    const runtime = startedRuntime();
    const thread = await startThread(runtime);
    const inside = sharedInts(2);
    const created = thread.run(({ runtime, log, thrownBy }, inside) => {
      const onStarting = () => {
        Atomics.store(inside, 0, 1);
        Atomics.wait(inside, 1, 0, 10_000);
      };
      const onStopped = () => void log.push("stopped");
      return thrownBy(() => runtime.createRecorder("a", { hooks: { onStarting, onStopped } }))
        ?.name;
    }, inside);
    while (Atomics.load(inside, 0) === 0) await new Promise(setImmediate);
    runtime.shutdown();
    Atomics.store(inside, 1, 1);
    Atomics.notify(inside, 1);
    expect(await created).toMatch(/^MetricsRuntime(InvalidState|LoopUnavailable)Error$/);
    await turns();
    expect(await thread.run(({ log }) => [...log])).toEqual([]);
  });
});

describe("a worker that is terminated inside onStarting", () => {
  test("of a creation leaves the id free, and nothing hangs", async () => {
    const runtime = startedRuntime();
    for (let round = 0; round < 5; round++) {
      const thread = await startThread(runtime);
      const inside = sharedInts(1);
      void thread.run(({ runtime }, inside) => {
        const onStarting = () => {
          Atomics.store(inside, 0, 1);
          for (;;);
        };
        runtime.createRecorder("a", { hooks: { onStarting } });
      }, inside);
      while (Atomics.load(inside, 0) === 0) await new Promise(setImmediate);
      expect(runtime.tryGetRecorder("a")).toBe(undefined);
      await thread.worker.terminate();
      expect(runtime.listRecorderIds()).toEqual([]);
      runtime.createRecorder("a");
      expect(runtime.stopAndRemoveRecorder("a").getStatus()).toBe("STOPPED");
    }
    runtime.shutdown();
  });

  test("of a start leaves the recorder failed; it can be read and removed", async () => {
    const runtime = startedRuntime();
    const thread = await startThread(runtime);
    const inside = sharedInts(1);
    void thread.run(({ runtime }, inside) => {
      let starts = 0;
      const onStarting = () => {
        if (starts++ === 0) return;
        Atomics.store(inside, 0, 1);
        for (;;);
      };
      const recorder = runtime.createRecorder("a", { hooks: { onStarting } });
      recorder.stop().wait();
      recorder.start();
    }, inside);
    while (Atomics.load(inside, 0) === 0) await new Promise(setImmediate);
    const recorder = runtime.getRecorder("a");
    expect(recorder.getStatus()).toBe("STARTING");
    await thread.worker.terminate();
    expect(recorder.getStatus()).toBe("FAILURE");
    expect(recorder.getStats().lastError).toMatchObject({ name: "MetricsRecorderUnexpectedError" });
    expect(recorder.getMetricSnapshots()).toEqual({});
    expect(() => runtime.stopAndRemoveRecorder("a")).toThrow();
    expect(runtime.listRecorderIds()).toEqual([]);
    runtime.shutdown();
  });
});
