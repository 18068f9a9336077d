import {
  count,
  defineMetric,
  defineMetricEvent,
  MetricsRecorderError,
  type MetricsRecorderOperationResult,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { holdAt, withScarceMemory } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";

const Tick = defineMetricEvent("tick", {});

function running() {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 16 });
  recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
  recorder.registerEvent(Tick());
  recorder.getMetricSnapshots();
  return recorder;
}

function stopped() {
  const recorder = running();
  recorder.stop().wait();
  return recorder;
}

type Subject = ReturnType<typeof running>;

const look = (recorder: Subject) => [
  recorder.getStatus(),
  recorder.getStats(),
  recorder.getMetricSnapshots(),
];

/** A failed operation is a result. To the sweep it is as if that had been thrown. */
function demand(result: MetricsRecorderOperationResult | undefined): void {
  if (result?.success !== true) throw result?.error;
}

describe("without memory", () => {
  test("stop() has stopped the recorder or changed nothing", () => {
    sweepMemory({
      prepare: running,
      call: (recorder) => demand(recorder.stop().wait(2_000)),
      look,
      succeeded: (recorder) => {
        expect(recorder.getStatus()).toBe("STOPPED");
        expect(recorder.start().wait(2_000)?.success).toBe(true);
      },
    });
  });

  test("start() has started the recorder or changed nothing", () => {
    sweepMemory({
      prepare: stopped,
      call: (recorder) => demand(recorder.start().wait(2_000)),
      look,
      succeeded: (recorder) => {
        expect(recorder.registerEvent(Tick())).toBe(true);
        expect(recorder.getMetricSnapshots().ticks?.dimensions).toEqual({ total: 2 });
      },
    });
  });

  test("start() with a hook has started the recorder or changed nothing", () => {
    const withHook = () => {
      const hooks = { onStarting() {} };
      const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 16, hooks });
      recorder.stop().wait();
      return recorder;
    };
    sweepMemory({
      prepare: withHook,
      call: (recorder) => demand(recorder.start().wait(2_000)),
      look,
      succeeded: (recorder) => expect(recorder.registerEvent(Tick())).toBe(true),
    });
  });

  test("a stop that is awaited gives a result, and the recorder stops", async () => {
    for (let granted = 0, refusals = 1; refusals > 0; granted++) {
      expect(granted).toBeLessThan(200);
      const recorder = running();
      holdAt("turn", 2_000);
      const handle = recorder.stop();
      const outcome = withScarceMemory(granted, () => handle.then());
      refusals = outcome.refusals;
      holdAt("turn", 0);
      const result = await outcome.result;
      if (result?.success !== true) expect(result?.error).toBeInstanceOf(MetricsRecorderError);
      expect(handle.wait(2_000)?.success).toBe(true);
      expect(recorder.getStatus()).toBe("STOPPED");
    }
  });
});
