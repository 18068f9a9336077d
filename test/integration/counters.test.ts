/** Counters and up-down counters without labels, beside event metrics. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  Metric,
  type MetricSnapshot,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", {});
const steps = defineMetric("steps", { total: count(Step) });
const withValue = (value: number) => ({ dimensions: { value } });

describe("a counter", () => {
  test("begins at 0 and is the sum of what was added, 1 if nothing is said", () => {
    const recorder = startedRuntime().createRecorder("a");
    const bytes = recorder.counter("bytes", { help: "Bytes written.", unit: "bytes" });
    expect(recorder.getMetricSnapshots()).toEqual({
      bytes: { name: "bytes", dimensions: { value: 0 } },
    });
    expect([bytes.add(), bytes.add(2.5), bytes.add(0), bytes.add(undefined)]).toEqual(
      Array(4).fill(true),
    );
    expect(recorder.getMetricSnapshots().bytes).toMatchObject(withValue(4.5));
    expect(recorder.getStats(), "no event").toMatchObject({ offered: 0, invalid: 0 });
  });

  test("refuses and counts what cannot be counted, and stays what it is", () => {
    const recorder = startedRuntime().createRecorder("a");
    const counter = recorder.counter("n", { help: "" });
    counter.add(3);
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, -5e-324];
    expect(bad.map((value) => counter.add(value))).toEqual(bad.map(() => false));
    expect(counter.add(-0), "-0 is no step down").toBe(true);
    expect(recorder.getStats().invalid).toBe(bad.length);
    expect(recorder.getMetricSnapshots().n).toMatchObject(withValue(3));
  });

  test("that goes both ways takes negative steps, and else refuses the same", () => {
    const recorder = startedRuntime().createRecorder("a");
    const inUse = recorder.upDownCounter("open", { help: "" });
    expect([inUse.add(2), inUse.add(-5), inUse.add(Number.NaN)]).toEqual([true, true, false]);
    expect(recorder.getMetricSnapshots().open).toMatchObject(withValue(-3));
    expect(recorder.getStats().invalid).toBe(1);
  });

  test("that has no labels is its own series of no labels, and there is no other", () => {
    const recorder = startedRuntime().createRecorder("a");
    const counter = recorder.counter("n", { help: "" });
    expect(counter.labels({})).toBe(counter);
    expect(thrownBy(() => counter.labels({ a: "x" } as never))).toMatchObject(INVALID_ARG_VALUE);
  });

  test("is the same for an equal definition, whatever the order of its options", () => {
    const recorder = startedRuntime().createRecorder("a");
    const counter = recorder.counter("n", { help: "h", unit: "s", labels: ["a"], maxSeries: 7 });
    const again = { maxSeries: 7, labels: ["a"], unit: "s", help: "h" } as const;
    expect(recorder.counter(" n ", again)).toBe(counter);
  });
});

describe("metrics and instruments", () => {
  test("stand side by side in a snapshot, in the order of registration", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.counter("first", { help: "" }).add(1);
    recorder.registerMetric(steps);
    recorder.upDownCounter("last", { help: "" }).add(-1);
    recorder.registerEvent(Step());
    const snapshots = recorder.getMetricSnapshots();
    expect(Object.keys(snapshots)).toEqual(["first", "steps", "last"]);
    expect(snapshots.steps).toMatchObject({ dimensions: { total: 1 } });
  });

  class Custom extends Metric {
    readonly metricName = "n";
    handleEvent(): boolean {
      return false;
    }
    snapshot(): MetricSnapshot {
      return { name: "n", dimensions: {} };
    }
  }

  test("share one name space: a name that is taken by anything else is refused", () => {
    const recorder = startedRuntime().createRecorder("a");
    const counter = recorder.counter("n", { help: "h" });
    recorder.registerMetric(steps);
    const taken = [
      () => recorder.upDownCounter("n", { help: "h" }),
      () => recorder.counter("n", { help: "h", unit: "s" }),
      () => recorder.counter("n", { help: "h", labels: ["a"] }),
      () => recorder.counter("n", { help: "h", maxSeries: 1 }),
      () => recorder.counter("steps", { help: "h" }),
      () => recorder.registerMetric(defineMetric("n", { total: count(Step) })),
      () => recorder.registerMetric(new Custom()),
    ];
    for (const call of taken) {
      const error = thrownBy(call);
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toMatch(/name/);
    }
    expect(counter.add(2)).toBe(true);
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["n", "steps"]);
    expect(recorder.getMetricSnapshots().n).toMatchObject(withValue(2));
  });
});

describe("in the life of a recorder a counter", () => {
  test("returns false and counts nothing while the recorder is stopped, and goes on afterwards", () => {
    const recorder = startedRuntime().createRecorder("a");
    const counter = recorder.counter("n", { help: "", labels: ["a"] });
    const kept = counter.labels({ a: "x" });
    kept.add(2);
    recorder.stop().wait();
    expect([kept.add(), kept.add(Number.NaN), counter.add(1, { a: "new" })]).toEqual(
      Array(3).fill(false),
    );
    expect(recorder.getStats().invalid).toBe(0);
    recorder.start().wait();
    expect(kept.add(3)).toBe(true);
    expect(recorder.getMetricSnapshots().n?.dimensions.value).toEqual([
      { labels: { a: "x" }, value: 5 },
    ]);
  });

  test("keeps its last value after a removal and after the end of the runtime", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const counter = recorder.counter("n", { help: "" });
    counter.add(4);
    runtime.stopAndRemoveRecorder("a");
    expect(counter.add()).toBe(false);
    expect(recorder.getMetricSnapshots().n).toMatchObject(withValue(4));
    const late = recorder.counter("n", { help: "" });
    expect(late, "still known here").toBe(counter);
    runtime.shutdown();
    expect(counter.add()).toBe(false);
    expect(recorder.getMetricSnapshots().n).toMatchObject(withValue(4));
    expect(thrownBy(() => recorder.counter("other", { help: "" }))).toMatchObject({
      code: "ERR_METRICS_RECORDER_INVALID_STATE",
    });
  });

  test("is what it was when the start in which it was written is taken back", () => {
    let fails = false;
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", {
      hooks: {
        onStarting(starting) {
          starting.counter("n", { help: "" }).add(10);
          if (fails) throw new Error("boom");
        },
      },
    });
    recorder.stop().wait();
    fails = true;
    expect(recorder.start().wait().success).toBe(false);
    expect(thrownBy(() => runtime.stopAndRemoveRecorder("a"))).toBeInstanceOf(Error);
    expect(recorder.getMetricSnapshots().n).toMatchObject(withValue(10));
  });

  test("with labels keeps no memory of those that it is given after the end", () => {
    const runtime = startedRuntime();
    const counter = runtime.createRecorder("a").counter("n", { help: "", labels: ["a"] });
    const known = counter.labels({ a: "x" });
    const recorder = runtime.stopAndRemoveRecorder("a");
    expect(counter.labels({ a: "x" })).toBe(known);
    expect(counter.labels({ a: "new" })).not.toBe(counter.labels({ a: "new" }));
    expect([known.add(), counter.labels({ a: "new" }).add()]).toEqual([false, false]);
    expect(recorder.getMetricSnapshots().n?.dimensions.value).toEqual([
      { labels: { a: "x" }, value: 0 },
    ]);
  });
});
