import { constants } from "node:os";
import type { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { openDescriptors } from "../support/descriptors.js";
import { failAt, holdAt } from "../support/fault-points.js";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const CALLS: [name: string, call: (runtime: MetricsRuntime) => unknown, expected: string[]][] = [
  ["start", (runtime) => runtime.start(), ["VIRGIN"]],
  ["shutdown", (runtime) => runtime.shutdown(), ["RUNNING", "STOPPING"]],
  ["createRecorder", (runtime) => runtime.createRecorder("a"), ["RUNNING"]],
  ["getRecorder", (runtime) => runtime.getRecorder("a"), ["RUNNING"]],
  ["tryGetRecorder", (runtime) => runtime.tryGetRecorder("a"), ["RUNNING"]],
  ["listRecorderIds", (runtime) => runtime.listRecorderIds(), ["RUNNING"]],
  ["stopRecorder", (runtime) => runtime.stopRecorder("a"), ["RUNNING"]],
  ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("a"), ["RUNNING"]],
];

/** The runtime has failed for good, quietly, and is in nobody's way. */
function expectFailedForGood(runtime: MetricsRuntime): void {
  for (const [name, call, expectedStates] of CALLS) {
    expect(
      thrownBy(() => call(runtime)),
      name,
    ).toMatchObject({
      name: "MetricsRuntimeInvalidStateError",
      details: { runtimeState: "FAILURE", expectedStates },
    });
  }
  runtime[Symbol.dispose]();
  expect(runtime.getStatus()).toBe("FAILURE");
  expect(startedRuntime().createRecorder("a").getStatus()).toBe("RUNNING");
}

const left = () => ({ threads: threadIds().length, descriptors: openDescriptors() });

const REFUSALS = [
  ["thread", { osCode: "EAGAIN", errno: -constants.errno.EAGAIN, syscall: "uv_thread_create" }],
  ["loop", { osCode: "EMFILE", errno: -constants.errno.EMFILE, syscall: "uv_loop_init" }],
] as const;

describe.each(REFUSALS)("a start for which the system refuses a %s", (point, details) => {
  test("is a StartupError that says so, and the runtime has failed for good", () => {
    const runtime = newRuntime();
    failAt(point);
    const error = thrownBy(() => runtime.start());
    expect(error).toMatchObject({ name: "MetricsRuntimeStartupError", cause: expect.any(Error) });
    expect(error).toHaveProperty("details", details);
    expect(error.message).toContain(`${details.syscall} failed: ${details.osCode}`);
    expect(runtime.getStatus()).toBe("FAILURE");
    expect(runtime.getStats().threadId).toBeUndefined();
    expectFailedForGood(runtime);
  });

  test.runIf(canSeeThreads)("leaves no thread and no descriptor, however often", () => {
    const runtimes = Array.from({ length: 50 }, () => newRuntime());
    const before = left();
    failAt(point, { times: runtimes.length });
    for (const runtime of runtimes) {
      expect(thrownBy(() => runtime.start()).name).toBe("MetricsRuntimeStartupError");
    }
    expect(left()).toEqual(before);
  });
});

describe("a start whose thread does not come within 5 s", () => {
  test("is a StartupError; the thread, when it comes, ends by itself", async () => {
    const before = canSeeThreads ? left() : undefined;
    const runtime = newRuntime();
    holdAt("readiness", 60_000);
    const begin = performance.now();
    const error = thrownBy(() => runtime.start());
    const took = performance.now() - begin;
    expect(error).toMatchObject({
      name: "MetricsRuntimeStartupError",
      details: { waitedMs: expect.any(Number) },
      message: expect.stringMatching(/the thread was not ready within 50\d\d ms$/),
    });
    const { waitedMs } = (error as unknown as { details: { waitedMs: number } }).details;
    expect(waitedMs).toBeGreaterThanOrEqual(5_000);
    expect(took).toBeGreaterThanOrEqual(waitedMs);
    expect(took).toBeLessThan(5_500);
    expect(runtime.getStatus()).toBe("FAILURE");
    if (before !== undefined) expect(threadIds().length).toBe(before.threads + 1);

    holdAt("readiness", 0);
    await waitUntil(
      () => runtime.getStats().threadId === undefined,
      () => runtime.getStats(),
    );
    if (before !== undefined) {
      await waitUntil(
        () => left().threads === before.threads && left().descriptors === before.descriptors,
        () => ({ before, now: left() }),
      );
    }
    expect(runtime.getStats().loopTurns).toBe(0);
    expectFailedForGood(runtime);
  });
});
