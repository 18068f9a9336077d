import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  histogram,
  oneOf,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf, histogramOf } from "../support/snapshots.js";

const Save = defineMetricEvent("save", { ms: float64(), bytes: uint32() });
const Started = defineMetricEvent("started", { kind: oneOf("READ", "WRITE") });
const Finished = defineMetricEvent("finished", { kind: oneOf("READ", "WRITE"), ms: float64() });

const recorderWith = (...metrics: Parameters<typeof defineMetric>[]) => {
  const recorder = startedRuntime().createRecorder("a");
  for (const [name, dimensions] of metrics) recorder.registerMetric(defineMetric(name, dimensions));
  return recorder;
};

test("without events there are zeros, and null where there is no smallest or largest", () => {
  const recorder = recorderWith([
    "empty",
    {
      count: count(Save),
      sum: sum(Save, "ms"),
      up_down: upDown([[Save, 1]]),
      histogram: histogram(Save, "ms", { buckets: [1] }),
    },
  ]);
  expect(dimensionsOf(recorder, "empty")).toEqual({
    count: 0,
    sum: 0,
    up_down: 0,
    histogram: {
      count: 0,
      sum: 0,
      min: null,
      max: null,
      buckets: [
        { le: 1, count: 0 },
        { le: Number.POSITIVE_INFINITY, count: 0 },
      ],
    },
  });
});

describe("count and sum", () => {
  test("take float64 and uint32 fields, each in full", () => {
    const recorder = recorderWith([
      "saves",
      { total: count(Save), ms: sum(Save, "ms"), bytes: sum(Save, "bytes") },
    ]);
    recorder.registerEvent(Save({ ms: -2.5, bytes: 2 ** 32 - 1 }));
    recorder.registerEvent(Save({ ms: 1e-3, bytes: 0 }));
    recorder.registerEvent(Save({ ms: Number.MAX_VALUE, bytes: 2 ** 32 - 1 }));
    expect(dimensionsOf(recorder, "saves")).toEqual({
      total: 3,
      ms: -2.5 + 1e-3 + Number.MAX_VALUE,
      bytes: 2 * (2 ** 32 - 1),
    });
  });

  test("add in the order of the events, in double precision", () => {
    const recorder = recorderWith(["saves", { ms: sum(Save, "ms") }]);
    const random = seededRandom(1);
    let expected = 0;
    for (let n = 0; n < 5_000; n++) {
      const ms = (random() - 0.5) * 10 ** Math.floor(random() * 12);
      expected += ms;
      expect(recorder.registerEvent(Save({ ms, bytes: n }))).toBe(true);
    }
    expect(dimensionsOf(recorder, "saves").ms).toBe(expected);
  });
});

describe("upDown", () => {
  test("adds each class's step, positive, negative or broken", () => {
    const recorder = recorderWith([
      "in_flight",
      {
        now: upDown([
          [Started, +1],
          [Finished, -1],
        ]),
        weighted: upDown([
          [Started, 0.5],
          [Finished, -2],
          [Save, 0],
        ]),
      },
    ]);
    for (let n = 0; n < 5; n++) recorder.registerEvent(Started({ kind: "READ" }));
    for (let n = 0; n < 7; n++) recorder.registerEvent(Finished({ kind: "READ", ms: n }));
    recorder.registerEvent(Save({ ms: 1, bytes: 1 }));
    expect(dimensionsOf(recorder, "in_flight")).toEqual({ now: -2, weighted: 2.5 - 14 });
  });

  test("applies its condition to every class", () => {
    const steps = [
      [Started, +1],
      [Finished, -1],
    ] as const;
    const recorder = recorderWith([
      "in_flight",
      {
        reads: upDown(steps, { where: { kind: "READ" } }),
        writes: upDown(steps, { where: { kind: "WRITE" } }),
      },
    ]);
    for (let n = 0; n < 3; n++) recorder.registerEvent(Started({ kind: "READ" }));
    recorder.registerEvent(Started({ kind: "WRITE" }));
    recorder.registerEvent(Finished({ kind: "READ", ms: 1 }));
    expect(dimensionsOf(recorder, "in_flight")).toEqual({ reads: 2, writes: 1 });
  });
});

describe("histogram", () => {
  test("puts a value into the first bucket whose bound is not below it", () => {
    const recorder = recorderWith([
      "saves",
      { ms: histogram(Save, "ms", { buckets: [-1, 0, 1, 10] }) },
    ]);
    for (const ms of [-5, -1, -0.5, -0, 0, 0.1, 1, 1.0000001, 10, 11]) {
      recorder.registerEvent(Save({ ms, bytes: 0 }));
    }
    const { buckets, count: total, min, max } = histogramOf(recorder, "saves", "ms");
    expect(buckets).toEqual([
      { le: -1, count: 2 },
      { le: 0, count: 3 },
      { le: 1, count: 2 },
      { le: 10, count: 2 },
      { le: Number.POSITIVE_INFINITY, count: 1 },
    ]);
    expect({ total, min, max }).toEqual({ total: 10, min: -5, max: 11 });
  });

  test.each([1, 2, 31, 32, 33, 200, 1_000])("agrees with a plain model over %i buckets", (size) => {
    const bounds = Array.from({ length: size }, (_, index) => (index - size / 3) * 1.5);
    const recorder = recorderWith([
      "saves",
      {
        ms: histogram(Save, "ms", { buckets: bounds }),
        bytes: histogram(Save, "bytes", { buckets: bounds }),
      },
    ]);
    const random = seededRandom(size);
    const values: number[] = [...bounds];
    for (let n = 0; n < 2_000; n++) values.push((random() - 0.4) * size * 2);
    for (const ms of values) {
      expect(recorder.registerEvent(Save({ ms, bytes: Math.max(0, Math.round(ms)) }))).toBe(true);
    }
    expect(histogramOf(recorder, "saves", "ms")).toEqual(modelOf(values, bounds));
    const bytes = values.map((ms) => Math.max(0, Math.round(ms)));
    expect(histogramOf(recorder, "saves", "bytes")).toEqual(modelOf(bytes, bounds));
  });
});

function modelOf(values: readonly number[], bounds: readonly number[]) {
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((le) => ({ le, count: 0 }));
  for (const value of values) {
    const bucket = buckets.find(({ le }) => value <= le);
    if (bucket !== undefined) bucket.count++;
  }
  return {
    count: values.length,
    sum: values.reduce((total, value) => total + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    buckets,
  };
}
