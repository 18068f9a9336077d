import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as library from "metrics-runtime";
import { MetricsRuntime, type MetricsRuntimeToken } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { schemaOf, startThread } from "../support/workers.js";

const { worked, emitterOf, event } = schemaOf(library);

describe("attached on the thread that made it, a runtime", () => {
  test("is another handle on the same: other objects, one registry, one thread", () => {
    const runtime = startedRuntime({ namespace: "ours" });
    const attached = MetricsRuntime.attach(runtime.share());
    expect(attached).not.toBe(runtime);
    expect(attached.entityId).toBe("ours");
    expect(attached.getStats().threadId).toBe(runtime.getStats().threadId);
    const recorder = runtime.createRecorder("a");
    expect(attached.getRecorder("a")).not.toBe(recorder);
    expect(attached.getRecorder("a")).toBe(attached.getRecorder("a"));
    attached.createRecorder("b");
    expect(runtime.listRecorderIds()).toEqual(["a", "b"]);
    attached.shutdown();
    expect([runtime.getStatus(), attached.getStatus()]).toEqual(["CLOSED", "CLOSED"]);
  });

  test("records into rings of its own, exactly", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: 4 });
    recorder.registerMetric(worked);
    const recorders = [1, 2, 3].map(() => MetricsRuntime.attach(runtime.share()).getRecorder("a"));
    for (let round = 1; round <= 20; round++) {
      for (const each of [recorder, ...recorders]) {
        for (let n = 0; n < 4; n++) expect(each.registerEvent(event(n))).toBe(true);
      }
      expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 16 * round });
    }
    const all = [recorder, ...recorders].map(emitterOf);
    let accepted = 320;
    for (let n = 0; n < 200_000; n++) if (all[n % 4]?.(n)) accepted++;
    expect(recorder.stop().wait().success).toBe(true);
    expect(recorder.getStats()).toMatchObject({ accepted, dispatched: accepted, pending: 0 });
    for (const each of recorders) expect(dimensionsOf(each, "worked").total).toBe(accepted);
  });
});

test("a runtime has one token, whoever shares it and however often", async () => {
  const runtime = startedRuntime();
  const token = runtime.share();
  expect(MetricsRuntime.attach(token).share()).toEqual(token);
  const thread = await startThread(runtime);
  expect(await thread.run(({ runtime }) => runtime.share())).toEqual(token);
  expect(startedRuntime().share()).not.toEqual(token);
});

describe("a token goes", () => {
  test("through structuredClone and JSON", () => {
    const runtime = startedRuntime();
    const token = runtime.share();
    for (const copy of [structuredClone(token), JSON.parse(JSON.stringify(token))]) {
      expect(MetricsRuntime.attach(copy).getStatus()).toBe("RUNNING");
    }
  });

  test("in workerData, and in a message, within other values too", async () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    const thread = await startThread(runtime); // in its workerData
    const ids = await thread.run(
      ({ lib }, tokens) =>
        [...tokens].map(([, { token }]) => [...lib.MetricsRuntime.attach(token).listRecorderIds()]),
      new Map([1, 2].map((n) => [n, { token: runtime.share() }])),
    );
    expect(ids).toEqual([["a"], ["a"]]);
  });

  test("from one worker to another that it starts", async () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    const thread = await startThread(runtime);
    const again: MetricsRuntimeToken = await thread.run(({ runtime }) => runtime.share());
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const { MetricsRuntime } = require("metrics-runtime");
      parentPort.postMessage(MetricsRuntime.attach(workerData).listRecorderIds());
    `;
    const worker = new Worker(code, { eval: true, workerData: again });
    // Both at once: the two may come in one turn of the loop.
    const [message, exit] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
    expect([message, exit]).toEqual([[["a"]], [0]]);
  });

  test("to another process for nothing: there it stands for no runtime", async () => {
    const runtime = startedRuntime();
    const token = JSON.stringify(runtime.share());
    const result = await runFixture("threads/attach-in-a-process.mjs", [token]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(result.stdout)).toEqual({
      code: "ERR_METRICS_RUNTIME_INVALID_STATE",
      details: { runtimeState: "CLOSED", expectedStates: ["RUNNING"] },
    });
    expect(runtime.getStatus()).toBe("RUNNING");
  });
});
