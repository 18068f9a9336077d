/** What once went wrong with series that end. */
import { expect, test } from "vitest";
import { collectGarbage } from "../support/collect-garbage.js";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";

const EXPIRE_MS = 25;
const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function expiring(options: object = {}) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const all = { help: "", labels: ["a"], expireAfterMs: EXPIRE_MS, ...options } as const;
  const counter = recorder.counter("n", all);
  return { runtime, recorder, counter, rows: () => rowsOf(recorder, "n", "value") };
}

test("a label with a lone surrogate is refused after a series has ended", async () => {
  const { recorder, counter, rows } = expiring();
  for (let n = 0; n < 20; n++) counter.add(1, { a: "x" });
  await waitUntil(() => rows().length === 0, rows);
  counter.add(1, { a: "y" });
  expect(counter.add(1_000, { a: "\ud800" })).toBe(false);
  expect(rows()).toEqual([["y", 1]]);
  expect(recorder.getStats().invalid).toBe(1);
});

test.each(["remove", "shutdown"])("the state can be read for ever after %s", async (how) => {
  const { runtime, counter, rows } = expiring();
  counter.add(1, { a: "x" });
  if (how === "remove") runtime.stopAndRemoveRecorder("a");
  else runtime.shutdown();
  expect(rows()).toEqual([["x", 1]]);
  await delay(8 * EXPIRE_MS);
  expect(rows()).toEqual([["x", 1]]);
});

test("nothing ends after a stop between the slices of a sweep", async () => {
  const { recorder, counter, rows } = expiring({ maxSeries: 2 ** 16 });
  for (let n = 0; n < 20_000; n++) counter.add(1, { a: `${n}` });
  // As long as no slice has freed anything; a stop between two slices is what matters.
  while (rows().length === 20_000) await new Promise(setImmediate);
  recorder.stop().wait();
  const before = rows().length;
  expect(before).toBeGreaterThan(0);
  await delay(100);
  expect(rows().length).toBe(before);
});

test("a timer of literal labels does not keep its series for ever", async () => {
  const { recorder } = expiring();
  const all = { help: "", labels: ["a"], buckets: [1], expireAfterMs: EXPIRE_MS } as const;
  const histogram = recorder.histogram("h", all);
  histogram.startTimer({ a: "x" })();
  const rows = () => rowsOf(recorder, "h", "value");
  await waitUntil(() => rows().length === 0, rows, 1_000);
});

test("the timer of expiring series does not keep a recorder that is gone in memory", () => {
  const runtime = startedRuntime();
  const weak = ["a", "b", "c"].map((id) => {
    const recorder = runtime.createRecorder(id);
    const all = { help: "", labels: ["a"], expireAfterMs: 3_600_000 } as const;
    const counter = recorder.counter("n", all);
    counter.add(1, { a: "x" });
    runtime.stopAndRemoveRecorder(id);
    return new WeakRef(counter);
  });
  return waitUntil(
    () => {
      collectGarbage();
      return weak.every((one) => one.deref() === undefined);
    },
    () => "still there",
  );
});

test("a timer takes the labels that its object had when it began", () => {
  const recorder = startedRuntime().createRecorder("a");
  const histogram = recorder.histogram("h", { help: "", labels: ["a"], buckets: [1] });
  const labels = { a: "before" };
  const stop = histogram.startTimer(labels);
  labels.a = "after";
  expect(rowsOf(recorder, "h", "value")).toEqual([]);
  stop();
  expect(rowsOf(recorder, "h", "value").map(([place]) => place)).toEqual(["before"]);
});
