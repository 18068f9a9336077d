/** Series that end when they are idle, on one thread. */
import type { InstrumentOptions, MetricsRecorder } from "metrics-runtime";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runFixture } from "../support/child-process.js";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const EXPIRE_MS = 25;
/** As precise as a timer is. */
const TIMER_MS = 2;
/** However loaded the machine is. */
const DEADLINE_MS = 15_000;

type Options = Partial<InstrumentOptions<"a">>;

function expiring(options: Options = {}) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const counter = recorder.counter("n", {
    help: "",
    labels: ["a"],
    expireAfterMs: EXPIRE_MS,
    ...options,
  });
  return { runtime, recorder, counter, rows: () => rowsOf(recorder, "n", "value") };
}

async function comesTo(rows: () => unknown[], expected: readonly unknown[]): Promise<void> {
  const reached = () => JSON.stringify(rows()) === JSON.stringify(expected);
  await waitUntil(reached, rows, DEADLINE_MS);
}

let clocks = 0;

/** Until a series of the same recorder, begun now, has ended `times` times. */
async function lifetimes(recorder: MetricsRecorder, times = 3): Promise<void> {
  const name = `clock_${clocks++}`;
  const clock = recorder.counter(name, { help: "", labels: ["a"], expireAfterMs: EXPIRE_MS });
  for (let n = 0; n < times; n++) {
    clock.add(1, { a: "tick" });
    await comesTo(() => rowsOf(recorder, name, "value"), []);
  }
}

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a series", () => {
  test("that nobody writes to ends, after expireAfterMs and not before; others stay", async () => {
    const expireAfterMs = 150;
    const { counter, rows } = expiring({ expireAfterMs });
    counter.add(1, { a: "first" });
    counter.add(5, { a: "left" });
    const written = performance.now();
    let adds = 1;
    while (rows().length === 2) {
      counter.add(1, { a: "first" });
      adds++;
      expect(performance.now() - written).toBeLessThan(DEADLINE_MS);
      await turnOfTheLoop();
    }
    expect(performance.now() - written).toBeGreaterThan(expireAfterMs - TIMER_MS);
    expect(rows()).toEqual([["first", adds]]);
  });

  test("that is written to now and then goes on, and loses nothing", async () => {
    const { recorder, counter, rows } = expiring();
    let adds = 0;
    let ends = 0;
    const clock = recorder.counter("c", { help: "", labels: ["a"], expireAfterMs: EXPIRE_MS });
    while (ends < 5) {
      // Between two turns of its clock there is always one of these.
      counter.add(0.5, { a: "busy" });
      adds++;
      if (rowsOf(recorder, "c", "value").length === 0) {
        clock.add(1, { a: `${++ends}` });
      }
      await turnOfTheLoop();
    }
    expect(rows()).toEqual([["busy", adds / 2]]);
  });

  test("does not end without expireAfterMs, which is the default", async () => {
    const { recorder, counter, rows } = expiring({ expireAfterMs: undefined });
    counter.add(1, { a: "x" });
    await lifetimes(recorder);
    expect(rows()).toEqual([["x", 1]]);
  });

  test("without labels does not end", async () => {
    const { recorder } = expiring();
    recorder.counter("plain", { help: "", expireAfterMs: EXPIRE_MS }).add(3);
    await lifetimes(recorder);
    expect(recorder.getMetricSnapshots().plain?.dimensions.value).toBe(3);
  });

  test("that labels() has given does not end, also when it is written with literal labels", async () => {
    const { recorder, counter, rows } = expiring();
    const kept = counter.labels({ a: "kept" });
    counter.add(2, { a: "late" });
    const late = counter.labels({ a: "late" });
    counter.add(1, { a: "left" });
    await lifetimes(recorder);
    expect(rows()).toEqual([
      ["kept", 0],
      ["late", 2],
    ]);
    kept.add(1);
    late.add(1);
    counter.add(10, { a: "kept" });
    expect(rows()).toEqual([
      ["kept", 11],
      ["late", 3],
    ]);
    expect(counter.labels({ a: "kept" })).toBe(kept);
  });

  test("may be of any time that a timer can take", () => {
    const { counter, rows } = expiring({ expireAfterMs: 2 ** 31 - 1 });
    counter.add(1, { a: "x" });
    expect(rows()).toEqual([["x", 1]]);
  });

  test("expires by its definition: with another time it is another instrument", () => {
    const { recorder, counter } = expiring();
    const options = { help: "", labels: ["a"] } as const;
    expect(recorder.counter("n", { ...options, expireAfterMs: EXPIRE_MS })).toBe(counter);
    for (const expireAfterMs of [undefined, EXPIRE_MS + 1]) {
      const error = thrownBy(() => recorder.counter("n", { ...options, expireAfterMs }));
      expect(error).toMatchObject(INVALID_ARG_VALUE);
    }
  });
});

describe("the overflow", () => {
  test("stays, and takes no more once ended series have given back their room", async () => {
    const { recorder, counter, rows } = expiring({ maxSeries: 2 });
    for (const a of ["1", "2", "3", "4"]) expect(counter.add(1, { a })).toBe(true);
    expect(recorder.getStats().seriesOverflowed).toBe(2);
    await comesTo(rows, [["true", 2]]);
    for (const a of ["3", "4", "5"]) counter.add(10, { a });
    expect(rows()).toEqual([
      ["3", 10],
      ["4", 10],
      ["true", 12],
    ]);
    expect(recorder.getStats().seriesOverflowed).toBe(3);
    await comesTo(rows, [["true", 12]]);
    await lifetimes(recorder);
    expect(rows()).toEqual([["true", 12]]);
  });

  test("that labels() gave is the overflow's for good", async () => {
    const { recorder, counter, rows } = expiring({ maxSeries: 1 });
    counter.add(1, { a: "1" });
    const late = counter.labels({ a: "2" });
    await comesTo(rows, [["true", 0]]);
    await lifetimes(recorder);
    late.add(3);
    counter.add(1, { a: "2" });
    expect(rows()).toEqual([
      ["2", 1],
      ["true", 3],
    ]);
  });
});

describe("nothing ends", () => {
  test("while the recorder is stopped; afterwards it goes on", async () => {
    const { runtime, recorder, counter, rows } = expiring();
    const clock = runtime.createRecorder("clock");
    counter.add(1, { a: "x" });
    recorder.stop().wait();
    await lifetimes(clock, 4);
    expect(rows()).toEqual([["x", 1]]);
    recorder.start().wait();
    counter.add(1, { a: "x" });
    counter.add(1, { a: "y" });
    expect(rows()).toEqual([
      ["x", 2],
      ["y", 1],
    ]);
    await comesTo(rows, []);
  });

  test("because of writes that are refused, nor does it begin", async () => {
    const { runtime, recorder, counter, rows } = expiring();
    counter.add(1, { a: "x" });
    await comesTo(rows, []);
    expect(counter.add(Number.NaN, { a: "x" })).toBe(false);
    expect(counter.add(1, { a: "\ud800" })).toBe(false);
    recorder.stop().wait();
    expect(counter.add(1, { a: "x" })).toBe(false);
    expect(rows()).toEqual([]);
    runtime.shutdown();
    expect(counter.add(1, { a: "x" })).toBe(false);
    expect(rows()).toEqual([]);
  });
});

describe("sweeps of many series", () => {
  const MANY = 20_000; // some slices of a sweep

  test("end all that are idle, and free what others take", async () => {
    const { counter, rows } = expiring({ maxSeries: 2 ** 16 });
    for (let time = 0; time < 3; time++) {
      for (let n = 0; n < MANY; n++) counter.add(n, { a: `${time}.${n}` });
      expect(rows()).toHaveLength(MANY);
      await comesTo(rows, []);
    }
  });

  test("keep what is written between their slices", async () => {
    const { counter, rows } = expiring({ maxSeries: 2 ** 16 });
    for (let n = 0; n < MANY; n++) counter.add(1, { a: `${n}` });
    let turns = 0;
    const busy = ["7", "8000", "19999"];
    while (turns % 100 !== 0 || rows().length > busy.length) {
      for (const a of busy) counter.add(1, { a });
      expect(++turns).toBeLessThan(1_000_000);
      await turnOfTheLoop();
    }
    expect(rows()).toEqual(busy.map((a) => [a, 1 + turns]));
  });
});

describe("the timer", () => {
  /** How many timers of that time run. */
  function timersOf(ms: number): () => number {
    const running = new Set<unknown>();
    const { setInterval, clearInterval } = globalThis;
    vi.stubGlobal("setInterval", (call: () => void, every: number) => {
      const timer = setInterval(call, every);
      if (every === ms) running.add(timer);
      return timer;
    });
    vi.stubGlobal("clearInterval", (timer: NodeJS.Timeout) => {
      running.delete(timer);
      clearInterval(timer);
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    return () => running.size;
  }

  test("runs once for an instrument while it has series, and again when they come back", async () => {
    const running = timersOf(EXPIRE_MS);
    const { counter, rows } = expiring();
    expect(running()).toBe(0);
    for (let time = 0; time < 3; time++) {
      counter.add(1, { a: "x" });
      counter.add(1, { a: "y" });
      expect(running()).toBe(1);
      await comesTo(rows, []);
      await waitUntil(() => running() === 0, running, DEADLINE_MS);
    }
  });

  test.each([
    [
      "of a removed recorder",
      (runtime: ReturnType<typeof startedRuntime>) => {
        runtime.stopAndRemoveRecorder("a");
      },
    ],
    [
      "of a runtime that is shut down",
      (runtime: ReturnType<typeof startedRuntime>) => {
        runtime.shutdown();
      },
    ],
  ])("%s ends", async (_, end) => {
    const running = timersOf(EXPIRE_MS);
    const { runtime, counter } = expiring();
    counter.add(1, { a: "x" });
    counter.labels({ a: "kept" });
    expect(running()).toBe(1);
    end(runtime);
    await waitUntil(() => running() === 0, running, DEADLINE_MS);
    expect(counter.add(1, { a: "later" })).toBe(false);
    expect(running()).toBe(0);
  });

  test("does not run for what does not expire", () => {
    const running = timersOf(EXPIRE_MS);
    const { recorder, counter } = expiring({ expireAfterMs: undefined });
    counter.add(1, { a: "x" });
    recorder.counter("plain", { help: "", expireAfterMs: EXPIRE_MS }).add(1);
    expect(running()).toBe(0);
  });
});

describe("a program", () => {
  test.each(["main", "worker"])("ends although series would expire: %s", async (where) => {
    const result = await runFixture("expiring-at-exit.mjs", [where], { deadlineMs: 15_000 });
    expect(result).toEqual({ code: 0, signal: null, stdout: "end\n", stderr: "" });
  });

  test("that writes ever new label values stays as large as it is", async () => {
    const { code, stdout, stderr } = await runFixture("expiring-churn.mjs", [], {
      // A young generation that cannot grow: newer engines let theirs take 100 MB, and keep it.
      nodeArguments: ["--expose-gc", "--max-semi-space-size=1"],
      deadlineMs: 60_000,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { values, rssBy, heapBy, slotsBy, most, overflowed } = JSON.parse(stdout);
    expect(values).toBeGreaterThan(60_000);
    expect(overflowed).toBe(0);
    expect(most, "series at once").toBeLessThan(values / 10);
    expect(heapBy).toBeLessThan(4e6);
    expect(slotsBy).toBeLessThan(1e6);
    // Kept on the native side, they would be 200 MB; what the engine keeps for itself differs.
    expect(rssBy).toBeLessThan(48e6);
  }, 70_000);
});
