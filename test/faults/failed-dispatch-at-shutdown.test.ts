import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  MetricsRecorderDispatcherError,
  type MetricsRuntime,
} from "metrics-runtime";
import { expect, test } from "vitest";
import { failAt, holdAt } from "../support/fault-points.js";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});

type Three = [MetricsRecorder, MetricsRecorder, MetricsRecorder];

function threeRecorders(runtime: MetricsRuntime): Three {
  return ["first", "broken", "last"].map((id) => {
    const recorder = runtime.createRecorder(id);
    recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
    return recorder;
  }) as Three;
}

/** The shutdown fails for the one recorder, and has stopped the others and the thread. */
function expectFailedShutdown(runtime: MetricsRuntime, [first, broken, last]: Three): void {
  const threads = canSeeThreads ? threadIds().length : 0;
  const error = thrownBy(() => runtime.shutdown());
  expect(error).toMatchObject({
    name: "MetricsRuntimeShutdownError",
    cause: expect.any(MetricsRecorderDispatcherError),
  });
  expect(error).toHaveProperty("details", {
    failedRecorderIds: ["broken"],
    recorderErrors: {
      broken: {
        kind: "MetricsRecorderDispatcherError",
        message: "the dispatcher failed -> Error: a fault point",
      },
    },
  });
  expect(runtime.getStatus()).toBe("FAILURE");
  expect(runtime.getStats().threadId).toBeUndefined();
  if (canSeeThreads) expect(threadIds().length).toBe(threads - 1);
  expect([first, broken, last].map((one) => one.getStatus())).toEqual([
    "STOPPED",
    "FAILURE",
    "STOPPED",
  ]);
  for (const one of [first, last]) {
    expect(numberOf(one, "ticks", "total")).toBe(100);
    expect(one.getStats()).toMatchObject({ accepted: 100, dispatched: 100, pending: 0 });
  }
}

function register(recorder: MetricsRecorder, events: number): void {
  for (let n = 0; n < events; n++) expect(recorder.registerEvent(Tick())).toBe(true);
}

test("a shutdown with one failed recorder stops the others, and says which", () => {
  const runtime = startedRuntime();
  const three = threeRecorders(runtime);
  const [first, broken, last] = three;
  failAt("dispatch");
  register(broken, 1);
  broken.getMetricSnapshots();
  expect(broken.getStatus()).toBe("FAILURE");
  for (const one of [first, last]) register(one, 100);
  expectFailedShutdown(runtime, three);
  expect(numberOf(broken, "ticks", "total")).toBe(0);
  expect(broken.getStats()).toMatchObject({ accepted: 1, dispatched: 0, pending: 1 });
});

test("a dispatch that fails in the shutdown's last drain is told likewise", () => {
  const runtime = startedRuntime();
  const three = threeRecorders(runtime);
  const [first, broken, last] = three;
  // Nothing is dispatched before the turn that ends the loop.
  holdAt("turn", 200);
  register(first, 100);
  register(broken, 10);
  register(last, 100);
  failAt("dispatch", { passes: 104 });
  expectFailedShutdown(runtime, three);
  expect(broken.getStats()).toMatchObject({ accepted: 10, dispatched: 4, pending: 6 });
  expect(numberOf(broken, "ticks", "total")).toBe(4);
});
