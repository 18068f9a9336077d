import { count, defineMetric, type MetricsRecorder, type MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const INSIDE = " (called from inside a metric or hook)";

function hooked(onMetricChanged: () => void) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { hooks: { onMetricChanged } });
  recorder.registerMetric(defineMetric("m", { total: count(Numbered) }));
  return { runtime, recorder };
}
const add = (recorder: MetricsRecorder, ...numbers: number[]) => {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
};

describe("from inside onMetricChanged", () => {
  /** What `inside` gives, called once. */
  function ranInside<Result>(
    inside: (recorder: MetricsRecorder, runtime: MetricsRuntime) => Result,
  ) {
    const results: Result[] = [];
    const scene = hooked(() => {
      if (results.length === 0) results.push(inside(scene.recorder, scene.runtime));
    });
    add(scene.recorder, 1, 2, 3);
    scene.recorder.getMetricSnapshots();
    expect(results).toHaveLength(1);
    expect(scene.recorder.getStats().hookFailures).toBe(0);
    return { ...scene, result: results[0] as Result };
  }

  test.each<[string, (runtime: MetricsRuntime, recorder: MetricsRecorder) => unknown]>([
    ["stopRecorder", (runtime) => runtime.stopRecorder("a")],
    ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("a")],
    ["shutdown", (runtime) => runtime.shutdown()],
    ["wait", (_, recorder) => recorder.start().wait()],
    ["wait with a limit", (_, recorder) => recorder.start().wait(5)],
  ])("%s is refused", (_, call) => {
    const { runtime, result } = ranInside((recorder, owner) =>
      thrownBy(() => call(owner, recorder)),
    );
    expect(result.name).toMatch(/^Metrics(Runtime|Recorder)InvalidStateError$/);
    expect(result.message.endsWith(INSIDE)).toBe(true);
    runtime.shutdown();
  });

  test("events, metrics, snapshots and stop() are not", () => {
    const log = new EventLog();
    const { runtime, recorder, result } = ranInside((self) => {
      self.registerMetric(log);
      add(self, 4);
      expect(numberOf(self, "m", "total")).toBe(4);
      return self.stop();
    });
    expect(result.wait().success).toBe(true);
    expect(log.numbers).toEqual([4]);
    expect(recorder.getStats()).toMatchObject({ accepted: 4, pending: 0, undelivered: 0 });
    runtime.shutdown();
  });
});
