/** Observable gauges: values that are asked for when a snapshot is taken. */
import { MetricsRuntime, type Observe } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const HELP = { help: "" };
const newRecorder = () => startedRuntime().createRecorder("a");

describe("an observable gauge", () => {
  test("is asked once for each snapshot, and not before", () => {
    const recorder = newRecorder();
    let asked = 0;
    const gauge = recorder.observableGauge(" g ", HELP, () => ++asked);
    expect([gauge.name, asked]).toEqual(["g", 0]);
    for (const expected of [1, 2, 3]) {
      expect(dimensionsOf(recorder, "g")).toEqual({ value: expected });
    }
    expect(asked).toBe(3);
  });

  test("is asked in the order of registration, and stands in that order among the metrics", () => {
    const recorder = newRecorder();
    const asked: string[] = [];
    const ask = (name: string) =>
      recorder.observableGauge(name, HELP, (observe) => {
        asked.push(name);
        return observe(asked.length);
      });
    ask("first");
    recorder.counter("between", HELP);
    ask("second");
    ask("third");
    const snapshots = recorder.getMetricSnapshots();
    expect(asked).toEqual(["first", "second", "third"]);
    expect(Object.keys(snapshots)).toEqual(["first", "between", "second", "third"]);
    expect(snapshots.third?.dimensions).toEqual({ value: 3 });
  });

  test("is what was said last, and null when nothing was said", () => {
    const recorder = newRecorder();
    let say: readonly number[] = [1, -2.5, 0];
    recorder.observableGauge("said", HELP, (observe) => {
      for (const value of say) expect(observe(value)).toBe(true);
    });
    recorder.observableGauge("said_and_returned", HELP, (observe) => {
      observe(1);
      return say.length;
    });
    expect(dimensionsOf(recorder, "said")).toEqual({ value: 0 });
    expect(dimensionsOf(recorder, "said_and_returned")).toEqual({ value: 3 });
    say = [];
    expect(dimensionsOf(recorder, "said")).toEqual({ value: null });
    say = [7];
    expect(dimensionsOf(recorder, "said")).toEqual({ value: 7 });
  });

  test("with labels has the series that were observed this time, and no others", () => {
    const recorder = newRecorder();
    let disks: Record<string, number> = { sda: 1, sdb: 2 };
    recorder.observableGauge("free", { help: "", unit: "bytes", labels: ["disk"] }, (observe) => {
      for (const [disk, value] of Object.entries(disks)) observe(value, { disk });
    });
    const rows = () => rowsOf(recorder, "free", "value");
    expect(rows()).toEqual([
      ["sda", 1],
      ["sdb", 2],
    ]);
    disks = { sdb: 3, sdc: 4 };
    expect(rows()).toEqual([
      ["sdb", 3],
      ["sdc", 4],
    ]);
    disks = {};
    expect(rows()).toEqual([]);
    disks = { sda: 0, sdc: 5 };
    expect(rows()).toEqual([
      ["sda", 0],
      ["sdc", 5],
    ]);
  });

  test.each(["last", "sum", "min", "max"] as const)(
    "of one thread is what that observes, combined by %s",
    (combine) => {
      const recorder = newRecorder();
      let value = 3;
      recorder.observableGauge("g", { help: "", combine }, () => value);
      expect(dimensionsOf(recorder, "g")).toEqual({ value: 3 });
      value = -1;
      expect(dimensionsOf(recorder, "g")).toEqual({ value: -1 });
    },
  );

  test("has one overflow series beyond maxSeries, and that too only when it is observed", () => {
    const recorder = newRecorder();
    let users = ["a", "b", "c", "d"];
    recorder.observableGauge("g", { help: "", labels: ["user"], maxSeries: 2 }, (observe) => {
      for (const [index, user] of users.entries()) observe(index, { user });
    });
    expect(rowsOf(recorder, "g", "value")).toEqual([
      ["a", 0],
      ["b", 1],
      ["true", 3],
    ]);
    expect(recorder.getStats().seriesOverflowed).toBe(2);
    users = ["b"];
    expect(rowsOf(recorder, "g", "value")).toEqual([["b", 0]]);
  });
});

describe("what is observed", () => {
  test("that cannot be counted is refused, counted as invalid, and observes nothing", () => {
    const recorder = newRecorder();
    const answers: boolean[] = [];
    recorder.observableGauge("g", { help: "", labels: ["place"] }, (observe) => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        answers.push(observe(value, { place: "here" }));
      }
      answers.push(observe(1, { place: "x".repeat(1_025) }));
      answers.push(observe(1, { place: "there" }));
    });
    recorder.observableGauge("returned", HELP, () => Number.NaN);
    expect(rowsOf(recorder, "g", "value")).toEqual([["there", 1]]);
    expect(answers).toEqual([false, false, false, false, true]);
    expect(recorder.getStats()).toMatchObject({ invalid: 5, observationsFailed: 0 });
    expect(dimensionsOf(recorder, "returned")).toEqual({ value: null });
  });

  test("of a wrong type throws inside the callback, which may catch it", () => {
    const recorder = newRecorder();
    recorder.observableGauge("g", { help: "", labels: ["place"] }, (observe) => {
      const loose = observe as unknown as (...args: unknown[]) => boolean;
      for (const value of [undefined, null, "1", 1n, {}]) {
        expect(thrownBy(() => loose(value, { place: "here" }))).toMatchObject(INVALID_ARG_TYPE);
      }
      expect(thrownBy(() => loose(1))).toMatchObject(INVALID_ARG_TYPE);
      expect(thrownBy(() => loose(1, {}))).toMatchObject(INVALID_ARG_TYPE);
      expect(thrownBy(() => loose(1, { place: 1 }))).toMatchObject(INVALID_ARG_TYPE);
      const surplus = { place: "here", other: "x" };
      expect(thrownBy(() => loose(1, surplus))).toMatchObject(INVALID_ARG_VALUE);
      observe(2, { place: "here" });
    });
    expect(rowsOf(recorder, "g", "value")).toEqual([["here", 2]]);
    expect(recorder.getStats()).toMatchObject({ invalid: 0, observationsFailed: 0 });
  });

  test("after the callback has returned is refused, and changes nothing", () => {
    const recorder = newRecorder();
    const kept: Observe[] = [];
    recorder.observableGauge("g", HELP, (observe) => {
      // Those of passes before are over, also while another pass goes on.
      expect(kept.map((before) => before(9))).toEqual(kept.map(() => false));
      kept.push(observe);
      observe(1);
    });
    expect(dimensionsOf(recorder, "g")).toEqual({ value: 1 });
    expect(dimensionsOf(recorder, "g")).toEqual({ value: 1 });
    const later = kept[1] as unknown as (value: unknown) => boolean;
    expect([later(5), later(Number.NaN), later("5")]).toEqual([false, false, false]);
    recorder.stop().wait();
    expect(dimensionsOf(recorder, "g")).toEqual({ value: 1 });
    expect(recorder.getStats()).toMatchObject({ invalid: 0, observationsFailed: 0 });
  });
});

test("callbacks of several handles on one recorder all run, whichever is asked", () => {
  const runtime = startedRuntime();
  const options = { help: "", labels: ["handle"] } as const;
  const recorders = [runtime, MetricsRuntime.attach(runtime.share())].map((handle, index) => {
    const recorder = index === 0 ? handle.createRecorder("a") : handle.getRecorder("a");
    let asked = 0;
    recorder.observableGauge("g", options, (observe) => observe(++asked, { handle: `${index}` }));
    return recorder;
  });
  runtime.createRecorder("b").observableGauge("g", HELP, () => {
    throw new Error("of another recorder");
  });
  const third = MetricsRuntime.attach(runtime.share()).getRecorder("a");
  for (const [index, recorder] of [...recorders, third].entries()) {
    expect(rowsOf(recorder, "g", "value")).toEqual([
      ["0", index + 1],
      ["1", index + 1],
    ]);
  }
  expect(runtime.getRecorder("b").getStats().observationsFailed).toBe(0);
});
