import { runInNewContext } from "node:vm";
import type { MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";
import { waitUntil } from "../support/wait-until.js";

/** A recorder whose metric `bad` gives at number 1 what `handle` gives, beside one that does not. */
function scene(handle: () => unknown) {
  const recorder = startedRuntime().createRecorder("a");
  const bad = new EventLog("bad", (event) => Numbered.is(event) && (event.n !== 1 || handle()));
  const last = new EventLog("last");
  for (const metric of [bad, last]) recorder.registerMetric(metric);
  return { recorder, bad, last };
}
function add(recorder: MetricsRecorder, ...numbers: number[]): void {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
  recorder.getMetricSnapshots();
}

describe("a metric that gives a promise", () => {
  test("that is rejected is quarantined for that, and the process goes on", async () => {
    const reasons = unhandledRejections();
    const { recorder, bad, last } = scene(async () => {
      throw new Error("no");
    });
    add(recorder, 0, 1);
    await waitUntil(
      () => recorder.getStats().quarantined.length > 0,
      () => recorder.getStats(),
    );
    add(recorder, 2, 3);
    expect(recorder.getStats().quarantined).toEqual(["bad"]);
    expect(bad.numbers).toEqual([0, 1]);
    expect(last.numbers).toEqual([0, 1, 2, 3]);
    expect(reasons).toEqual([]);
  });

  test("of another realm that is rejected is quarantined alike", async () => {
    const reasons = unhandledRejections();
    const rejects = runInNewContext("() => Promise.reject(new Error('no'))") as () => unknown;
    const { recorder } = scene(rejects);
    add(recorder, 0, 1);
    await new Promise((resolve) => setImmediate(resolve)); // where a rejection would be noticed
    expect(reasons).toEqual([]);
    expect(recorder.getStats().quarantined).toEqual(["bad"]);
  });

  test("that is rejected for many events is named once", async () => {
    const reasons = unhandledRejections();
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(new EventLog("bad", () => Promise.reject(null)));
    add(recorder, 0, 1, 2);
    await waitUntil(
      () => recorder.getStats().quarantined.length > 0,
      () => recorder.getStats(),
    );
    expect(recorder.getStats().quarantined).toEqual(["bad"]);
    expect(reasons).toEqual([]);
  });

  test("that is fulfilled goes on, and is not waited for", () => {
    const { recorder, bad } = scene(async () => true);
    add(recorder, 0, 1, 2);
    expect(recorder.getStats().quarantined).toEqual([]);
    expect(bad.numbers).toEqual([0, 1, 2]);
  });

  test("that is rejected after the same object was registered once more is quarantined", async () => {
    const recorder = startedRuntime().createRecorder("a");
    const log = new EventLog("log", () => Promise.reject(new Error("no")));
    recorder.registerMetric(log);
    add(recorder, 0);
    recorder.registerMetric(log); // changes nothing
    await waitUntil(
      () => recorder.getStats().quarantined.length > 0,
      () => recorder.getStats(),
    );
    add(recorder, 1);
    expect(log.numbers).toEqual([0]);
  });

  test("that is rejected when its name is another's already harms that one not", async () => {
    const recorder = startedRuntime().createRecorder("a");
    let reject: (reason: unknown) => void = () => {};
    const promise = new Promise<boolean>((_, refuse) => {
      reject = refuse;
    });
    recorder.registerMetric(new EventLog("log", () => promise));
    add(recorder, 0);
    const next = new EventLog();
    recorder.registerMetric(next);
    reject(new Error("no"));
    await promise.catch(() => {});
    add(recorder, 1);
    expect(recorder.getStats().quarantined).toEqual([]);
    expect(next.numbers).toEqual([1]);
  });
});
