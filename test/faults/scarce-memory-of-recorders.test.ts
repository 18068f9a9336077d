import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  type MetricsRuntime,
} from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";

const Tick = defineMetricEvent("tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

interface Subject {
  readonly runtime: MetricsRuntime;
  /** Registered as `old`, with a past. */
  readonly old: MetricsRecorder;
}

function prepare(): Subject {
  const runtime = startedRuntime({ defaultRecorderQueueMaxSize: 16 });
  const old = runtime.createRecorder("old");
  old.registerMetric(ticks);
  old.registerEvent(Tick());
  old.getMetricSnapshots();
  return { runtime, old };
}

function look({ runtime, old }: Subject) {
  return {
    state: runtime.getStatus(),
    ids: runtime.listRecorderIds(),
    old: [old.getStatus(), old.getStats(), old.getMetricSnapshots()],
  };
}

const STARTUP_ERROR = {
  name: "MetricsRuntimeRecorderStartupError",
  details: { recorderId: "new", osCode: "ENOMEM", errno: expect.any(Number) },
  cause: expect.any(Error),
};

/** The recorder that `createRecorder("new")` made, takes and counts events. */
function expectNewWorks({ runtime }: Subject): void {
  const made = runtime.getRecorder("new");
  expect(runtime.listRecorderIds()).toEqual(["old", "new"]);
  made.registerMetric(ticks);
  expect(made.registerEvent(Tick())).toBe(true);
  expect(made.getMetricSnapshots().ticks?.dimensions).toEqual({ total: 1 });
}

test("createRecorder without memory is a StartupError, and the id stays free", () => {
  const errors = sweepMemory({
    prepare,
    call: ({ runtime }) => runtime.createRecorder("new"),
    look,
    succeeded: expectNewWorks,
  });
  expect(errors.length).toBeGreaterThan(3);
  for (const error of errors) expect.soft(error).toMatchObject(STARTUP_ERROR);
});

test("createRecorder with hooks, without memory, is a StartupError, and the id stays free", () => {
  const errors = sweepMemory({
    prepare,
    call: ({ runtime }) => runtime.createRecorder("new", { hooks: { onStarting() {} } }),
    look,
    succeeded: expectNewWorks,
  });
  expect(errors.length).toBeGreaterThan(3);
  for (const error of errors) expect.soft(error).toMatchObject(STARTUP_ERROR);
});

test("createRecorder whose hook throws says so, without memory too, and the id stays free", () => {
  sweepMemory({
    prepare,
    call: ({ runtime }) => {
      const onStarting = () => {
        throw new Error("refused by the hook");
      };
      try {
        runtime.createRecorder("new", { hooks: { onStarting } });
      } catch (error) {
        if ((error as Error).cause === undefined) throw error;
        expect.soft(error).toMatchObject({ name: "MetricsRuntimeRecorderStartupError" });
      }
    },
    look,
    succeeded: (subject) => {
      subject.runtime.createRecorder("new");
      expectNewWorks(subject);
      expect(() => subject.runtime.shutdown()).not.toThrow();
    },
  });
});

test("stopRecorder without memory has changed nothing", () => {
  const errors = sweepMemory({
    prepare,
    call: ({ runtime }) => runtime.stopRecorder("old"),
    look,
    succeeded: ({ runtime, old }) => {
      expect([old.getStatus(), runtime.listRecorderIds()]).toEqual(["STOPPED", ["old"]]);
    },
  });
  expect(errors.length).toBeGreaterThan(1);
});

test("stopAndRemoveRecorder without memory removes, or has changed nothing", () => {
  const removed = ({ runtime, old }: Subject) => {
    expect.soft(runtime.listRecorderIds()).toEqual([]);
    expect.soft(old.getStatus()).toBe("STOPPED");
    expect.soft(old.getStats()).toMatchObject({ accepted: 1, dispatched: 1 });
    expect.soft(old.getMetricSnapshots().ticks?.dimensions).toEqual({ total: 1 });
    expect.soft(runtime.createRecorder("old").getStatus()).toBe("RUNNING");
  };
  const errors = sweepMemory({
    prepare,
    call: ({ runtime }) => runtime.stopAndRemoveRecorder("old"),
    look: ({ runtime }) => runtime.listRecorderIds(),
    failed: (subject) => {
      const { runtime } = subject;
      if (runtime.listRecorderIds().length > 0) runtime.stopAndRemoveRecorder("old");
      removed(subject);
    },
    succeeded: removed,
  });
  expect(errors.length).toBeGreaterThan(1);
});
