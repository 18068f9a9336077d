/** Large renders that are under way when nobody waits for them any more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { MetricsRuntime } from "metrics-runtime";
import { expect, onTestFinished, test, vi } from "vitest";
import { linesOf, textOf } from "../support/expositions.js";
import { startedRuntime } from "../support/runtimes.js";
import { startThread } from "../support/workers.js";

const SERIES = 50_000;

/** A runtime whose renders take hundreds of slices. */
function large(): MetricsRuntime {
  const runtime = startedRuntime();
  const options = { help: "", labels: ["n"], maxSeries: SERIES, buckets: [1, 2, 3, 4] } as const;
  const took = runtime.createRecorder("a").histogram("took", options);
  for (let n = 0; n < SERIES; n++) took.record(n % 7, { n: `${n}` });
  return runtime;
}

/** What it says of its renders, in one that is whole. */
async function rendersOf(runtime: MetricsRuntime): Promise<string[]> {
  const text = await textOf(runtime);
  expect(linesOf(text, "test_took_count")).toHaveLength(SERIES);
  return linesOf(text, "metrics_runtime_renders");
}

const ONE_FAILED = ["metrics_runtime_renders_total 0", "metrics_runtime_renders_failed_total 1"];

test("one that was waited for 60 s is left at the next slice, and the next is whole", async () => {
  const runtime = large();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }); // the native ones wait as ever
  onTestFinished(() => void vi.useRealTimers());
  const rendered = runtime.render("prometheus");
  await sleep(10); // it has begun
  vi.advanceTimersByTime(60_000);
  await expect(rendered).rejects.toMatchObject({
    name: "MetricsRuntimeLoopUnavailableError",
    details: { waitedMs: 60_000 },
  });
  expect(await rendersOf(runtime)).toEqual(ONE_FAILED);
});

test("that of a thread which ends is left, and the next is whole", async () => {
  const runtime = large();
  const thread = await startThread(runtime);
  await thread.run(({ runtime }) => {
    runtime.render("prometheus").catch(() => {});
  });
  await thread.worker.terminate();
  expect(await rendersOf(runtime)).toEqual(ONE_FAILED);
});
