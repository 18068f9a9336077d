import { beforeAll, describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { canSeeThreads } from "../support/os-threads.js";

// biome-ignore lint/suspicious/noExplicitAny: what the program has told, as it is
let told: any;

describe.runIf(canSeeThreads)("a shutdown while the loop is held for longer than its limit", () => {
  beforeAll(async () => {
    const options = { deadlineMs: 20_000 };
    const { code, stdout, stderr } = await runFixture(
      "faults/shutdown-of-a-held-loop.mjs",
      [],
      options,
    );
    // Also: what the runtime left behind is in nobody's way when the process ends.
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    told = JSON.parse(stdout);
  }, 25_000);

  test("is a ShutdownError after 5 s to 10.5 s, and FAILURE", () => {
    const { shutdown, failed } = told;
    expect(shutdown.thrown).toMatchObject({
      name: "MetricsRuntimeShutdownError",
      details: { failedRecorderIds: [], recorderErrors: {} },
      cause: { message: expect.stringMatching(/^the thread did not end within 50\d\d ms$/) },
    });
    expect(shutdown.tookMs).toBeGreaterThanOrEqual(5_000);
    expect(shutdown.tookMs).toBeLessThan(10_500);
    expect(failed.status).toBe("FAILURE");
  });

  test("leaves the thread where it is; nothing waits for it", () => {
    const { failed, held } = told;
    expect(failed.threads).toBe(1);
    expect(held.snapshots.thrown).toMatchObject({
      name: "MetricsRecorderUnexpectedError",
      cause: { name: "MetricsRuntimeLoopUnavailableError" },
    });
    expect(held.snapshots.tookMs).toBeLessThan(1_000);
    expect(held.again.thrown).toMatchObject({
      name: "MetricsRuntimeInvalidStateError",
      details: { runtimeState: "FAILURE", expectedStates: ["RUNNING", "STOPPING"] },
    });
    expect(held.disposed).toMatchObject({ returned: null });
  });

  test("the thread, once it goes on, dispatches what was accepted and ends by itself", () => {
    const { ended } = told;
    expect(ended).toMatchObject({ threads: 0, status: "FAILURE", threadId: null });
    expect(ended.recorder).toMatchObject({
      status: "STOPPED",
      stats: { accepted: 2, dispatched: 2, pending: 0 },
    });
    expect(ended.snapshots.returned).toEqual({ ticks: 2 });
    const wrongState = { name: "MetricsRecorderInvalidStateError" };
    expect(ended.event.thrown).toMatchObject(wrongState);
    expect(ended.start).toMatchObject({
      name: "MetricsRecorderUnexpectedError",
      cause: { name: "MetricsRuntimeInvalidStateError", details: { runtimeState: "FAILURE" } },
    });
  });

  test("other runtimes work", () => {
    expect(told.next.returned).toEqual({ ticks: 1 });
  });
});
