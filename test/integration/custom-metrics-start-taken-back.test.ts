import { count, defineMetric, type MetricsRecorder, type MetricsRuntime } from "metrics-runtime";
import { expect, onTestFinished, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const add = (recorder: MetricsRecorder, ...numbers: number[]) => {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
};

/** A creation whose hook registers a metric and four events, then throws. */
function failedCreation() {
  const runtime = startedRuntime();
  const log = new EventLog();
  let kept: MetricsRecorder | undefined;
  const onStarting = (self: MetricsRecorder): never => {
    kept = self;
    add(self, 0);
    self.registerMetric(log);
    add(self, 1, 2);
    self.getMetricSnapshots();
    add(self, 3);
    throw new Error("no");
  };
  expect(() => runtime.createRecorder("a", { hooks: { onStarting } })).toThrow("no");
  if (kept === undefined) throw new Error("the hook did not run");
  return { runtime, log, kept };
}

test("a creation that is taken back leaves no custom metric, and none of its events came", async () => {
  const { runtime, log, kept } = failedCreation();
  await new Promise((resolve) => setTimeout(resolve, 30)); // for a turn that should bring nothing
  runtime.createRecorder("b").getMetricSnapshots();
  for (const end of [() => {}, () => runtime.shutdown()]) {
    end();
    expect(log.events).toEqual([]);
    expect(kept.getMetricSnapshots()).toEqual({});
    expect([...kept.iterMetrics()]).toEqual([]);
  }
});

test("the events of a creation that is taken back count as dropped and as nothing else", () => {
  const { runtime, kept } = failedCreation();
  for (const end of [() => {}, () => runtime.shutdown()]) {
    end();
    expect(kept.getStats()).toMatchObject({
      offered: 4,
      accepted: 0,
      dropped: 4,
      dispatched: 0,
      pending: 0,
      undelivered: 0,
      quarantined: [],
    });
  }
});

/** A runtime in which a recorder fails, so that its end throws. */
function failingRuntime(): MetricsRuntime {
  const runtime = startedRuntime();
  onTestFinished(() => {
    if (runtime.getStatus() === "RUNNING") thrownBy(() => runtime.shutdown());
  });
  return runtime;
}

/** A recorder that has run, then failed to start again. */
function failedRestart(inside: (self: MetricsRecorder) => void) {
  const runtime = failingRuntime();
  let times = 0;
  const recorder = runtime.createRecorder("a", {
    hooks: {
      onStarting(self) {
        if (times++ === 0) return;
        inside(self);
        throw new Error("no");
      },
    },
  });
  const [log, other] = [new EventLog("log"), new EventLog("other")];
  recorder.registerMetric(log);
  recorder.registerMetric(other);
  add(recorder, 1, 2);
  expect(recorder.stop().wait().success).toBe(true);
  const result = recorder.start().wait();
  expect(result.error?.name).toBe("MetricsRecorderOnStartingHookFailedError");
  return { runtime, recorder, log, other };
}

test("a start that is taken back leaves the metrics as they were", () => {
  const [next, more] = [new EventLog("log"), new EventLog("more")];
  const { runtime, recorder, log, other } = failedRestart((self) => {
    add(self, 3);
    self.registerMetric(next);
    self.registerMetric(more);
    self.registerMetric(defineMetric("other", { total: count(Numbered) }));
    add(self, 4, 5);
    self.getMetricSnapshots();
  });
  expect(recorder.getStatus()).toBe("FAILURE");
  for (const end of [() => {}, () => thrownBy(() => runtime.shutdown())]) {
    end();
    expect([log, other].map(({ numbers }) => numbers)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect([next, more].map(({ events }) => events)).toEqual([[], []]);
    expect([...recorder.iterMetrics()]).toEqual([log, other]);
    expect(recorder.getMetricSnapshots()).toEqual({
      log: { name: "log", dimensions: { events: 2 } },
      other: { name: "other", dimensions: { events: 2 } },
    });
  }
});

test("the events of a start that is taken back count as dropped and as nothing else", () => {
  const { runtime, recorder } = failedRestart((self) => {
    add(self, 3);
    self.getMetricSnapshots();
    add(self, 4, 5);
  });
  for (const end of [() => {}, () => thrownBy(() => runtime.shutdown())]) {
    end();
    expect(recorder.getStats()).toMatchObject({
      offered: 5,
      accepted: 2,
      dropped: 3,
      dispatched: 2,
      pending: 0,
      undelivered: 0,
    });
  }
});

test("a start that is taken back takes back who was lifted from quarantine too", () => {
  const runtime = failingRuntime();
  let times = 0;
  const bad = new EventLog("bad", () => {
    throw new Error("no");
  });
  const recorder = runtime.createRecorder("a", {
    hooks: {
      onStarting(self) {
        if (times++ === 0) return;
        self.registerMetric(new EventLog("bad"));
        throw new Error("no");
      },
    },
  });
  recorder.registerMetric(bad);
  add(recorder, 1);
  recorder.stop().wait();
  expect(recorder.getStats().quarantined).toEqual(["bad"]);
  recorder.start().wait();
  expect([...recorder.iterMetrics()]).toEqual([bad]);
  expect(recorder.getStats().quarantined).toEqual(["bad"]);
});

test("what was taken back does not keep others from their events", () => {
  const { runtime, recorder } = failedRestart((self) => add(self, 3));
  expect(recorder.getStatus()).toBe("FAILURE");
  const [log, next] = [new EventLog(), runtime.createRecorder("b")];
  next.registerMetric(log);
  add(next, 1, 2, 3);
  runtime.stopAndRemoveRecorder("b");
  expect(log.numbers).toEqual([1, 2, 3]);
});
