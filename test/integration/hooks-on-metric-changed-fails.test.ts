import { runInNewContext } from "node:vm";
import { count, defineMetric, type MetricChange, type MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";
import { waitUntil } from "../support/wait-until.js";

const revoked = Proxy.revocable({}, {});
revoked.revoke();

function hooked(onMetricChanged: (changes: readonly MetricChange[]) => unknown) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", {
    hooks: { onMetricChanged: onMetricChanged as () => void },
  });
  recorder.registerMetric(defineMetric("m", { total: count(Numbered) }));
  return { runtime, recorder };
}
const add = (recorder: MetricsRecorder, ...numbers: number[]) => {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
};

describe("an onMetricChanged that throws", () => {
  test.each<[string, unknown]>([
    ["an error", new Error("no")],
    ["null", null],
    ["undefined", undefined],
    ["a revoked proxy", revoked.proxy],
  ])("%s is counted each time, and is told the next batches", (_, thrown) => {
    const told: number[] = [];
    const { recorder } = hooked((changes) => {
      told.push(changes.length);
      throw thrown;
    });
    add(recorder, ...numbersFrom(0, 130));
    recorder.getMetricSnapshots();
    expect(told).toEqual([64, 64, 2]);
    add(recorder, 130);
    recorder.getMetricSnapshots();
    expect(told).toEqual([64, 64, 2, 1]);
    expect(recorder.getStats()).toMatchObject({
      hookFailures: 4,
      pending: 0,
      quarantined: [],
      lastError: undefined,
    });
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(numberOf(recorder, "m", "total")).toBe(131);
    expect(recorder.stop().wait().success).toBe(true);
  });

  test("keeps no custom metric from its events", () => {
    const { recorder } = hooked(() => {
      throw new Error("no");
    });
    const log = new EventLog();
    recorder.registerMetric(log);
    add(recorder, ...numbersFrom(0, 200));
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual(numbersFrom(0, 200));
  });

  test("on a turn of the loop ends nothing else", async () => {
    const { recorder } = hooked(() => {
      throw new Error("no");
    });
    add(recorder, 1);
    await waitUntil(
      () => recorder.getStats().hookFailures === 1,
      () => recorder.getStats(),
    );
    add(recorder, 2);
    expect(numberOf(recorder, "m", "total")).toBe(2);
    expect(recorder.getStats().hookFailures).toBe(2);
  });
});

describe("an onMetricChanged that gives a promise", () => {
  test.each<[string, () => unknown]>([
    [
      "of an async function",
      async () => {
        throw new Error("no");
      },
    ],
    ["that is rejected already", () => Promise.reject(new Error("no"))],
    ["of another realm", runInNewContext("async () => { throw new Error('no'); }")],
  ])("%s, rejected, is counted, and the process goes on", async (_, hook) => {
    const reasons = unhandledRejections();
    const { recorder } = hooked(hook);
    for (const n of [1, 2]) {
      add(recorder, n);
      recorder.getMetricSnapshots();
    }
    await new Promise((resolve) => setImmediate(resolve)); // where a rejection would be noticed
    expect(reasons).toEqual([]);
    expect(recorder.getStats()).toMatchObject({ hookFailures: 2, pending: 0 });
  });

  test("that is fulfilled is no failure", async () => {
    const { recorder } = hooked(async () => 1);
    add(recorder, 1);
    recorder.getMetricSnapshots();
    await new Promise((resolve) => setImmediate(resolve)); // where a failure would be noticed
    expect(recorder.getStats().hookFailures).toBe(0);
  });
});

test("what the hook does to its batch changes no other", () => {
  const kept: (readonly MetricChange[])[] = [];
  const { recorder } = hooked((changes) => {
    kept.push([...changes]);
    (changes as MetricChange[]).length = 0;
  });
  add(recorder, ...numbersFrom(0, 100));
  recorder.getMetricSnapshots();
  expect(kept.map(({ length }) => length)).toEqual([64, 36]);
});
