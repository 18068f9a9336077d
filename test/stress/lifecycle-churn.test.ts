import { defineMetricEvent, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { collectGarbage } from "../support/collect-garbage.js";
import { canSeeThreads } from "../support/os-threads.js";
import { startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";

/** What glibc frees it then gives back at once, so that the size of the process tells. */
const GIVES_BACK = { ...process.env, MALLOC_MMAP_THRESHOLD_: "131072" };

const Tick = defineMetricEvent("tick", {});

describe.runIf(canSeeThreads)("a thousand runtimes started and shut down", () => {
  test("leave no thread, no file descriptor and no memory", async () => {
    const { stdout, stderr } = await runFixture("runtime-churn.mjs", ["2000"], {
      nodeArguments: ["--expose-gc"],
      env: GIVES_BACK,
      deadlineMs: 30_000,
    });
    expect(stderr).toBe("");
    const { early, late } = JSON.parse(stdout);
    expect({ ...late, rss: 0 }).toEqual({ ...early, rss: 0 });
    // Each had a thread with a stack, and a ring of 1.3 MB.
    expect(late.rss - early.rss).toBeLessThan(4e6);
  });
});

describe("recorders created and removed one after the other", () => {
  test("leave no memory", async () => {
    const { stdout, stderr } = await runFixture("recorder-churn.mjs", ["200", "100000"], {
      nodeArguments: ["--expose-gc"],
      env: GIVES_BACK,
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
