import { readdirSync } from "node:fs";
import { count, defineMetric, defineMetricEvent, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { collectGarbage } from "../support/collect-garbage.js";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";

const Tick = defineMetricEvent("tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

function runOnce(): void {
  const runtime = new MetricsRuntime({ namespace: "churn" });
  runtime.start();
  const recorder = runtime.createRecorder("a");
  recorder.registerMetric(ticks);
  for (let n = 0; n < 10; n++) recorder.registerEvent(Tick());
  runtime.shutdown();
  expect(numberOf(recorder, "ticks", "total")).toBe(10);
}

describe.runIf(canSeeThreads)("runtimes started and shut down", () => {
  test("leave no thread and no file descriptor", async () => {
    runOnce();
    const openFiles = () => readdirSync("/proc/self/fd").length;
    const [threads, files] = [threadIds().length, openFiles()];
    for (let n = 0; n < 200; n++) runOnce();
    await waitUntil(
      () => threadIds().length <= threads,
      () => ({ before: threads, now: threadIds().length }),
    );
    expect(openFiles()).toBeLessThanOrEqual(files);
  });
});

describe("recorders created and removed one after the other", () => {
  test("leave no memory", async () => {
    const { stdout, stderr } = await runFixture("recorder-churn.mjs", ["200", "100000"], {
      nodeArguments: ["--expose-gc"],
      // What glibc frees it then gives back at once, so that the size of the process tells.
      env: { ...process.env, MALLOC_MMAP_THRESHOLD_: "131072" },
      deadlineMs: 15_000,
    });
    expect(stderr).toBe("");
    // Each ring has 12.8 MB, of which the events touch 0.8: 160 MB if those stayed.
    expect(JSON.parse(stdout).settledBy).toBeLessThan(40e6);
  });

  test("do not pile up until some later collection", async () => {
    const { stdout, stderr } = await runFixture("recorder-churn.mjs", ["1000", "25000"], {
      deadlineMs: 15_000,
    });
    expect(stderr).toBe("");
    // Each ring has 3.2 MB: 1 GB if the engine is not told and so sees nothing worth collecting.
    expect(JSON.parse(stdout).largestBy).toBeLessThan(500e6);
  });
});

test("what is no longer used can be collected, the runtime's thread ended or not", async () => {
  const runtime = startedRuntime();
  const removed = (() => {
    runtime.createRecorder("a").registerEvent(Tick());
    return new WeakRef(runtime.stopAndRemoveRecorder("a"));
  })();
  const closed = (() => {
    const other = new MetricsRuntime({ namespace: "other" });
    other.start();
    other.createRecorder("a").registerEvent(Tick());
    other.shutdown();
    return new WeakRef(other);
  })();
  await waitUntil(
    () => {
      collectGarbage();
      return removed.deref() === undefined && closed.deref() === undefined;
    },
    () => ({ recorder: removed.deref() !== undefined, runtime: closed.deref() !== undefined }),
  );
  expect(runtime.getStatus()).toBe("RUNNING");
});
