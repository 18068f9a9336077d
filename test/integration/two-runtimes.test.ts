import { count, defineMetric, defineMetricEvent, label, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { renderedSamples } from "../support/expositions.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";

const Step = defineMetricEvent("step", { size: uint32() });
const steps = defineMetric("steps", { total: count(Step) });

describe("two runtimes in one process share", () => {
  test("no thread, no registry, no counts", () => {
    const [one, other] = [startedRuntime(), startedRuntime()];
    expect(one.getStats().threadId).not.toBe(other.getStats().threadId);
    const recorder = one.createRecorder("a");
    expect(other.tryGetRecorder("a")).toBeUndefined();
    const twin = other.createRecorder("a");
    for (const each of [recorder, twin]) each.registerMetric(steps);
    for (let n = 0; n < 10; n++) recorder.registerEvent(Step({ size: n }));
    expect(numberOf(recorder, "steps", "total")).toBe(10);
    expect(numberOf(twin, "steps", "total")).toBe(0);
    expect(twin.getStats().offered).toBe(0);
    expect(other.getStats().eventsDrained).toBe(0);
  });

  test("no end: one goes on when the other is shut down", () => {
    const [one, other] = [startedRuntime(), startedRuntime()];
    const recorder = other.createRecorder("a");
    recorder.registerMetric(steps);
    recorder.registerEvent(Step({ size: 1 }));
    one.shutdown();
    expect(other.getStatus()).toBe("RUNNING");
    recorder.registerEvent(Step({ size: 1 }));
    expect(numberOf(recorder, "steps", "total")).toBe(2);
  });

  test("no event classes: each may know a type with fields of its own", () => {
    const [one, other] = [startedRuntime(), startedRuntime()];
    const Small = defineMetricEvent("same.type", { size: uint32() });
    const Large = defineMetricEvent("same.type", { size: uint32(), path: label() });
    expect(one.createRecorder("a").registerEvent(Small({ size: 1 }))).toBe(true);
    expect(other.createRecorder("a").registerEvent(Large({ size: 1, path: "x" }))).toBe(true);
  });
});

describe("a render asks the observable gauges of its own runtime alone", () => {
  /** Two runtimes with a gauge each, and how often its callback was called. */
  function observed() {
    const [one, other] = [startedRuntime(), startedRuntime()];
    const calls = { one: 0, other: 0 };
    const mine = one.createRecorder("a");
    mine.observableGauge("now", { help: "" }, () => ++calls.one);
    const theirs = other.createRecorder("a");
    theirs.observableGauge("now", { help: "" }, () => {
      calls.other++;
      throw new Error("it would be counted");
    });
    return { one, mine, theirs, calls };
  }

  test("and nothing is counted in the others", async () => {
    const { one, mine, theirs, calls } = observed();
    for (const source of [one, mine]) {
      const samples = await renderedSamples(source);
      expect(samples).toEqual({ 'test_now{recorder="a"}': calls.one });
      source.renderSync("json");
    }
    expect(calls).toEqual({ one: 4, other: 0 });
    expect(theirs.getStats().observationsFailed).toBe(0);
    theirs.renderSync("json");
    expect(calls).toEqual({ one: 4, other: 1 });
    expect(theirs.getStats().observationsFailed).toBe(1);
  });

  test("and none of others when it is closed", async () => {
    const { one, mine, theirs, calls } = observed();
    one.shutdown();
    for (const source of [one, mine]) {
      await expect(source.render("json")).rejects.toThrow("'CLOSED'");
      expect(() => source.renderSync("json")).toThrow("'CLOSED'");
    }
    expect(calls).toEqual({ one: 0, other: 0 });
    expect(theirs.getStats().observationsFailed).toBe(0);
  });
});

test("a hundred runtimes one after the other leave nothing behind", () => {
  for (let n = 0; n < 100; n++) {
    const runtime = startedRuntime({ namespace: `run-${n}` });
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(steps);
    recorder.registerEvent(Step({ size: n }));
    runtime.shutdown();
    expect(numberOf(recorder, "steps", "total")).toBe(1);
  }
});
