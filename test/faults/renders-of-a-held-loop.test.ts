/** Renders that the runtime's thread does not come to: whoever waits gives up, and so does the thread later. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { linesOf, renderedSamples, textOf } from "../support/expositions.js";
import { holdAt } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";

const LIMIT_MS = 60_000;
const UNAVAILABLE = {
  name: "MetricsRuntimeLoopUnavailableError",
  details: { waitedMs: LIMIT_MS },
};

// Of this thread alone: the native ones wait as ever.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** One that has rendered once. */
async function rendering() {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const hits = recorder.counter("hits", { help: "" });
  hits.add(1);
  expect(await renderedSamples(runtime)).toEqual({ 'test_hits_total{recorder="a"}': 1 });
  return { runtime, recorder, hits };
}

test("a render gives up after 60 s, is left when the loop goes on, and the next is right", async () => {
  const { runtime, recorder, hits } = await rendering();
  holdAt("turn", 2 * LIMIT_MS);
  const renders = [runtime.render("prometheus"), recorder.render("json", { gzip: true })];
  const outcomes = Promise.allSettled(renders);
  hits.add(2);
  vi.advanceTimersByTime(LIMIT_MS - 1);
  const late = await Promise.race([outcomes, Promise.resolve("not yet")]);
  expect(late).toBe("not yet");
  vi.advanceTimersByTime(1);
  expect(await outcomes).toEqual([
    { status: "rejected", reason: expect.objectContaining(UNAVAILABLE) },
    {
      status: "rejected",
      reason: expect.objectContaining({
        name: "MetricsRecorderUnexpectedError",
        cause: expect.objectContaining(UNAVAILABLE),
      }),
    },
  ]);
  holdAt("turn", 0);
  const text = await textOf(runtime);
  expect(linesOf(text, "test_hits")).toEqual(['test_hits_total{recorder="a"} 3']);
  expect(linesOf(text, "metrics_runtime_renders")).toEqual([
    "metrics_runtime_renders_total 1",
    "metrics_runtime_renders_failed_total 2",
  ]);
});

test("a render that is there in time leaves no timer", async () => {
  await rendering();
  expect(vi.getTimerCount()).toBe(0);
});
