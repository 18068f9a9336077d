import { count, defineMetric, type MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";

function recording(): MetricsRecorder {
  return startedRuntime().createRecorder("a");
}
const add = (recorder: MetricsRecorder, ...numbers: number[]) => {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
};
const declared = (name = "log") => defineMetric(name, { total: count(Numbered) });
const namesOf = (recorder: MetricsRecorder) => Object.keys(recorder.getMetricSnapshots());

describe("a metric of a name that is taken", () => {
  test("custom after custom: each sees the events of its own time", () => {
    const recorder = recording();
    const logs = Array.from({ length: 5 }, () => new EventLog());
    for (const [index, log] of logs.entries()) {
      recorder.registerMetric(log);
      add(recorder, 10 * index, 10 * index + 1);
    }
    recorder.getMetricSnapshots();
    expect(logs.map(({ numbers }) => numbers)).toEqual(
      logs.map((_, index) => [10 * index, 10 * index + 1]),
    );
    expect(dimensionsOf(recorder, "log")).toEqual({ events: 2 });
  });

  test("declared after custom: the custom one has what came before, the declared what comes", () => {
    const recorder = recording();
    const log = new EventLog();
    recorder.registerMetric(log);
    add(recorder, 1, 2, 3);
    recorder.registerMetric(declared());
    expect(log.numbers).toEqual([1, 2, 3]);
    expect(dimensionsOf(recorder, "log")).toEqual({ total: 0 });
    add(recorder, 4);
    expect(dimensionsOf(recorder, "log")).toEqual({ total: 1 });
    expect(log.numbers).toEqual([1, 2, 3]);
  });

  test("custom after declared: it sees what comes", () => {
    const recorder = recording();
    recorder.registerMetric(declared());
    add(recorder, 1, 2, 3);
    const log = new EventLog();
    recorder.registerMetric(log);
    add(recorder, 4);
    expect(dimensionsOf(recorder, "log")).toEqual({ events: 1 });
    expect(log.numbers).toEqual([4]);
    recorder.registerMetric(declared());
    expect(dimensionsOf(recorder, "log")).toEqual({ total: 0 });
  });

  test.each<[string, () => EventLog | ReturnType<typeof declared>]>([
    ["custom by custom", () => new EventLog("b")],
    ["custom by declared", () => declared("b")],
  ])("keeps its place among the others: %s", (_, make) => {
    const recorder = recording();
    const c = declared("c");
    const [b, a] = [new EventLog("b"), new EventLog("a")];
    for (const metric of [b, a, c]) recorder.registerMetric(metric);
    const replacement = make();
    recorder.registerMetric(replacement);
    expect(namesOf(recorder)).toEqual(["b", "a", "c"]);
    expect([...recorder.iterMetrics()]).toEqual([replacement, a, c]);
    const back = new EventLog("c");
    recorder.registerMetric(back);
    expect(namesOf(recorder)).toEqual(["b", "a", "c"]);
    expect([...recorder.iterMetrics()]).toEqual([replacement, a, back]);
  });

  test("its place is also that in which it is given events", () => {
    const recorder = recording();
    const order: string[] = [];
    const log = (name: string, mark = name) => new EventLog(name, () => order.push(mark));
    for (const name of ["b", "a", "c"]) recorder.registerMetric(log(name));
    recorder.registerMetric(log("b", "B"));
    add(recorder, 1);
    recorder.getMetricSnapshots();
    expect(order).toEqual(["B", "a", "c"]);
  });

  test("leaves the others as they are", () => {
    const recorder = recording();
    const kept = new EventLog("kept");
    recorder.registerMetric(kept);
    recorder.registerMetric(declared("count"));
    for (const metric of [new EventLog(), declared(), new EventLog()]) {
      recorder.registerMetric(metric);
      add(recorder, 1);
    }
    expect(dimensionsOf(recorder, "kept")).toEqual({ events: 3 });
    expect(dimensionsOf(recorder, "count")).toEqual({ total: 3 });
  });

  test("comes back from zero as another object, and goes on as the same object", () => {
    const recorder = recording();
    const log = new EventLog();
    recorder.registerMetric(log);
    add(recorder, 1);
    recorder.registerMetric(declared());
    add(recorder, 2);
    recorder.registerMetric(log);
    add(recorder, 3);
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual([1, 3]);
  });
});

describe("the same object under the same name", () => {
  test("changes nothing, and no event comes twice", () => {
    const recorder = recording();
    const log = new EventLog();
    for (const n of [1, 2, 3]) {
      recorder.registerMetric(log);
      add(recorder, n);
    }
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual([1, 2, 3]);
    expect([...recorder.iterMetrics()]).toEqual([log]);
  });

  test("in two recorders sees the events of both", () => {
    const runtime = startedRuntime();
    const [one, two] = ["a", "b"].map((id) => runtime.createRecorder(id)) as [
      MetricsRecorder,
      MetricsRecorder,
    ];
    const log = new EventLog();
    one.registerMetric(log);
    two.registerMetric(log);
    add(one, 1, 2);
    add(two, 3);
    two.getMetricSnapshots();
    expect([...log.numbers].sort()).toEqual([1, 2, 3]);
    expect([one, two].map((recorder) => dimensionsOf(recorder, "log"))).toEqual([
      { events: 3 },
      { events: 3 },
    ]);
    runtime.stopAndRemoveRecorder("a");
    add(two, 4);
    two.getMetricSnapshots();
    expect(log.numbers.at(-1)).toBe(4);
  });

  test("under another name is another metric: it is given each event twice", () => {
    const recorder = recording();
    const log = new EventLog("first");
    recorder.registerMetric(log);
    Object.assign(log, { metricName: "second" });
    recorder.registerMetric(log);
    add(recorder, 1);
    expect(namesOf(recorder)).toEqual(["first", "second"]);
    expect(log.numbers).toEqual([1, 1]);
  });
});

test("names are trimmed, so that padding makes no other name", () => {
  const recorder = recording();
  recorder.registerMetric(new EventLog(" log "));
  const log = new EventLog("log\n");
  recorder.registerMetric(log);
  expect(namesOf(recorder)).toEqual(["log"]);
  expect([...recorder.iterMetrics()]).toEqual([log]);
});

test("names may be those of the prototype of objects", () => {
  const recorder = recording();
  const names = ["__proto__", "constructor", "toString"];
  for (const name of names) recorder.registerMetric(new EventLog(name));
  add(recorder, 1);
  const snapshots = recorder.getMetricSnapshots();
  expect(Object.keys(snapshots)).toEqual(names);
  for (const name of names) expect(snapshots[name]?.dimensions).toEqual({ events: 1 });
});
