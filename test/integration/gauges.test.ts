/** Gauges: what was set last, on one thread and over several. */
import type { GaugeCombine } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, thrownBy } from "../support/thrown.js";
import { startThreads } from "../support/workers.js";

function gaugeOf(combine?: GaugeCombine) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const gauge = recorder.gauge("g", { help: "", combine });
  return {
    runtime,
    recorder,
    gauge,
    value: () => recorder.getMetricSnapshots().g?.dimensions.value,
  };
}

describe("a gauge", () => {
  test("is null until it is set, then what it was set to last", () => {
    const { gauge, value } = gaugeOf();
    expect(value()).toBe(null);
    expect([gauge.set(3), gauge.set(-2.5)]).toEqual([true, true]);
    expect(value()).toBe(-2.5);
    gauge.set(0);
    expect(value()).toBe(0);
  });

  test("adds to what it was set to", () => {
    const { gauge, value } = gaugeOf();
    expect([gauge.add(), gauge.add(4), gauge.add(-2)]).toEqual([true, true, true]);
    expect(value()).toBe(3);
  });

  test("refuses and counts what cannot be counted, and stays what it is", () => {
    const { recorder, gauge, value } = gaugeOf();
    gauge.set(Number.MAX_VALUE);
    const refused = [
      gauge.set(Number.NaN),
      gauge.set(Number.POSITIVE_INFINITY),
      gauge.add(Number.NEGATIVE_INFINITY),
      gauge.add(Number.MAX_VALUE),
    ];
    expect(refused).toEqual([false, false, false, false]);
    expect(recorder.getStats().invalid).toBe(4);
    expect(value()).toBe(Number.MAX_VALUE);
    const loose = gauge as unknown as { set(value?: unknown): boolean };
    for (const bad of [undefined, null, "1", 1n]) {
      expect(thrownBy(() => loose.set(bad))).toMatchObject(INVALID_ARG_TYPE);
    }
  });

  test("with labels has a value for each series", () => {
    const recorder = startedRuntime().createRecorder("a");
    const gauge = recorder.gauge("g", { help: "", labels: ["disk"], unit: "bytes" });
    const kept = gauge.labels({ disk: "sdb" });
    gauge.set(10, { disk: "sda" });
    kept.set(20);
    kept.add(1);
    gauge.add(undefined, { disk: "sda" });
    expect(rowsOf(recorder, "g", "value")).toEqual([
      ["sdb", 21],
      ["sda", 11],
    ]);
  });
});

describe("over several threads", () => {
  /** Sets 5 here, then 2 and 9 on two others, one after the other; those then end. */
  async function threeThreads(combine: GaugeCombine) {
    const { runtime, gauge, value } = gaugeOf(combine);
    gauge.set(5);
    const threads = await startThreads(2, runtime);
    for (const [index, thread] of threads.entries()) {
      await thread.run(
        ({ runtime }, set, combine) => {
          runtime.getRecorder("a").gauge("g", { help: "", combine }).set(set);
        },
        [2, 9][index] ?? 0,
        combine,
      );
    }
    const together = value();
    for (const thread of threads) await thread.worker.terminate();
    const afterwards = value();
    gauge.set(6);
    return { together, afterwards, setAgain: value() };
  }

  test.each([
    ["last", { together: 9, afterwards: 9, setAgain: 6 }],
    ["sum", { together: 16, afterwards: 5, setAgain: 6 }],
    ["min", { together: 2, afterwards: 5, setAgain: 6 }],
    ["max", { together: 9, afterwards: 5, setAgain: 6 }],
  ] as const)(
    "%s: values come together, and stay or leave with their thread",
    async (combine, expected) => {
      expect(await threeThreads(combine)).toEqual(expected);
    },
  );

  test("keeps its last value after the end of the runtime, however it is combined", () => {
    for (const combine of ["last", "sum", "min", "max"] as const) {
      const { runtime, gauge, value } = gaugeOf(combine);
      gauge.set(7);
      runtime.shutdown();
      expect([gauge.set(8), value()]).toEqual([false, 7]);
    }
  });

  test("the value is that of the most recent set, also when one thread was alone before", async () => {
    const { runtime, gauge, value } = gaugeOf();
    for (let set = 0; set < 10_000; set++) gauge.set(set);
    const threads = await startThreads(2, runtime);
    const set = (index: number, to: number) =>
      threads[index]?.run(({ runtime }, to) => {
        runtime.getRecorder("a").gauge("g", { help: "" }).set(to);
      }, to);
    const seen: unknown[] = [value()];
    for (const [index, to] of [
      [0, 1],
      [1, 2],
      [0, 3],
    ] as const) {
      await set(index, to);
      seen.push(value());
      gauge.set(-to);
      seen.push(value());
    }
    await threads[0]?.worker.terminate();
    seen.push(value());
    await set(1, 4);
    seen.push(value());
    await threads[1]?.worker.terminate();
    seen.push(value());
    gauge.set(5);
    expect([...seen, value()]).toEqual([9_999, 1, -1, 2, -2, 3, -3, -3, 4, 4, 5]);
  });
});
