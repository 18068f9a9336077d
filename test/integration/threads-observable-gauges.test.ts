/** Observable gauges of several threads: a snapshot asks each of them. */
import type { GaugeCombine } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { collectGarbage } from "../support/collect-garbage.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { sharedInts, startThread, startThreads, type Thread } from "../support/workers.js";

const HELP = { help: "" };

/** On the thread: a gauge "g" that observes what stands in `values[index]`; 0 is not observed. */
function observes(thread: Thread, values: Int32Array, index: number, combine?: GaugeCombine) {
  return thread.run(
    ({ runtime }, values, index, combine) => {
      runtime.getRecorder("a").observableGauge("g", { help: "", combine }, (observe) => {
        const value = Atomics.load(values, index);
        if (value !== 0) observe(value);
      });
    },
    values,
    index,
    combine,
  );
}

test("each thread is asked, and what it says is from after the snapshot began", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const now = sharedInts(1);
  const options = { help: "", labels: ["thread"] } as const;
  recorder.observableGauge("now", options, (observe) => observe(now[0] ?? 0, { thread: "main" }));
  for (const [index, thread] of (await startThreads(3, runtime)).entries()) {
    await thread.run(
      ({ runtime }, now, thread) => {
        const recorder = runtime.getRecorder("a");
        recorder.observableGauge("now", { help: "", labels: ["thread"] }, (observe) =>
          observe(Atomics.load(now, 0), { thread }),
        );
      },
      now,
      `${index}`,
    );
  }
  for (let n = 1; n <= 200; n++) {
    Atomics.store(now, 0, n);
    expect(rowsOf(recorder, "now", "value").sort()).toEqual([
      ["0", n],
      ["1", n],
      ["2", n],
      ["main", n],
    ]);
  }
  expect(recorder.getStats().observationsFailed).toBe(0);
});

test("a thread without observable gauges of its own asks the others too", async () => {
  const runtime = startedRuntime();
  runtime.createRecorder("a").observableGauge("g", HELP, () => 5);
  const thread = await startThread(runtime);
  const seen = await thread.run(
    ({ runtime }) => runtime.getRecorder("a").getMetricSnapshots().g?.dimensions.value,
  );
  expect(seen).toBe(5);
});

test.each([
  ["sum", 16],
  ["min", 2],
  ["max", 9],
] as const)("combined by %s: of the threads that observe, and live", async (combine, together) => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const values = sharedInts(3);
  values.set([5, 2, 9]);
  recorder.observableGauge("g", { help: "", combine }, (observe) => observe(values[0] ?? 0));
  const threads = await startThreads(2, runtime);
  for (const [index, thread] of threads.entries()) {
    await observes(thread, values, index + 1, combine);
  }
  const value = () => dimensionsOf(recorder, "g").value;
  expect(value()).toBe(together);
  Atomics.store(values, 1, 0);
  Atomics.store(values, 2, 0);
  expect(value()).toBe(5);
  values.set([5, 2, 9]);
  expect(value()).toBe(together);
  for (const { worker } of threads) await worker.terminate();
  expect(value()).toBe(5);
});

test("combined by last: of the thread that observed last, also when that has ended", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const values = sharedInts(3);
  recorder.observableGauge("g", HELP, (observe) => {
    if (values[0] !== 0) observe(values[0] ?? 0);
  });
  const [one, other] = await startThreads(2, runtime);
  if (one === undefined || other === undefined) throw new Error("no threads");
  await observes(one, values, 1);
  await observes(other, values, 2);
  const value = () => dimensionsOf(recorder, "g").value;
  const seen: unknown[] = [];
  for (const say of [
    [0, 0, 0],
    [0, 7, 0],
    [8, 0, 0],
    [0, 0, 9],
  ]) {
    values.set(say);
    seen.push(value());
  }
  expect(seen).toEqual([null, 7, 8, 9]);
  for (const { worker } of [one, other]) await worker.terminate();
  expect(value()).toBe(9);
  Atomics.store(values, 0, 10);
  expect(value()).toBe(10);
});

test("a callback that fails is counted where every thread can see it, and others are not left out", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.observableGauge("g", { help: "", combine: "sum" }, () => 1);
  const thread = await startThread(runtime);
  await thread.run(({ runtime }) => {
    runtime.getRecorder("a").observableGauge("g", { help: "", combine: "sum" }, () => {
      throw new Error("no");
    });
  });
  expect(dimensionsOf(recorder, "g").value).toBe(1);
  expect(recorder.getStats().observationsFailed).toBe(1);
});

test("a callback is a thread's own: another function is no conflict elsewhere, another definition is", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.observableGauge("g", HELP, () => 1);
  const thread = await startThread(runtime);
  const refused = await thread.run(({ runtime, thrownBy }) => {
    const recorder = runtime.getRecorder("a");
    const refused = [
      thrownBy(() => recorder.gauge("g", { help: "" })),
      thrownBy(() => recorder.observableGauge("g", { help: "", unit: "s" }, () => 2)),
      thrownBy(() => recorder.observableGauge("g", { help: "" }, () => 2)),
    ];
    return refused.map((error) => error?.code);
  });
  expect(refused).toEqual(["ERR_INVALID_ARG_VALUE", "ERR_INVALID_ARG_VALUE", undefined]);
});

describe("after its recorder has stopped", () => {
  test("no thread is asked, and what each had observed stays", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const values = sharedInts(1);
    values[0] = 3;
    const thread = await startThread(runtime);
    await observes(thread, values, 0);
    const value = () => dimensionsOf(recorder, "g").value;
    expect(value()).toBe(3);
    values[0] = 4;
    recorder.stop().wait();
    expect(value()).toBe(3);
    recorder.start().wait();
    expect(value()).toBe(4);
    values[0] = 5;
    runtime.stopAndRemoveRecorder("a");
    expect(value()).toBe(4);
    runtime.shutdown();
    expect(value()).toBe(4);
    expect(recorder.getStats().observationsFailed).toBe(0);
  });

  test("a removal on one thread lets go of the callbacks of the others", async () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    collectGarbage(); // threads that start later can do it too
    const thread = await startThread(runtime);
    await thread.run(({ runtime, log }) => {
      const callback = () => 1;
      log.push(new WeakRef(callback));
      runtime.getRecorder("a").observableGauge("g", { help: "" }, callback);
    });
    const isThere = () =>
      thread.run(async ({ log }) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        globalThis.gc?.();
        return (log[0] as WeakRef<() => number>).deref() !== undefined;
      });
    expect([await isThere(), await isThere()]).toEqual([true, true]);
    runtime.stopAndRemoveRecorder("a");
    let there = true;
    for (let look = 0; there && look < 100; look++) there = await isThere();
    expect(there).toBe(false);
  });
});
