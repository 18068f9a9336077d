import { describe, expect, test } from "vitest";
import { canSeeThreads, threadExists, threadIds, threadNameBytes } from "../support/os-threads.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";

/** As the kernel gives it up: `pthread_join` returns a moment before `/proc` forgets the thread. */
async function expectGone(threadId: number): Promise<void> {
  await waitUntil(
    () => !threadExists(threadId),
    () => threadIds(),
  );
}

describe.runIf(canSeeThreads)("the runtime's thread", () => {
  test("exists from the start to the shutdown, under the id that the stats tell", async () => {
    const runtime = newRuntime({ namespace: "storage" });
    expect(runtime.getStats().threadId).toBeUndefined();
    const before = threadIds();
    runtime.start();
    const { threadId } = runtime.getStats();
    if (threadId === undefined) throw new Error("no thread id");
    expect(threadIds().filter((id) => !before.includes(id))).toContain(threadId);
    runtime.shutdown();
    expect(runtime.getStats().threadId).toBeUndefined();
    await expectGone(threadId);
  });

  test.each([
    ["short", "storage", "storage"],
    ["of 15 bytes", "exactly-fifteen", "exactly-fifteen"],
    ["longer", "document-storage", "document-storag"],
    ["of two-byte characters", "äöüäöüäöü", "äöüäöüä"],
    ["with a two-byte character across the limit", "document-storeä", "document-store"],
    ["of three-byte characters", "計測計測計測", "計測計測計"],
    ["of four-byte characters", "😀😀😀😀", "😀😀😀"],
  ])("is called as the namespace, cut between characters: %s", (_, namespace, name) => {
    const { threadId } = startedRuntime({ namespace }).getStats();
    const bytes = threadNameBytes(threadId ?? 0);
    expect(bytes?.toString()).toBe(name);
    expect(bytes?.length).toBeLessThanOrEqual(15);
  });

  test("is another one for each runtime", () => {
    const ids = Array.from({ length: 5 }, () => startedRuntime().getStats().threadId);
    expect(new Set(ids).size).toBe(5);
  });

  test("is not there before the start, nor after the shutdown of what never started", () => {
    const before = threadIds();
    const runtime = newRuntime();
    runtime.shutdown();
    expect(threadIds().filter((id) => !before.includes(id))).toEqual([]);
  });
});
