/** Renders by threads that observe for each other. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { renderedSamples } from "../support/expositions.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { sharedInts, startThread } from "../support/workers.js";

const HELP = { help: "" };

test("callbacks of two threads that render ask nobody, and so come to an end", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  let here = 0;
  recorder.observableGauge("now", HELP, () => {
    here++;
    void runtime.render("prometheus");
    void recorder.render("prometheus");
    return 1;
  });
  const thread = await startThread(runtime);
  await thread.run(({ runtime, log }) => {
    const recorder = runtime.getRecorder("a");
    recorder.observableGauge("now", { help: "" }, () => {
      log.push("called");
      void runtime.render("prometheus");
      void recorder.render("prometheus");
      return 1;
    });
  });
  expect(await renderedSamples(runtime)).toEqual({ 'test_now{recorder="a"}': 1 });
  await sleep(300); // in which each would have asked the other hundreds of times
  const there = await thread.run(({ log }) => log.length);
  expect([here, there]).toEqual([1, 1]);
});

test("nobody waits for a thread that a render blocks: it has just observed", async () => {
  const SERIES = 250_000;
  const runtime = startedRuntime();
  const options = { help: "", labels: ["n"], maxSeries: SERIES } as const;
  const numbers = runtime.createRecorder("much").counter("n", options);
  for (let n = 0; n < SERIES; n++) numbers.add(1, { n: `${n}` });
  const recorder = runtime.createRecorder("a");
  const thread = await startThread(runtime);
  const gate = sharedInts(1);
  const rendering = thread.run(async ({ runtime }, gate) => {
    runtime.getRecorder("a").observableGauge("there", { help: "" }, () => 1);
    Atomics.store(gate, 0, 1);
    while (Atomics.load(gate, 0) === 1) {
      runtime.renderSync("prometheus", { gzip: true }); // far longer than a thread is waited for
      await new Promise((resolve) => setImmediate(resolve));
    }
  }, gate);
  while (Atomics.load(gate, 0) === 0) await sleep(1);
  for (let look = 0; look < 50; look++) {
    expect(numberOf(recorder, "there", "value")).toBe(1);
    await sleep(10);
  }
  Atomics.store(gate, 0, 2);
  await rendering;
  expect(recorder.getStats().observationsFailed).toBe(0);
});
