import {
  count,
  defineMetric,
  defineMetricEvent,
  MetricsRecorderDispatcherError,
  type MetricsRuntime,
} from "metrics-runtime";
import { expect, onTestFinished, test } from "vitest";
import { failAt } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

function recorderOf(runtime: MetricsRuntime, id: string) {
  const recorder = runtime.createRecorder(id, { queueMaxSize: 16 });
  recorder.registerMetric(ticks);
  return recorder;
}

/** A recorder whose third of five events could not be dispatched, and a sibling. */
function scene() {
  const runtime = startedRuntime();
  const broken = recorderOf(runtime, "broken");
  const sibling = recorderOf(runtime, "sibling");
  const emit = broken.emitter(Tick, []);
  broken.registerEvent(Tick());
  broken.registerEvent(Tick());
  expect(numberOf(broken, "ticks", "total")).toBe(2);
  failAt("dispatch");
  for (let n = 0; n < 3; n++) emit();
  broken.getMetricSnapshots();
  expect(broken.getStatus()).toBe("FAILURE");
  // What the end of such a runtime throws, test/faults/failed-dispatch-at-shutdown.test.ts looks at.
  onTestFinished(() => {
    if (runtime.getStatus() === "RUNNING") thrownBy(() => runtime.shutdown());
  });
  return { runtime, broken, sibling, emit };
}

const IN_FAILURE = (...expectedStates: string[]) => ({
  name: "MetricsRecorderInvalidStateError",
  details: { recorderState: "FAILURE", expectedStates },
  cause: expect.any(MetricsRecorderDispatcherError),
});

test("the recorder fails, and no other", () => {
  const { runtime, sibling } = scene();
  expect(sibling.registerEvent(Tick())).toBe(true);
  expect(numberOf(sibling, "ticks", "total")).toBe(1);
  expect(sibling.getStats().lastError).toBeUndefined();
  expect(runtime.getStatus()).toBe("RUNNING");
  expect(runtime.listRecorderIds()).toEqual(["broken", "sibling"]);
});

test("what was dispatched counts, the rest stays pending", () => {
  const { broken } = scene();
  expect(broken.getStats()).toMatchObject({
    offered: 5,
    accepted: 5,
    dispatched: 2,
    pending: 3,
    dropped: 0,
  });
  expect(numberOf(broken, "ticks", "total")).toBe(2);
  const { lastError } = broken.getStats();
  expect(lastError).toBeInstanceOf(MetricsRecorderDispatcherError);
  expect(lastError?.message).toBe("the dispatcher failed -> Error: a fault point");
});

test("every further use is an InvalidStateError with that cause", () => {
  const { broken, emit } = scene();
  const before = broken.getStats();
  const later = defineMetric("later", { total: count(Tick) });
  const takesEvents = IN_FAILURE("STARTING", "RUNNING");
  expect(thrownBy(() => broken.registerEvent(Tick()))).toMatchObject(takesEvents);
  expect(thrownBy(() => emit())).toMatchObject(takesEvents);
  expect(thrownBy(() => broken.registerMetric(later))).toMatchObject(takesEvents);
  expect(broken.stop().wait(0)).toMatchObject({ success: false, error: IN_FAILURE("RUNNING") });
  expect(broken.start().wait(0)).toMatchObject({
    success: false,
    error: IN_FAILURE("VIRGIN", "STOPPED"),
  });
  expect(broken.getStats()).toEqual(before);
  expect([...broken.iterMetrics()]).toEqual([ticks]);
});

test("a stop during which a dispatch fails is a failed operation with that error", async () => {
  const { sibling } = scene();
  failAt("dispatch");
  expect(sibling.registerEvent(Tick())).toBe(true);
  const result = await sibling.stop();
  expect(result).toMatchObject({ opName: "STOP", success: false });
  expect(result.error).toBeInstanceOf(MetricsRecorderDispatcherError);
  expect(sibling.getStatus()).toBe("FAILURE");
});

test("stopRecorder and stopAndRemoveRecorder say so; the latter frees the id", () => {
  const { runtime, broken } = scene();
  const stopError = {
    name: "MetricsRuntimeRecorderStopError",
    recorderId: "broken",
    cause: expect.any(MetricsRecorderDispatcherError),
  };
  expect(thrownBy(() => runtime.stopRecorder("broken"))).toMatchObject(stopError);
  expect(runtime.listRecorderIds()).toEqual(["broken", "sibling"]);
  expect(thrownBy(() => runtime.stopAndRemoveRecorder("broken"))).toMatchObject(stopError);
  expect(runtime.listRecorderIds()).toEqual(["sibling"]);
  expect(numberOf(broken, "ticks", "total")).toBe(2);
  expect(broken.getStats()).toMatchObject({ accepted: 5, dispatched: 2, pending: 3 });
  const again = recorderOf(runtime, "broken");
  expect(again.registerEvent(Tick())).toBe(true);
  expect(numberOf(again, "ticks", "total")).toBe(1);
  runtime.shutdown();
  expect(runtime.getStatus()).toBe("CLOSED");
});
