import { count, defineMetric, defineMetricEvent, type MetricsRuntime } from "metrics-runtime";
import { expect, test } from "vitest";
import { failAt } from "../support/fault-points.js";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});

function twoRecorders(): MetricsRuntime {
  const runtime = startedRuntime();
  for (const id of ["a", "b"]) {
    const recorder = runtime.createRecorder(id, { queueMaxSize: 16 });
    recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
    recorder.registerEvent(Tick());
    recorder.getMetricSnapshots();
  }
  return runtime;
}

test("start() without memory is a StartupError and ends in FAILURE, with no thread", () => {
  const threads = canSeeThreads ? threadIds().length : 0;
  const errors = sweepMemory({
    prepare: newRuntime,
    call: (runtime) => runtime.start(),
    look: () => undefined,
    failed: (runtime, thrown) => {
      expect.soft(thrown).toMatchObject({
        name: "MetricsRuntimeStartupError",
        details: { osCode: "ENOMEM", errno: expect.any(Number) },
      });
      expect.soft(runtime.getStatus()).toBe("FAILURE");
      expect(runtime.getStats().threadId).toBeUndefined();
      if (runtime.getStatus() === "FAILURE") {
        expect(thrownBy(() => runtime.start()).name).toBe("MetricsRuntimeInvalidStateError");
      }
    },
    succeeded: (runtime) => {
      expect(runtime.createRecorder("a").getStatus()).toBe("RUNNING");
      runtime.shutdown();
    },
  });
  expect(errors.length).toBeGreaterThan(3);
  if (canSeeThreads) expect(threadIds().length).toBe(threads);
  expect(startedRuntime().getStatus()).toBe("RUNNING");
});

test("shutdown() needs no memory", () => {
  const errors = sweepMemory({
    prepare: twoRecorders,
    call: (runtime) => runtime.shutdown(),
    look: () => undefined,
    succeeded: (runtime) => {
      expect(runtime.getStatus()).toBe("CLOSED");
      expect(runtime.getStats().threadId).toBeUndefined();
    },
  });
  expect(errors).toEqual([]);
});

test("shutdown() of a failed recorder is a ShutdownError and FAILURE, without memory too", () => {
  const errors = sweepMemory({
    prepare: () => {
      const runtime = twoRecorders();
      const recorder = runtime.createRecorder("broken");
      failAt("dispatch");
      recorder.registerEvent(Tick());
      recorder.getMetricSnapshots();
      expect(recorder.getStatus()).toBe("FAILURE");
      return runtime;
    },
    call: (runtime) => {
      const error = thrownBy(() => runtime.shutdown());
      if (!Object.hasOwn(error, "details")) throw error;
      expect.soft(error.name).toBe("MetricsRuntimeShutdownError");
    },
    look: () => undefined,
    succeeded: (runtime) => {
      expect(runtime.getStatus()).toBe("FAILURE");
      expect(runtime.getStats().threadId).toBeUndefined();
    },
  });
  expect(errors).toEqual([]);
});
