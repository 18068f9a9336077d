import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { startThread } from "../support/workers.js";

const TERMINATIONS = 40;

/** A thread that is being terminated gets nothing from native calls any more, but writes until it ends. */
test("a gauge keeps what a thread has set that was terminated while it set the next value", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.gauge("latest", { help: "" });
  const told = new Float64Array(new SharedArrayBuffer(8));
  const lost: string[] = [];
  for (let n = 0; n < TERMINATIONS; n++) {
    const [before = 0] = told;
    const thread = await startThread(runtime);
    void thread.run(({ runtime }, told) => {
      const latest = runtime.getRecorder("a").gauge("latest", { help: "" });
      for (let value = (told[0] ?? 0) + 1; ; value++) {
        if (latest.set(value)) told[0] = value;
      }
    }, told);
    while (told[0] === before) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, n % 5));
    await thread.worker.terminate();
    const [last = 0] = told;
    const value = Number(recorder.getMetricSnapshots().latest?.dimensions.value);
    if (value !== last && value !== last + 1) lost.push(`set to ${last}, and it is ${value}`);
    told[0] = value;
  }
  expect(lost).toEqual([]);
}, 60_000);
