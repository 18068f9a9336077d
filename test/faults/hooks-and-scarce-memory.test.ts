import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  type MetricsRuntime,
} from "metrics-runtime";
import { expect, onTestFinished, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";
import { thrownBy } from "../support/thrown.js";

const Tick = defineMetricEvent("tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });
const ofHook = defineMetric("of_hook", { total: count(Tick) });

/** As a hook. Each of these may be refused memory, and so may what comes after the hook. */
function useInside(recorder: MetricsRecorder): void {
  recorder.registerMetric(ofHook);
  recorder.registerEvent(Tick());
  recorder.getMetricSnapshots();
}

const seenOf = (recorder: MetricsRecorder) => ({
  snapshots: recorder.getMetricSnapshots(),
  metrics: [...recorder.iterMetrics()].map(({ metricName }) => metricName),
  accepted: recorder.getStats().accepted,
  pending: recorder.getStats().pending,
});

test("a creation with a hook, without memory at whatever point, leaves nothing behind", () => {
  const errors = sweepMemory<{ runtime: MetricsRuntime; made: MetricsRecorder[] }>({
    prepare: () => ({ runtime: startedRuntime(), made: [] }),
    call: ({ runtime, made }) => {
      const onStarting = (recorder: MetricsRecorder) => {
        made.push(recorder);
        useInside(recorder);
      };
      runtime.createRecorder("a", { queueMaxSize: 16, hooks: { onStarting } });
    },
    look: ({ runtime }) => runtime.listRecorderIds(),
    failed: ({ runtime, made }, thrown) => {
      const [recorder] = made;
      expect.soft(thrown).toMatchObject({ name: "MetricsRuntimeRecorderStartupError" });
      expect.soft(runtime.listRecorderIds()).toEqual([]);
      if (recorder !== undefined) {
        expect.soft(recorder.getStatus()).toBe("FAILURE");
        const nothing = { snapshots: {}, metrics: [], accepted: 0, pending: 0 };
        expect.soft(seenOf(recorder)).toEqual(nothing);
      }
      expect.soft(() => runtime.createRecorder("a", { queueMaxSize: 16 })).not.toThrow();
      expect.soft(() => runtime.shutdown()).not.toThrow();
    },
    succeeded: ({ made }) => {
      expect(made[0]?.getMetricSnapshots().of_hook?.dimensions).toEqual({ total: 1 });
    },
  });
  expect(errors.length).toBeGreaterThan(20);
});

test("a restart with a hook, without memory at whatever point, starts or is taken back", () => {
  interface Subject {
    readonly recorder: MetricsRecorder;
    inside: (recorder: MetricsRecorder) => void;
  }
  const errors = sweepMemory<Subject>({
    prepare: () => {
      const runtime = startedRuntime();
      const subject = { inside: (_: MetricsRecorder) => {} };
      const onStarting = (recorder: MetricsRecorder) => subject.inside(recorder);
      const hooks = { onStarting };
      const recorder = runtime.createRecorder("a", { queueMaxSize: 16, hooks });
      recorder.registerMetric(ticks);
      recorder.registerEvent(Tick());
      recorder.stop().wait();
      onTestFinished(() => {
        if (recorder.getStatus() === "FAILURE") thrownBy(() => runtime.shutdown());
      });
      return Object.assign(subject, { recorder, inside: useInside });
    },
    call: ({ recorder }) => {
      const result = recorder.start().wait(1_000);
      if (result?.success !== true) throw result?.error;
    },
    look: () => undefined,
    failed: ({ recorder }, thrown) => {
      const hookFailed = (thrown as Error)?.name === "MetricsRecorderOnStartingHookFailedError";
      expect.soft(recorder.getStatus(), String(thrown)).toBe(hookFailed ? "FAILURE" : "STOPPED");
      expect.soft(seenOf(recorder), String(thrown)).toEqual({
        snapshots: { ticks: { name: "ticks", dimensions: { total: 1 } } },
        metrics: ["ticks"],
        accepted: 1,
        pending: 0,
      });
    },
    succeeded: ({ recorder }) => expect(recorder.getStatus()).toBe("RUNNING"),
  });
  expect(errors.length).toBeGreaterThan(20);
});
