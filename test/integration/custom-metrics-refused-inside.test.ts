import {
  Metric,
  type MetricSnapshot,
  type MetricsRecorder,
  type MetricsRuntime,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { fromHandleEvent } from "../support/from-handle-event.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const INSIDE = " (called from inside a metric or hook)";

/** Likewise, for when the metric is asked for its snapshot. */
function fromSnapshot(inside: (recorder: MetricsRecorder, runtime: MetricsRuntime) => Error) {
  class Asking extends Metric {
    readonly metricName = "asking";
    handleEvent(): boolean {
      return true;
    }
    snapshot(): MetricSnapshot {
      result = inside(recorder, runtime);
      return { name: "asking", dimensions: {} };
    }
  }
  let result: Error | undefined;
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  recorder.registerMetric(new Asking());
  expect(recorder.getMetricSnapshots().asking?.error).toBeUndefined();
  return { runtime, recorder, result };
}

describe.each([
  ["handleEvent", fromHandleEvent<Error>],
  ["snapshot", fromSnapshot],
])("from inside %s", (_, from) => {
  test.each<[string, (runtime: MetricsRuntime) => unknown]>([
    ["stopRecorder", (runtime) => runtime.stopRecorder("a")],
    ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("a")],
    ["shutdown", (runtime) => runtime.shutdown()],
    ["Symbol.dispose", (runtime) => runtime[Symbol.dispose]()],
  ])("%s is refused and changes nothing", (__, call) => {
    const { runtime, recorder, result } = from((___, inner) => thrownBy(() => call(inner)));
    expect(result?.name).toBe("MetricsRuntimeInvalidStateError");
    expect(result?.message.endsWith(INSIDE)).toBe(true);
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(recorder.getStats().quarantined).toEqual([]);
    runtime.shutdown(); // afterwards it is not
  });

  test.each([undefined, 1, 5_000])("wait(%s) is refused", (limit) => {
    const { runtime, result } = from((___, inner) => {
      const handle = inner.createRecorder("b").stop();
      return thrownBy(() => handle.wait(limit));
    });
    expect(result?.name).toBe("MetricsRecorderInvalidStateError");
    expect(result?.message.endsWith(INSIDE)).toBe(true);
    runtime.stopRecorder("b");
  });
});

describe("from inside handleEvent", () => {
  test("a refusal that the metric does not catch puts it in quarantine", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(new EventLog("log", () => runtime.shutdown()));
    recorder.registerEvent(Numbered({ n: 1 }));
    recorder.getMetricSnapshots();
    expect(recorder.getStats().quarantined).toEqual(["log"]);
    expect(runtime.getStatus()).toBe("RUNNING");
  });
});
