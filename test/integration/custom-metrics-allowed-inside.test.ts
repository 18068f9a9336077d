import { count, defineMetric, type MetricsRecorder, type RegisteredMetric } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { fromHandleEvent } from "../support/from-handle-event.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

describe("from inside handleEvent", () => {
  test("events may be registered: they come after those that were there", () => {
    const { recorder, log } = fromHandleEvent((self) => {
      expect(self.registerEvent(Numbered({ n: 10 }))).toBe(true);
      expect(self.emitter(Numbered, ["n"])(11)).toBe(true);
    });
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual([1, 2, 3, 10, 11]);
  });

  test("snapshots may be read: of what is handled so far, and nothing is handled meanwhile", () => {
    const { result, log } = fromHandleEvent((self) => self.getMetricSnapshots().log?.dimensions);
    expect(result).toEqual({ events: 1 });
    expect(log.numbers).toEqual([1, 2, 3]);
  });

  test("metrics may be registered: they see the events from then on", () => {
    const late = new EventLog("late");
    const { recorder, log } = fromHandleEvent((self) => {
      self.registerMetric(late);
      self.registerMetric(defineMetric("declared", { total: count(Numbered) }));
      self.registerEvent(Numbered({ n: 4 }));
    });
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual([1, 2, 3, 4]);
    expect(late.numbers).toEqual([4]);
    expect(dimensionsOf(recorder, "declared")).toEqual({ total: 1 });
  });

  test("its own name may be registered: what was registered before still comes to it", () => {
    const next = new EventLog("log");
    const { recorder, log } = fromHandleEvent((self) => {
      self.registerEvent(Numbered({ n: 4 }));
      self.registerMetric(next);
      self.registerEvent(Numbered({ n: 5 }));
    });
    expect(dimensionsOf(recorder, "log")).toEqual({ events: 1 });
    expect([log.numbers, next.numbers]).toEqual([[1, 2, 3, 4], [5]]);
    expect([...recorder.iterMetrics()]).toEqual([next]);
  });

  test.each<[string, RegisteredMetric, number[]]>([
    ["another custom metric's", new EventLog("log"), [1, 2]],
    ["a declared metric's", defineMetric("log", { total: count(Numbered) }), [1, 2]],
  ])("its own name may become %s at the last event there is", (_, next, before) => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 2 });
    const log = new EventLog("log", (event) => {
      if (Numbered.is(event) && event.n === 2) recorder.registerMetric(next);
      return true;
    });
    recorder.registerMetric(log);
    for (let round = 0; round < 3; round++) {
      for (const n of [1, 2]) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
      recorder.getMetricSnapshots();
    }
    expect(log.numbers).toEqual(before);
    expect(Object.values(dimensionsOf(recorder, "log"))).toEqual([4]);
  });

  test("its own name may become a declared metric's", () => {
    const { recorder, log } = fromHandleEvent((self) => {
      self.registerMetric(defineMetric("log", { total: count(Numbered) }));
      self.registerEvent(Numbered({ n: 4 }));
    });
    expect(dimensionsOf(recorder, "log")).toEqual({ total: 1 });
    expect(log.numbers).toEqual([1, 2, 3]);
  });

  test("recorders may be created, fed and read, with metrics of their own", () => {
    const inner = new EventLog("inner");
    const { runtime, recorder, result } = fromHandleEvent((_, owner) => {
      const made = owner.createRecorder("b", {
        hooks: { onStarting: (self) => self.registerMetric(inner) },
      });
      for (const n of [7, 8]) made.registerEvent(Numbered({ n }));
      expect(made.getMetricSnapshots().inner?.dimensions).toEqual({ events: 0 });
      expect(owner.getRecorder("b")).toBe(made);
      return made;
    });
    recorder.getMetricSnapshots();
    expect(inner.numbers).toEqual([7, 8]);
    expect(result.getStatus()).toBe("RUNNING");
    runtime.shutdown();
  });

  test("stop() may be called: what was accepted is handled, then it is stopped", () => {
    const { recorder, log, result } = fromHandleEvent((self) => {
      const handle = self.stop();
      expect(thrownBy(() => self.registerEvent(Numbered({ n: 4 }))).name).toBe(
        "MetricsRecorderInvalidStateError",
      );
      expect(handle.wait(0)).toBeUndefined(); // it waits for this metric
      return handle;
    });
    expect(result.wait()).toMatchObject({ opName: "STOP", success: true });
    expect(log.numbers).toEqual([1, 2, 3]);
    expect(recorder.getStats()).toMatchObject({ accepted: 3, pending: 0, undelivered: 0 });
  });

  test("stop() of another recorder may be called, with events that its metric has to handle", () => {
    const runtime = startedRuntime();
    const [one, two] = ["a", "b"].map((id) => runtime.createRecorder(id)) as [
      MetricsRecorder,
      MetricsRecorder,
    ];
    const log = new EventLog();
    one.registerMetric(new EventLog("stops", () => two.stop()));
    two.registerMetric(log);
    for (let n = 0; n < 50; n++) two.registerEvent(Numbered({ n }));
    one.registerEvent(Numbered({ n: 1 }));
    one.getMetricSnapshots();
    runtime.stopRecorder("b");
    expect(log.numbers).toEqual(numbersFrom(0, 50));
    expect(two.getStats()).toMatchObject({ pending: 0, undelivered: 0 });
  });
});
