import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  MetricsRecorderDispatcherError,
} from "metrics-runtime";
import { expect, onTestFinished, test } from "vitest";
import { failAt } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });
const later = defineMetric("later", { total: count(Tick) });
const namesOf = (recorder: MetricsRecorder) =>
  [...recorder.iterMetrics()].map(({ metricName }) => metricName);

/** As a hook: of three events the second cannot be dispatched. */
function failInside(recorder: MetricsRecorder): void {
  recorder.registerMetric(later);
  for (let n = 0; n < 3; n++) recorder.registerEvent(Tick());
  failAt("dispatch", { passes: 1 });
  recorder.getMetricSnapshots();
  expect(recorder.getStatus()).toBe("FAILURE");
}

test("a dispatch that fails in the hook of a creation: a StartupError, and nothing is left", () => {
  const runtime = startedRuntime();
  let made: MetricsRecorder | undefined;
  const onStarting = (recorder: MetricsRecorder) => {
    made = recorder;
    failInside(recorder);
  };
  expect(thrownBy(() => runtime.createRecorder("a", { hooks: { onStarting } }))).toMatchObject({
    name: "MetricsRuntimeRecorderStartupError",
    details: { recorderId: "a" },
    cause: expect.any(MetricsRecorderDispatcherError),
  });
  expect(runtime.listRecorderIds()).toEqual([]);
  const recorder = made as MetricsRecorder;
  expect(recorder.getStatus()).toBe("FAILURE");
  expect(recorder.getStats()).toMatchObject({
    offered: 3,
    accepted: 0,
    dropped: 3,
    pending: 0,
    lastError: expect.any(MetricsRecorderDispatcherError),
  });
  expect(recorder.getMetricSnapshots()).toEqual({});
  expect(namesOf(recorder)).toEqual([]);
  expect(runtime.createRecorder("a").registerEvent(Tick())).toBe(true);
  runtime.shutdown();
  expect(runtime.getStatus()).toBe("CLOSED");
});

test("a hook that also throws is told of, and the recorder's fault is the dispatch", () => {
  const runtime = startedRuntime();
  let made: MetricsRecorder | undefined;
  const onStarting = (recorder: MetricsRecorder) => {
    made = recorder;
    failInside(recorder);
    recorder.registerEvent(Tick());
  };
  expect(thrownBy(() => runtime.createRecorder("a", { hooks: { onStarting } }))).toMatchObject({
    name: "MetricsRuntimeRecorderStartupError",
    cause: {
      name: "MetricsRecorderOnStartingHookFailedError",
      cause: {
        name: "MetricsRecorderInvalidStateError",
        cause: expect.any(MetricsRecorderDispatcherError),
      },
    },
  });
  expect(made?.getStats()).toMatchObject({ accepted: 0, dropped: 3 });
  expect(made?.getStats().lastError).toBeInstanceOf(MetricsRecorderDispatcherError);
  expect(runtime.createRecorder("a").getStatus()).toBe("RUNNING");
});

test("a dispatch that fails in the hook of a restart takes the start back", async () => {
  const runtime = startedRuntime();
  let starts = 0;
  const onStarting = (recorder: MetricsRecorder) => {
    if (starts++ > 0) failInside(recorder);
  };
  const recorder = runtime.createRecorder("a", { hooks: { onStarting } });
  recorder.registerMetric(ticks);
  recorder.registerEvent(Tick());
  expect(recorder.stop().wait(5_000)?.success).toBe(true);
  onTestFinished(() => void thrownBy(() => runtime.shutdown()));

  const result = await recorder.start();
  expect(result).toMatchObject({ opName: "START", success: false });
  expect(result.error).toBeInstanceOf(MetricsRecorderDispatcherError);
  expect(recorder.getStatus()).toBe("FAILURE");
  expect(recorder.getStats()).toMatchObject({ offered: 4, accepted: 1, dispatched: 1, dropped: 3 });
  expect(numberOf(recorder, "ticks", "total")).toBe(1);
  expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["ticks"]);
  expect(namesOf(recorder)).toEqual(["ticks"]);
});

test("a dispatch that fails in a stop: onStopped is not called", async () => {
  const runtime = startedRuntime();
  let stops = 0;
  const recorder = runtime.createRecorder("a", { hooks: { onStopped: () => stops++ } });
  onTestFinished(() => void thrownBy(() => runtime.shutdown()));
  failAt("dispatch");
  recorder.registerEvent(Tick());
  expect((await recorder.stop()).error).toBeInstanceOf(MetricsRecorderDispatcherError);
  expect([recorder.getStatus(), stops]).toEqual(["FAILURE", 0]);
});
