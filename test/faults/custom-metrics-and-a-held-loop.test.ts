import * as library from "metrics-runtime";
import { expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { holdAt } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";
import { schemaOf } from "../support/workers.js";

const { event, worked } = schemaOf(library);

const made = () => {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 100 });
  recorder.registerMetric(worked);
  return recorder;
};

test("registerMetric of a custom metric that the held loop does not come to has changed nothing", () => {
  const recorder = made();
  holdAt("turn", 60_000);
  const own = new Follower("own");
  expect(thrownBy(() => recorder.registerMetric(own))).toMatchObject({
    name: "MetricsRecorderUnexpectedError",
    cause: { name: "MetricsRuntimeLoopUnavailableError" },
  });
  holdAt("turn", 0);
  expect(recorder.registerEvent(event(1))).toBe(true);
  expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["worked"]);
  expect([...recorder.iterMetrics()]).toEqual([worked]);
  expect(own.snapshot().dimensions).toMatchObject({ handled: 0 });
  recorder.registerMetric(own);
  expect(recorder.registerEvent(event(2))).toBe(true);
  expect(recorder.getMetricSnapshots().own?.dimensions).toMatchObject({ handled: 1, last: 2 });
});

test("on a held loop a blocking call delivers before it waits; a turn brings the rest later", async () => {
  const recorder = made();
  const own = new Follower("own");
  recorder.registerMetric(own);
  holdAt("turn", 300);
  for (let n = 0; n < 50; n++) expect(recorder.registerEvent(event(n))).toBe(true);
  const begin = performance.now();
  expect(recorder.getMetricSnapshots().own?.dimensions).toMatchObject({ handled: 50 });
  expect(performance.now() - begin).toBeGreaterThan(200);
  holdAt("turn", 100);
  for (let n = 50; n < 100; n++) expect(recorder.registerEvent(event(n))).toBe(true);
  expect(own.snapshot().dimensions).toMatchObject({ handled: 50 });
  await waitUntil(
    // The metric may come to them before the loop does.
    () => own.snapshot().dimensions.handled === 100 && recorder.getStats().pending === 0,
    () => [own.snapshot(), recorder.getStats()],
  );
  expect(recorder.getStats()).toMatchObject({ accepted: 100, undelivered: 0 });
});

test("a stop on a held loop has delivered; what is still to come is only the loop", () => {
  const recorder = made();
  const own = new Follower("own");
  recorder.registerMetric(own);
  holdAt("turn", 200);
  for (let n = 0; n < 50; n++) expect(recorder.registerEvent(event(n))).toBe(true);
  const handle = recorder.stop();
  expect(handle.wait(0)).toBe(undefined);
  expect(own.snapshot().dimensions).toMatchObject({ handled: 50, unordered: 0 });
  expect(handle.wait(1_000)).toMatchObject({ success: true });
  expect(recorder.getStats()).toMatchObject({ accepted: 50, dispatched: 50, undelivered: 0 });
});
