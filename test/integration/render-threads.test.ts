/** Expositions while threads write, end and are asked. */
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { linesOf, renderedSamples, textOf } from "../support/expositions.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { startThread, startThreads } from "../support/workers.js";

const HELP = { help: "" };

test("what four threads add up is never less than before, and exact in the end", async () => {
  const ADDS = 200_000;
  const runtime = startedRuntime();
  runtime.createRecorder("a").counter("adds", { help: "", labels: ["thread"] });
  const threads = await startThreads(4, runtime);
  const done = Promise.all(
    threads.map((thread, index) =>
      thread.run(
        ({ runtime }, thread, ADDS) => {
          const recorder = runtime.getRecorder("a");
          const labels = { help: "", labels: ["thread"] } as const;
          const adds = recorder.counter("adds", labels).labels({ thread });
          const all = recorder.counter("all", { help: "" });
          for (let n = 0; n < ADDS; n++) {
            adds.add();
            all.add();
          }
        },
        `${index}`,
        ADDS,
      ),
    ),
  );
  let ended = false;
  void done.then(() => {
    ended = true;
  });
  let before = 0;
  let renders = 0;
  while (!ended) {
    const all = (await renderedSamples(runtime))['test_all_total{recorder="a"}'] ?? 0;
    expect(all).toBeGreaterThanOrEqual(before);
    before = all;
    renders++;
  }
  expect(renders).toBeGreaterThan(2);
  await done;
  expect(await renderedSamples(runtime)).toEqual({
    ...Object.fromEntries(
      [0, 1, 2, 3].map((n) => [`test_adds_total{recorder="a",thread="${n}"}`, ADDS]),
    ),
    'test_all_total{recorder="a"}': 4 * ADDS,
  });
});

test("a thread that ends while it is rendered leaves what it had added", async () => {
  const SERIES = 20_000;
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.counter("adds", { help: "", labels: ["n"], maxSeries: SERIES });
  for (let round = 1; round <= 5; round++) {
    const thread = await startThread(runtime);
    await thread.run(({ runtime }, SERIES) => {
      const options = { help: "", labels: ["n"], maxSeries: SERIES } as const;
      const adds = runtime.getRecorder("a").counter("adds", options);
      for (let n = 0; n < SERIES; n++) adds.add(1, { n: `${n}` });
    }, SERIES);
    const renders = Array.from({ length: 3 }, () => renderedSamples(recorder));
    await thread.worker.terminate();
    for (const samples of [...(await Promise.all(renders)), await renderedSamples(recorder)]) {
      expect(Object.values(samples)).toHaveLength(SERIES);
      expect(new Set(Object.values(samples))).toEqual(new Set([round]));
    }
  }
});

test("any attached thread may render, and gets the same", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.counter("hits", HELP).add(2);
  const thread = await startThread(runtime);
  const texts = await thread.run(async ({ runtime }) => {
    const bytes = [runtime.renderSync("prometheus"), await runtime.render("prometheus")];
    const recorders = [runtime.getRecorder("a").renderSync("prometheus")];
    return [...bytes, ...recorders].map((each) => new TextDecoder().decode(each));
  });
  for (const text of texts)
    expect(linesOf(text, "test_hits")).toEqual(['test_hits_total{recorder="a"} 2']);
});

describe("observable gauges", () => {
  test("of this thread and of others are asked, each time", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    let calls = 0;
    const options = { help: "", labels: ["thread"] } as const;
    recorder.observableGauge("now", options, (observe) => observe(++calls, { thread: "main" }));
    const thread = await startThread(runtime);
    await thread.run(({ runtime }) => {
      let asked = 0;
      const options = { help: "", labels: ["thread"] } as const;
      runtime.getRecorder("a").observableGauge("now", options, (observe) => {
        observe(++asked, { thread: "other" });
      });
    });
    for (let n = 1; n <= 20; n++) {
      const source = n % 2 === 0 ? runtime : recorder;
      expect(await renderedSamples(source)).toEqual({
        'test_now{recorder="a",thread="main"}': n,
        'test_now{recorder="a",thread="other"}': n,
      });
    }
    expect(recorder.getStats().observationsFailed).toBe(0);
  });

  test("of a thread that does not come are left out, and counted", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.observableGauge("now", HELP, () => 1);
    const thread = await startThread(runtime);
    await thread.run(({ runtime }) => {
      runtime.getRecorder("a").observableGauge("now", { help: "" }, () => 100);
    });
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const blocked = thread.run((_, gate) => {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      return Atomics.wait(gate, 0, 1);
    }, gate);
    Atomics.wait(gate, 0, 0);
    const text = await textOf(runtime);
    Atomics.store(gate, 0, 2);
    Atomics.notify(gate, 0);
    await blocked;
    expect(linesOf(text, "test_now")).toEqual(['test_now{recorder="a"} 1']);
    expect(recorder.getStats().observationsFailed).toBe(1);
  });

  test("may render themselves, without waiting for it", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    let inner: Promise<unknown> | undefined;
    recorder.observableGauge("now", HELP, () => {
      inner ??= renderedSamples(runtime);
      return 1;
    });
    expect(await renderedSamples(runtime)).toEqual({ 'test_now{recorder="a"}': 1 });
    await inner;
  });
});

describe("ends", () => {
  test.each(["main", "worker"])("%s: what is awaited keeps the program alive", async (where) => {
    const { code, stdout, stderr } = await runFixture("rendering/program.mjs", [where, "await"], {
      deadlineMs: 20_000,
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "true true\n", stderr: "" });
  });

  test.each([
    ["main", "exit", 3],
    ["main", "throw", 1],
    ["worker", "exit", 0],
    ["worker", "terminate", 0],
  ] as const)("%s: %s while it is rendered", async (where, end, code) => {
    const result = await runFixture("rendering/program.mjs", [where, end], { deadlineMs: 20_000 });
    expect(result).toMatchObject({ code, signal: null });
    if (end !== "throw") expect(result.stderr).toBe("");
  });

  test.each(["main", "worker"])(
    "%s: a shutdown meanwhile rejects what is not there yet",
    async (where) => {
      const { code, stdout, stderr } = await runFixture(
        "rendering/program.mjs",
        [where, "shutdown"],
        { deadlineMs: 20_000 },
      );
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: "MetricsRuntimeInvalidStateError\n",
        stderr: "",
      });
    },
  );

  test("a runtime that does not run renders nothing", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    runtime.shutdown();
    const closed = { name: "MetricsRuntimeInvalidStateError" };
    const ofRecorder = { name: "MetricsRecorderUnexpectedError", cause: closed };
    for (const [source, expected] of [
      [runtime, closed],
      [recorder, ofRecorder],
    ] as const) {
      await expect(source.render("json")).rejects.toMatchObject(expected);
      expect(thrownBy(() => source.renderSync("json"))).toMatchObject(expected);
    }
  });
});

test("events and commands go on while much is rendered", async () => {
  const SERIES = 90_000;
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const took = recorder.histogram("took", {
    help: "",
    labels: ["n"],
    maxSeries: SERIES,
    buckets: [1, 2, 3, 4, 5],
  });
  for (let n = 0; n < SERIES; n++) took.record(n % 7, { n: `${n}` });
  let rendered = false;
  const render = runtime.render("prometheus").then((bytes) => {
    rendered = true;
    return bytes;
  });
  let created = 0;
  while (!rendered) {
    runtime.createRecorder(`b${created}`);
    runtime.stopAndRemoveRecorder(`b${created}`);
    created++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(created).toBeGreaterThan(3);
  const text = Buffer.from(await render).toString();
  expect(linesOf(text, "test_took_count")).toHaveLength(SERIES);
});
