import { count, defineMetric, defineMetricEvent, label, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { collectGarbage } from "../support/collect-garbage.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, numberOf } from "../support/snapshots.js";

const hitsOf = (maxValues: number) =>
  defineMetricEvent(`hit.${maxValues}`, { path: label({ maxValues }) });

describe("beyond maxValues a label", () => {
  test("counts as <overflow>, and each time it does is counted", () => {
    const Hit = hitsOf(2);
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("hits", {
        total: count(Hit),
        a: count(Hit, { where: { path: "a" } }),
        overflow: count(Hit, { where: { path: "<overflow>" } }),
      }),
    );
    for (const path of ["a", "b", "c", "d", "c", "b", "e"]) {
      expect(recorder.registerEvent(Hit({ path }))).toBe(true);
    }
    // "a" is named by the metric and takes no room, so b and c have it.
    expect(dimensionsOf(recorder, "hits")).toEqual({ total: 7, a: 1, overflow: 2 });
    expect(recorder.getStats()).toMatchObject({ accepted: 7, labelsOverflowed: 2 });
  });

  test("is remembered by emitter and registerEvent alike", () => {
    const Hit = hitsOf(1);
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("hits", { overflow: count(Hit, { where: { path: "<overflow>" } }) }),
    );
    const emit = recorder.emitter(Hit, ["path"]);
    for (const path of ["a", "b", "a", "c"]) {
      expect(emit(path)).toBe(true);
      expect(recorder.registerEvent(Hit({ path }))).toBe(true);
    }
    expect(dimensionsOf(recorder, "hits").overflow).toBe(4);
    expect(recorder.getStats().labelsOverflowed).toBe(4);
  });

  test("is told apart again once a metric names it, for the events after", () => {
    const Hit = hitsOf(1);
    const recorder = startedRuntime().createRecorder("a");
    const emit = recorder.emitter(Hit, ["path"]);
    for (const path of ["a", "b", "c"]) emit(path);
    recorder.registerMetric(
      defineMetric("late", {
        total: count(Hit),
        a: count(Hit, { where: { path: "a" } }),
        c: count(Hit, { where: { path: "c" } }),
        overflow: count(Hit, { where: { path: "<overflow>" } }),
      }),
    );
    for (const path of ["a", "b", "c", "c", "d"]) emit(path);
    expect(dimensionsOf(recorder, "late")).toEqual({ total: 5, a: 1, c: 2, overflow: 2 });
    recorder.registerMetric(
      defineMetric("later", { d: count(Hit, { where: { path: ["d", "b"] } }) }),
    );
    for (const path of ["d", "b", "x", "d"]) emit(path);
    expect(dimensionsOf(recorder, "later")).toEqual({ d: 3 });
  });

  test("overflows for each field and each runtime by itself", () => {
    const Pair = defineMetricEvent("pair", {
      few: label({ maxValues: 1 }),
      many: label({ maxValues: 3 }),
    });
    for (const recorder of [startedRuntime(), startedRuntime()].map((runtime) =>
      runtime.createRecorder("a"),
    )) {
      for (const value of ["a", "b", "c"])
        recorder.registerEvent(Pair({ few: value, many: value }));
      recorder.stop().wait();
      expect(recorder.getStats().labelsOverflowed).toBe(2);
    }
  });
});

test("the text <overflow> as a value joins the overflow and takes no room", () => {
  const Hit = hitsOf(1);
  const recorder = startedRuntime().createRecorder("a");
  for (const path of ["<overflow>", "a", "<overflow>"]) recorder.registerEvent(Hit({ path }));
  recorder.stop().wait();
  expect(recorder.getStats().labelsOverflowed).toBe(2);
});

test("an event that is refused leaves no label behind", () => {
  const Hit = defineMetricEvent("sized.hit", { path: label({ maxValues: 1 }), bytes: uint32() });
  const recorder = startedRuntime().createRecorder("a");
  expect(recorder.registerEvent(Hit({ path: "a", bytes: -1 }))).toBe(false);
  expect(() => recorder.emitter(Hit, ["path", "bytes"])("b", "1" as never)).toThrow(TypeError);
  recorder.registerMetric(
    defineMetric("hits", { overflow: count(Hit, { where: { path: "<overflow>" } }) }),
  );
  expect(recorder.registerEvent(Hit({ path: "c", bytes: 1 }))).toBe(true);
  expect(dimensionsOf(recorder, "hits").overflow).toBe(0);
});

test("a flood of 100 000 values stays exact and takes no memory", () => {
  const Hit = hitsOf(1_000);
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 200_000 });
  recorder.registerMetric(
    defineMetric("hits", {
      total: count(Hit),
      overflow: count(Hit, { where: { path: "<overflow>" } }),
    }),
  );
  const emit = recorder.emitter(Hit, ["path"]);
  const flood = (prefix: string) => {
    let accepted = 0;
    for (let n = 0; n < 100_000; n++)
      accepted += emit(`/${prefix}/${n}/${"x".repeat(100)}`) ? 1 : 0;
    return accepted;
  };
  expect(flood("first")).toBe(100_000);
  expect(numberOf(recorder, "hits", "total")).toBe(100_000);
  collectGarbage();
  const before = process.memoryUsage();
  expect(flood("second")).toBe(100_000);
  expect(dimensionsOf(recorder, "hits")).toEqual({ total: 200_000, overflow: 199_000 });
  collectGarbage();
  const after = process.memoryUsage();
  // To remember the second flood's texts would take more than 10 MB.
  expect(after.heapUsed - before.heapUsed).toBeLessThan(4e6);
  expect(recorder.getStats().labelsOverflowed).toBe(199_000);
});
