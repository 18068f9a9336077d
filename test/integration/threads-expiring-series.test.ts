/** Series that end when they are idle, of several threads: each frees its own, the last ends them. */
import type { GaugeCombine } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";
import { sharedInts, startThread, startThreads } from "../support/workers.js";

const EXPIRE_MS = 25;
/** However loaded the machine is. */
const DEADLINE_MS = 15_000;
/** As precise as a clock is. */
const CLOCK_MS = 2;

function expiring(expireAfterMs = EXPIRE_MS, maxSeries = 2_000) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const options = { help: "", labels: ["a"], expireAfterMs, maxSeries } as const;
  const counter = recorder.counter("n", options);
  return { runtime, recorder, counter, options, rows: () => rowsOf(recorder, "n", "value") };
}

async function comesTo(rows: () => unknown[], expected: readonly unknown[]): Promise<void> {
  const reached = () => JSON.stringify(rows()) === JSON.stringify(expected);
  await waitUntil(reached, rows, DEADLINE_MS);
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("a series of two threads", () => {
  test("lasts as long as one of them writes to it, with what the other one had added", async () => {
    const { runtime, counter, options, rows } = expiring();
    const thread = await startThread(runtime);
    const stop = sharedInts(1);
    const adds = thread.run(
      async ({ runtime }, options, stop) => {
        const counter = runtime.getRecorder("a").counter("n", options);
        let adds = 0;
        // Between two turns of the timer of this thread there is always one of these.
        while (Atomics.load(stop, 0) === 0) {
          if (counter.add(1, { a: "both" })) adds++;
          await new Promise((resolve) => setImmediate(resolve));
        }
        // Nothing ends before the next turn of the loop.
        const { n } = runtime.getRecorder("a").getMetricSnapshots();
        return { adds, rows: n?.dimensions.value };
      },
      options,
      stop,
    );
    await waitUntil(() => rows().length === 1, rows, DEADLINE_MS);
    for (let time = 0; time < 4; time++) {
      counter.add(500, { a: "both" });
      counter.add(1, { a: "mine" });
      await waitUntil(() => rows().length === 1, rows, DEADLINE_MS); // with it, the other's slots go
    }
    Atomics.store(stop, 0, 1);
    const end = await adds;
    expect(end.rows).toEqual([{ labels: { a: "both" }, value: 2_000 + end.adds }]);
    await comesTo(rows, []);
    counter.add(3, { a: "both" });
    expect(rows()).toEqual([["both", 3]]);
  });

  test.each([
    ["last", 9],
    ["sum", 14],
    ["min", 5],
    ["max", 9],
  ] as const)("that is a gauge: %s, and stays %i while one of them idles", async (...row) => {
    const [combine, together] = row;
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const options = { help: "", labels: ["a"], combine, expireAfterMs: EXPIRE_MS } as const;
    const gauge = recorder.gauge("g", options);
    const thread = await startThread(runtime);
    await thread.run(
      ({ runtime }, options) => {
        runtime.getRecorder("a").gauge("g", options).labels({ a: "x" }).set(5);
      },
      options as typeof options & { combine: GaugeCombine },
    );
    gauge.set(9, { a: "x" });
    gauge.set(1, { a: "clock" });
    const rows = () => rowsOf(recorder, "g", "value");
    expect(rows()).toEqual([
      ["x", together],
      ["clock", 1],
    ]);
    await comesTo(rows, [["x", together]]);
    gauge.set(20, { a: "x" });
    expect(rows()).toEqual([["x", { last: 20, sum: 25, min: 5, max: 20 }[combine]]]);
  });

  test("that labels() has given on one of them does not end by the other", async () => {
    const { runtime, counter, options, rows } = expiring();
    const kept = counter.labels({ a: "x" });
    const thread = await startThread(runtime);
    const write = () =>
      thread.run(({ runtime }, options) => {
        const counter = runtime.getRecorder("a").counter("n", options);
        counter.add(1, { a: "x" });
        counter.add(1, { a: "clock" });
      }, options);
    for (let time = 1; time <= 3; time++) {
      await write();
      await comesTo(rows, [["x", time]]);
    }
    kept.add(10);
    expect(rows()).toEqual([["x", 13]]);
  });
});

describe("when the threads of a series have ended", () => {
  test.each(["by themselves", "terminated"])("%s: it ends expireAfterMs later", async (how) => {
    const expireAfterMs = 400;
    const { runtime, counter, options, rows } = expiring(expireAfterMs);
    const threads = await startThreads(2, runtime);
    const kept = counter.labels({ a: "kept" });
    for (const thread of threads) {
      await thread.run(({ runtime }, options) => {
        const counter = runtime.getRecorder("a").counter("n", options);
        counter.labels({ a: "x" }).add(1); // so that the thread itself does not end it
        counter.labels({ a: "kept" }).add(1);
      }, options);
    }
    const before = performance.now();
    for (const thread of threads) {
      await (how === "terminated" ? thread.worker.terminate() : thread.end());
    }
    const isThere = () => rows().some(([a, value]) => a === "x" && value === 2);
    expect(isThere() || performance.now() - before > expireAfterMs).toBe(true);
    await waitUntil(() => !isThere(), rows, DEADLINE_MS);
    expect(performance.now() - before).toBeGreaterThan(expireAfterMs - CLOCK_MS);
    kept.add(1);
    expect(rows()).toEqual([["kept", 3]]);
  });

  test("it gives its room to the first who needs it, without a snapshot in between", async () => {
    const { runtime, recorder, counter, options, rows } = expiring(EXPIRE_MS, 1);
    const thread = await startThread(runtime);
    await thread.run(({ runtime }, options) => {
      runtime.getRecorder("a").counter("n", options).labels({ a: "theirs" }).add(1);
    }, options);
    counter.add(1, { a: "mine" });
    expect(recorder.getStats().seriesOverflowed).toBe(1);
    await thread.worker.terminate();
    await delay(2 * EXPIRE_MS);
    counter.add(1, { a: "mine" });
    expect(recorder.getStats().seriesOverflowed).toBe(1);
    expect(rows()).toEqual([
      ["mine", 1],
      ["true", 1],
    ]);
  });
});

test("threads that write ever new values, with snapshots meanwhile: what is busy is exact", async () => {
  const THREADS = 3;
  const TURNS = 400;
  const { runtime, recorder, counter, options, rows } = expiring(10, 2 ** 16);
  counter.labels({ a: "all" }).add(0);
  const threads = await startThreads(THREADS + 1, runtime);
  const reader = threads.pop();
  const stop = sharedInts(1);
  const read = reader?.run(async ({ runtime }, stop) => {
    const recorder = runtime.getRecorder("a");
    const wrong: unknown[] = [];
    let before = 0;
    let readings = 0;
    while (Atomics.load(stop, 0) === 0) {
      const rows = recorder.getMetricSnapshots().n?.dimensions.value as {
        labels: { a: string };
        value: number;
      }[];
      const all = rows[0]?.value ?? Number.NaN;
      if (rows[0]?.labels.a !== "all" || !(all >= before)) wrong.push([before, rows[0]]);
      if (new Set(rows.map(({ labels }) => labels.a)).size !== rows.length) wrong.push("twice");
      // What is new is written once; what is busy grows; nothing is of another series.
      for (const { labels, value } of rows) {
        if (labels.a.startsWith("once") && value !== 0 && value !== 0.5) {
          wrong.push([labels, value]);
        }
      }
      before = all;
      readings++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { wrong: wrong.slice(0, 5), readings };
  }, stop);
  const work = threads.map((thread, index) =>
    thread.run(
      async ({ runtime }, options, index, turns) => {
        const recorder = runtime.getRecorder("a");
        const counter = recorder.counter("n", options);
        const own = `busy ${index}`;
        let ownSum = 0;
        let allSum = 0;
        for (let turn = 0; turn < turns; turn++) {
          for (let n = 0; n < 20; n++) counter.add(0.5, { a: `once ${index}.${turn}.${n}` });
          counter.add(turn, { a: own });
          ownSum += turn;
          counter.add(2, { a: "all" });
          allSum += 2;
          await new Promise((resolve) => setTimeout(resolve, 0));
          // A write in each turn of the loop: its timer cannot come twice in between.
          counter.add(1, { a: own });
          ownSum += 1;
        }
        const rows = recorder.getMetricSnapshots().n?.dimensions.value as {
          labels: { a: string };
          value: number;
        }[];
        const value = rows.find(({ labels }) => labels.a === own)?.value;
        return { value, ownSum, allSum, rows: rows.length };
      },
      options,
      index,
      TURNS,
    ),
  );
  let sum = 0;
  for (const done of await Promise.all(work)) {
    expect(done.value).toBe(done.ownSum);
    expect(done.rows, "some had ended").toBeLessThan(THREADS * TURNS * 20);
    sum += done.allSum;
  }
  Atomics.store(stop, 0, 1);
  const { wrong, readings } = (await read) ?? { wrong: ["no reader"], readings: 0 };
  expect(wrong).toEqual([]);
  expect(readings).toBeGreaterThan(2);
  await comesTo(rows, [["all", sum]]);
  expect(recorder.getStats()).toMatchObject({ seriesOverflowed: 0, invalid: 0 });
});

test("threads that are terminated in their sweeps leave what they had added, and no series", async () => {
  const ROUNDS = 12;
  const { runtime, recorder, counter, options, rows } = expiring(5, 2 ** 16);
  counter.labels({ a: "all" }).add(0);
  const exponential = { help: "", labels: ["a"], exponential: true, expireAfterMs: 5 } as const;
  const histogram = recorder.histogram("h", exponential);
  histogram.labels({ a: "all" }).record(1);
  for (let round = 0; round < ROUNDS; round++) {
    const thread = await startThread(runtime);
    await thread.run(
      ({ runtime }, options, exponential) => {
        const recorder = runtime.getRecorder("a");
        const counter = recorder.counter("n", options);
        const histogram = recorder.histogram("h", exponential);
        counter.add(3, { a: "all" });
        histogram.record(100, { a: "all" });
        let n = 0;
        const churn = () => {
          for (let times = 0; times < 300; times++, n++) {
            counter.add(1, { a: `${n}` });
            if (n % 10 === 0) histogram.record(n, { a: `${n % 1_000}` });
          }
          setImmediate(churn);
        };
        setImmediate(churn);
      },
      options,
      exponential,
    );
    await delay(20 + 7 * round);
    await thread.worker.terminate();
  }
  await comesTo(rows, [["all", 3 * ROUNDS]]);
  const ofHistogram = () => rowsOf(recorder, "h", "value").map((row) => row[0]);
  await comesTo(ofHistogram, ["all"]);
  const [[, value] = []] = rowsOf(recorder, "h", "value");
  expect(value).toMatchObject({ count: ROUNDS + 1, sum: 100 * ROUNDS + 1, min: 1, max: 100 });
});

test("a worker ends by itself although its series would expire", async () => {
  const { runtime, options, rows } = expiring(3_600_000);
  const thread = await startThread(runtime);
  await thread.run(({ runtime }, options) => {
    runtime.getRecorder("a").counter("n", options).add(1, { a: "x" });
  }, options);
  expect(await thread.end()).toBe(0);
  expect(rows()).toEqual([["x", 1]]);
});

test("stops, restarts and the removal by another thread meanwhile harm nobody", async () => {
  const { runtime, recorder, counter, options, rows } = expiring(5, 2 ** 16);
  const all = counter.labels({ a: "all" });
  const [thread] = await startThreads(1, runtime);
  const gone = sharedInts(1);
  // Before the first stop, in which there are no new instruments.
  await thread?.run(({ runtime }, options) => {
    runtime.getRecorder("a").counter("n", options);
  }, options);
  const adds = thread?.run(
    async ({ runtime }, options, gone) => {
      const counter = runtime.getRecorder("a").counter("n", options);
      let adds = 0;
      for (let n = 0; Atomics.load(gone, 0) === 0; n++) {
        for (let times = 0; times < 100; times++) counter.add(1, { a: `${n}.${times}` });
        if (counter.add(1, { a: "all" })) adds++;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return adds;
    },
    options,
    gone,
  );
  for (let time = 0; time < 15; time++) {
    await delay(10);
    recorder.stop().wait();
    expect(all.add(1_000_000)).toBe(false);
    recorder.start().wait();
  }
  await waitUntil(() => Number(rows()[0]?.[1]) > 0, rows, DEADLINE_MS);
  const before = Number(rows()[0]?.[1]);
  runtime.stopAndRemoveRecorder("a");
  Atomics.store(gone, 0, 1);
  expect(await adds).toBeGreaterThanOrEqual(before);
  expect(counter.add(1, { a: "all" })).toBe(false);
});
