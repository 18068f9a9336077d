/** Threads that do not come to a snapshot that asks for their observable gauges. */
import type { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";
import { sharedInts, startThread, startThreads, type Thread } from "../support/workers.js";

const LIMIT_MS = 100;
/** What a busy machine may take besides. */
const SLACK_MS = 400;

/** In `flags`: how often the gauge was asked; what it observes; that it is to stay; that it does. */
const [ASKED, VALUE, STAY, STAYS] = [0, 1, 2, 3];

/** A thread with a gauge whose callback stays inside when it is told to. */
async function observer(runtime: MetricsRuntime, name: string) {
  const flags = sharedInts(4);
  const thread = await startThread(runtime);
  await thread.run(
    ({ runtime }, flags, thread) => {
      const recorder = runtime.getRecorder("a");
      const options = { help: "", labels: ["thread"] } as const;
      recorder.observableGauge("g", options, (observe) => {
        Atomics.add(flags, 0, 1);
        if (Atomics.load(flags, 2) === 1) {
          Atomics.store(flags, 3, 1);
          while (Atomics.load(flags, 2) === 1);
        }
        observe(Atomics.load(flags, 1), { thread });
      });
    },
    flags,
    name,
  );
  return { thread, flags };
}

/** The thread does nothing else until `flags[STAY]` is 0 again. */
async function block(thread: Thread, flags: Int32Array) {
  Atomics.store(flags, STAY, 1);
  void thread.run((_, flags) => {
    Atomics.store(flags, 3, 1);
    Atomics.wait(flags, 2, 1, 10_000);
  }, flags);
  await waitUntil(
    () => Atomics.load(flags, STAYS) === 1,
    () => [...flags],
  );
}

async function release(thread: Thread, flags: Int32Array) {
  Atomics.store(flags, STAY, 0);
  Atomics.notify(flags, STAY);
  await thread.run(() => {});
}

function timed<Result>(call: () => Result) {
  const begin = performance.now();
  const result = call();
  return { result, tookMs: performance.now() - begin };
}

describe("a thread that is blocked", () => {
  async function blockedOne() {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const options = { help: "", labels: ["thread"] } as const;
    recorder.observableGauge("g", options, (observe) => observe(1, { thread: "main" }));
    const { thread, flags } = await observer(runtime, "late");
    const rows = () => rowsOf(recorder, "g", "value");
    flags[VALUE] = 2;
    expect(rows()).toEqual([
      ["main", 1],
      ["late", 2],
    ]);
    flags[VALUE] = 3;
    await block(thread, flags);
    return { runtime, recorder, thread, flags, rows };
  }

  test("is left out after 100 ms, with what it had observed before, and counted", async () => {
    const { recorder, thread, flags, rows } = await blockedOne();
    const { result, tookMs } = timed(rows);
    expect(result).toEqual([["main", 1]]);
    expect(tookMs).toBeGreaterThan(LIMIT_MS - 5);
    expect(tookMs).toBeLessThan(LIMIT_MS + SLACK_MS);
    expect(recorder.getStats().observationsFailed).toBe(1);
    await release(thread, flags);
    expect(rows()).toEqual([
      ["main", 1],
      ["late", 3],
    ]);
    expect(recorder.getStats().observationsFailed).toBe(1);
  });

  test("does not run its callbacks for a snapshot that it has missed", async () => {
    const { thread, flags, rows } = await blockedOne();
    const before = flags[ASKED];
    rows();
    await release(thread, flags);
    await thread.run(async () => {
      for (let n = 0; n < 10; n++) await new Promise(setImmediate);
    });
    expect(flags[ASKED]).toBe(before);
  });

  test("is not asked, nor left out, once the recorder has stopped", async () => {
    const { recorder, rows } = await blockedOne();
    recorder.stop().wait();
    const { result, tookMs } = timed(rows);
    expect(result).toEqual([
      ["main", 1],
      ["late", 2],
    ]);
    expect(tookMs).toBeLessThan(LIMIT_MS - 5);
    expect(recorder.getStats().observationsFailed).toBe(0);
  });
});

test("several that are blocked are waited for together", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const blocked = await Promise.all(["a", "b", "c"].map((name) => observer(runtime, name)));
  for (const { thread, flags } of blocked) await block(thread, flags);
  const { tookMs } = timed(() => recorder.getMetricSnapshots());
  expect(tookMs).toBeLessThan(2 * LIMIT_MS);
  expect(recorder.getStats().observationsFailed).toBe(3);
});

test("a callback that does not return holds its own thread's snapshot, and no other", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const { thread, flags } = await observer(runtime, "endless");
  Atomics.store(flags, STAY, 1);
  let returned = false;
  const own = thread
    .run(({ runtime }) => runtime.getRecorder("a").getMetricSnapshots().g?.dimensions.value)
    .finally(() => {
      returned = true;
    });
  await waitUntil(
    () => Atomics.load(flags, STAYS) === 1,
    () => [...flags],
  );
  const { result, tookMs } = timed(() => rowsOf(recorder, "g", "value"));
  expect([result, returned]).toEqual([[], false]);
  expect(tookMs).toBeLessThan(LIMIT_MS + SLACK_MS);
  Atomics.store(flags, VALUE, 6);
  Atomics.store(flags, STAY, 0);
  expect(await own).toEqual([{ labels: { thread: "endless" }, value: 6 }]);
});

test("a snapshot inside a callback waits for nobody, also while a thread is blocked", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const { thread, flags } = await observer(runtime, "late");
  await block(thread, flags);
  const inside: number[] = [];
  recorder.observableGauge("mine", { help: "" }, () => {
    inside.push(timed(() => recorder.getMetricSnapshots()).tookMs);
    return 1;
  });
  recorder.getMetricSnapshots();
  expect(inside).toHaveLength(1);
  expect(inside[0]).toBeLessThan(LIMIT_MS - 5);
  expect(recorder.getStats().observationsFailed).toBe(1);
});

test("two threads that take snapshots all the time do not wait for each other", async () => {
  const EACH = 1_000;
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const gate = sharedInts(1);
  const threads = await startThreads(2, runtime);
  const took = await Promise.all(
    threads.map((thread, index) =>
      thread.run(
        ({ runtime, meet }, index, gate, each) => {
          const recorder = runtime.getRecorder("a");
          const options = { help: "", labels: ["thread"] } as const;
          const thread = `${index}`;
          recorder.observableGauge("g", options, (observe) => observe(index, { thread }));
          recorder.getMetricSnapshots();
          meet(gate, 2);
          const begin = performance.now();
          for (let n = 0; n < each; n++) {
            const value = recorder.getMetricSnapshots().g?.dimensions.value;
            if (!Array.isArray(value) || value.length < 1) throw new Error("nothing observed");
          }
          return performance.now() - begin;
        },
        index,
        gate,
        EACH,
      ),
    ),
  );
  // A hundredth of what it took, were it a wait each time.
  for (const tookMs of took) expect(tookMs).toBeLessThan((EACH * LIMIT_MS) / 50);
  expect(recorder.getStats().observationsFailed).toBeLessThan(EACH / 100);
});
