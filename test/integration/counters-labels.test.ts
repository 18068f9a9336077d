/** Label sets: which series an addition goes to, and what becomes of too many. */
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

function labelled(maxSeries?: number) {
  const recorder = startedRuntime().createRecorder("a");
  const counter = recorder.counter("n", { help: "", labels: ["a", "b"], maxSeries });
  return { recorder, counter, rows: () => rowsOf(recorder, "n", "value") };
}

describe("label sets", () => {
  test("that differ are different series, whatever a text of them would be", () => {
    const { counter, rows } = labelled();
    const sets = [
      ["x,b:y", "z"],
      ["x", "b:y,z"],
      ["", ""],
      ["\u0000", ""],
      ["", "\u0000"],
      ["__proto__", "constructor"],
      ["1", "01"],
      ["<overflow>", "{}"],
    ] as const;
    for (const [index, [a, b]] of sets.entries()) counter.add(index + 1, { a, b });
    for (const [a, b] of sets) counter.labels({ b, a }).add(100);
    expect(rows()).toEqual(sets.map(([a, b], index) => [a, b, 101 + index]));
  });

  test("are the same for the same values, in whatever order and object they come", () => {
    const { counter, rows } = labelled();
    const kept = counter.labels({ a: "x", b: "y" });
    expect(counter.labels({ b: "y", a: "x" })).toBe(kept);
    counter.add(1, { b: "y", a: "x" });
    counter.add(1, Object.assign(Object.create(null), { a: "x", b: "y" }));
    counter.add(1, Object.assign(Object.create({ inherited: 1 }), { a: "x", b: "y" }));
    expect(rows()).toEqual([["x", "y", 3]]);
  });

  test("are copied: changing the object afterwards changes nothing", () => {
    const { counter, rows } = labelled();
    const labels = { a: "x", b: "y" };
    const kept = counter.labels(labels);
    labels.a = "changed";
    kept.add();
    expect(rows()).toEqual([["x", "y", 1]]);
  });

  test("have no series before they are used", () => {
    expect(labelled().rows()).toEqual([]);
  });

  test("with a text that cannot be counted refuse and count, and labels() says so", () => {
    const { recorder, counter, rows } = labelled();
    for (const a of ["\ud800", "x".repeat(1_025)]) {
      expect(counter.add(1, { a, b: "" })).toBe(false);
      const error = thrownBy(() => counter.labels({ a, b: "" }));
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toContain('"labels.a"');
    }
    expect(recorder.getStats().invalid).toBe(2);
    expect(rows()).toEqual([]);
  });

  test.each([
    ["none", undefined, INVALID_ARG_TYPE, '"labels"'],
    ["null", null, INVALID_ARG_TYPE, '"labels"'],
    ["an array", ["x", "y"], INVALID_ARG_TYPE, '"labels"'],
    ["one missing", { a: "x" }, INVALID_ARG_TYPE, '"labels.b"'],
    ["one too many", { a: "x", b: "y", c: "z" }, INVALID_ARG_VALUE, '"labels.c"'],
    ["one misspelt", { a: "x", B: "y" }, INVALID_ARG_VALUE, '"labels.B"'],
    ["a number", { a: "x", b: 1 }, INVALID_ARG_TYPE, '"labels.b"'],
    ["one undefined", { a: "x", b: undefined }, INVALID_ARG_TYPE, '"labels.b"'],
  ])("that are none are refused, and change nothing: %s", (_, labels, expected, named) => {
    const { recorder, counter, rows } = labelled();
    for (const call of [
      () => counter.add(1, labels as never),
      () => counter.labels(labels as never),
    ]) {
      const error = thrownBy(call);
      expect(error).toMatchObject(expected);
      expect(error.message).toContain(named);
    }
    expect(rows()).toEqual([]);
    expect(recorder.getStats().invalid).toBe(0);
  });

  test("of an instrument without labels are refused, but for an empty one", () => {
    const counter = startedRuntime().createRecorder("a").counter("n", { help: "" });
    const loose = counter as unknown as { add(value: number, labels: object): boolean };
    expect(loose.add(1, {})).toBe(true);
    expect(thrownBy(() => loose.add(1, { a: "x" }))).toMatchObject(INVALID_ARG_VALUE);
  });
});

test("what a getter of the labels throws is wrapped, and changes nothing", () => {
  const { counter, rows } = labelled();
  const cause = new Error("by the getter");
  const labels = {
    a: "x",
    get b(): string {
      throw cause;
    },
  };
  for (const call of [() => counter.add(1, labels), () => counter.labels(labels)]) {
    expect(thrownBy(call)).toMatchObject({ code: "ERR_METRICS_RECORDER_UNEXPECTED", cause });
  }
  expect(rows()).toEqual([]);
});

describe("beyond maxSeries", () => {
  test("all goes to one overflow series, last, and each time is counted", () => {
    const { recorder, counter, rows } = labelled(2);
    counter.add(1, { a: "1", b: "" });
    counter.add(1, { a: "2", b: "" });
    for (let n = 0; n < 1_000; n++) counter.add(2, { a: `${n + 3}`, b: "" });
    counter.labels({ a: "late", b: "" }).add(5);
    counter.add(10, { a: "2", b: "" });
    expect(rows()).toEqual([
      ["1", "", 1],
      ["2", "", 11],
      ["true", 2_005],
    ]);
    expect(recorder.getStats().seriesOverflowed).toBe(1_001);
  });

  test("what was meant for a series that did not come is nothing to the next instrument", () => {
    const recorder = startedRuntime().createRecorder("a");
    const options = { help: "", labels: ["a"], maxSeries: 1, buckets: [1] } as const;
    const histogram = recorder.histogram("h", options);
    for (const a of ["1", "2", "3"]) histogram.record(0, { a });
    for (let n = 0; n < 5; n++) recorder.counter(`c${n}`, { help: "" }).add(n);
    histogram.record(0, { a: "4" });
    recorder.counter("last", { help: "" });
    const snapshots = recorder.getMetricSnapshots();
    const values = ["c0", "c1", "c2", "c3", "c4", "last"].map(
      (name) => snapshots[name]?.dimensions.value,
    );
    expect(values).toEqual([0, 1, 2, 3, 4, 0]);
  });
});
