import { count, defineMetric, type MetricsRecorder, type RegisteredMetric } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";

function failing(name: string) {
  const state = { fails: true };
  const log = new EventLog(name, () => {
    if (state.fails) throw new Error("no");
    return true;
  });
  return { state, log };
}
function add(recorder: MetricsRecorder, ...numbers: number[]): void {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
  recorder.getMetricSnapshots();
}

/** A recorder with two metrics in quarantine, between others. */
function scene() {
  const recorder = startedRuntime().createRecorder("a");
  const [bad, worse] = [failing("bad"), failing("worse")];
  for (const metric of [new EventLog("first"), bad.log, new EventLog("mid"), worse.log]) {
    recorder.registerMetric(metric);
  }
  add(recorder, 1, 2);
  expect(recorder.getStats().quarantined).toEqual(["bad", "worse"]);
  return { recorder, bad, worse };
}

describe("registering the name again lifts the quarantine of that name alone:", () => {
  test("with the same object, which goes on from now on", () => {
    const { recorder, bad } = scene();
    bad.state.fails = false;
    recorder.registerMetric(bad.log);
    expect(recorder.getStats().quarantined).toEqual(["worse"]);
    add(recorder, 3, 4);
    expect(bad.log.numbers).toEqual([1, 3, 4]);
    expect(recorder.getStats().quarantined).toEqual(["worse"]);
  });

  test("with another object, from zero", () => {
    const { recorder, bad } = scene();
    const next = new EventLog("bad");
    recorder.registerMetric(next);
    add(recorder, 3);
    expect(recorder.getStats().quarantined).toEqual(["worse"]);
    expect(dimensionsOf(recorder, "bad")).toEqual({ events: 1 });
    expect([bad.log.numbers, next.numbers]).toEqual([[1], [3]]);
  });

  test("with a declared metric", () => {
    const { recorder } = scene();
    recorder.registerMetric(defineMetric("bad", { total: count(Numbered) }));
    add(recorder, 3);
    expect(recorder.getStats().quarantined).toEqual(["worse"]);
    expect(dimensionsOf(recorder, "bad")).toEqual({ total: 1 });
  });

  test.each<[string, RegisteredMetric]>([
    ["another name", new EventLog("other")],
    ["a declared metric of another name", defineMetric("other", { total: count(Numbered) })],
    ["a metric that was never in quarantine", new EventLog("mid")],
  ])("not with %s", (_, metric) => {
    const { recorder } = scene();
    recorder.registerMetric(metric);
    expect(recorder.getStats().quarantined).toEqual(["bad", "worse"]);
  });
});

test("what throws again is in quarantine again, and keeps its place in the snapshots", () => {
  const { recorder, bad } = scene();
  for (let times = 0; times < 3; times++) {
    recorder.registerMetric(bad.log);
    expect(recorder.getStats().quarantined).toEqual(["worse"]);
    add(recorder, 3, 4);
    expect(recorder.getStats().quarantined).toEqual(["worse", "bad"]);
  }
  expect(bad.log.numbers).toEqual([1, 3, 3, 3]);
  expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["first", "bad", "mid", "worse"]);
});

test("a quarantine is of one recorder, and outlives a stop and the end", () => {
  const runtime = startedRuntime();
  const [one, two] = ["a", "b"].map((id) => runtime.createRecorder(id)) as [
    MetricsRecorder,
    MetricsRecorder,
  ];
  const { state, log } = failing("bad");
  for (const recorder of [one, two]) recorder.registerMetric(log);
  add(one, 1);
  state.fails = false;
  add(two, 2);
  expect([one, two].map((recorder) => recorder.getStats().quarantined)).toEqual([["bad"], []]);
  one.stop().wait();
  one.start().wait();
  add(one, 3);
  expect(one.getStats().quarantined).toEqual(["bad"]);
  runtime.shutdown();
  expect(one.getStats().quarantined).toEqual(["bad"]);
  expect(log.numbers).toEqual([1, 2]);
});

test("a metric that throws at an event of its own past leaves the one that took its name alone", () => {
  const recorder = startedRuntime().createRecorder("a");
  const next = new EventLog();
  const bad = new EventLog("log", (event) => {
    if (!Numbered.is(event)) return false;
    if (event.n === 1) recorder.registerMetric(next);
    if (event.n === 2) throw new Error("no");
    return true;
  });
  recorder.registerMetric(bad);
  add(recorder, 1, 2, 3);
  add(recorder, 4);
  expect(recorder.getStats().quarantined).toEqual([]);
  expect([bad.numbers, next.numbers]).toEqual([[1, 2], [4]]);
});
