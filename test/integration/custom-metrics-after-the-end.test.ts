import {
  count,
  defineMetric,
  type MetricsRecorder,
  type MetricsRecorderHooks,
  type MetricsRuntime,
  noopMetricsRecorder,
} from "metrics-runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

function scene(hooks?: MetricsRecorderHooks) {
  const runtime = startedRuntime();
  onTestFinished(() => {
    if (runtime.getStatus() !== "RUNNING") return;
    try {
      runtime.shutdown();
    } catch {} // for a recorder that failed
  });
  const recorder = runtime.createRecorder("a", { hooks });
  const log = new EventLog();
  const declared = defineMetric("declared", { total: count(Numbered) });
  recorder.registerMetric(log);
  recorder.registerMetric(declared);
  for (const n of [1, 2, 3]) recorder.registerEvent(Numbered({ n }));
  return { runtime, recorder, log, declared };
}
const AS_IT_WAS = {
  log: { name: "log", dimensions: { events: 3 } },
  declared: { name: "declared", dimensions: { total: 3 } },
};

describe("custom metrics can be read", () => {
  test.each<[string, (runtime: MetricsRuntime, recorder: MetricsRecorder) => unknown]>([
    ["after a stop", (_, recorder) => recorder.stop().wait()],
    ["after the recorder was removed", (runtime) => runtime.stopAndRemoveRecorder("a")],
    ["after a shutdown", (runtime) => runtime.shutdown()],
    [
      "after one was removed and the runtime shut down",
      (runtime) => {
        runtime.stopAndRemoveRecorder("a");
        runtime.shutdown();
      },
    ],
  ])("%s", (_, end) => {
    const { runtime, recorder, log, declared } = scene();
    end(runtime, recorder);
    for (let times = 0; times < 2; times++) {
      expect(recorder.getMetricSnapshots()).toEqual(AS_IT_WAS);
      expect([...recorder.iterMetrics()]).toEqual([log, declared]);
    }
    expect(recorder.getStats()).toMatchObject({
      accepted: 3,
      dispatched: 3,
      pending: 0,
      undelivered: 0,
    });
    expect(thrownBy(() => recorder.registerMetric(new EventLog("late"))).name).toBe(
      "MetricsRecorderInvalidStateError",
    );
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["log", "declared"]);
  });

  test("in FAILURE, with what came before", () => {
    const { runtime, recorder, log, declared } = scene({
      onStopped() {
        throw new Error("no");
      },
    });
    expect(recorder.stop().wait().success).toBe(false);
    expect(recorder.getStatus()).toBe("FAILURE");
    expect(recorder.getMetricSnapshots()).toEqual(AS_IT_WAS);
    expect([...recorder.iterMetrics()]).toEqual([log, declared]);
    expect(recorder.getStats()).toMatchObject({ pending: 0, undelivered: 0, quarantined: [] });
    thrownBy(() => runtime.shutdown());
    expect(recorder.getMetricSnapshots()).toEqual(AS_IT_WAS);
  });

  test("with a state that goes on changing, which the recorder does not keep", () => {
    const { runtime, recorder, log } = scene();
    runtime.shutdown();
    log.events.length = 0;
    expect(recorder.getMetricSnapshots().log?.dimensions).toEqual({ events: 0 });
  });
});

test("a recorder of the id of one that was removed knows nothing of its metrics", () => {
  const { runtime, recorder, log } = scene();
  runtime.stopAndRemoveRecorder("a");
  const next = runtime.createRecorder("a");
  const nextLog = new EventLog();
  next.registerMetric(nextLog);
  next.registerEvent(Numbered({ n: 4 }));
  expect(next.getMetricSnapshots()).toEqual({ log: { name: "log", dimensions: { events: 1 } } });
  expect([log.numbers, nextLog.numbers]).toEqual([[1, 2, 3], [4]]);
  expect(recorder.getMetricSnapshots()).toEqual(AS_IT_WAS);
});

test("a thousand recorders with custom metrics, one after the other, lose no event", () => {
  const runtime = startedRuntime({ defaultRecorderQueueMaxSize: 8 });
  for (let round = 0; round < 1_000; round++) {
    const recorder = runtime.createRecorder("a");
    const log = new EventLog();
    recorder.registerMetric(log);
    for (let n = 0; n < 3; n++) recorder.registerEvent(Numbered({ n }));
    runtime.stopAndRemoveRecorder("a");
    expect(log.numbers).toEqual([0, 1, 2]);
  }
});

test("iterMetrics gives the metrics themselves, and does not follow later registrations", () => {
  const { recorder, log, declared } = scene();
  const metrics = recorder.iterMetrics();
  const late = new EventLog("late");
  recorder.registerMetric(late);
  expect([...metrics]).toEqual([log, declared]);
  expect([...recorder.iterMetrics()]).toEqual([log, declared, late]);
});

test("the no-op recorder takes a custom metric and never runs it", () => {
  const log = new EventLog("log", () => {
    throw new Error("no");
  });
  noopMetricsRecorder.registerMetric(log);
  expect(noopMetricsRecorder.registerEvent(Numbered({ n: 1 }))).toBe(true);
  expect(Object.keys(noopMetricsRecorder.getMetricSnapshots())).toEqual([]);
  expect([...noopMetricsRecorder.iterMetrics()]).toEqual([]);
  expect(log.events).toEqual([]);
});
