/** Exponential histograms that are written directly: what an event metric gives for the same data. */
import {
  defineMetric,
  defineMetricEvent,
  exponentialHistogram,
  float64,
  type HistogramSeries,
  label,
  type MetricsRecorder,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf, exponentialOf, rowsOf } from "../support/snapshots.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Measured = defineMetricEvent("measured", { value: float64() });
const Placed = defineMetricEvent("placed", { value: float64(), place: label() });

const MAX_SIZES = [2, 3, 20, 160, 4_096] as const;
const EMPTY = {
  scale: 8,
  zeroCount: 0,
  positive: { offset: 0, counts: [] },
  negative: { offset: 0, counts: [] },
  count: 0,
  sum: 0,
  min: null,
  max: null,
};

const random = seededRandom(7);
const many = (make: (n: number) => number, count = 1_000): number[] =>
  Array.from({ length: count }, (_, n) => make(n));
const anySign = () => (random() < 0.5 ? -1 : 1);

function shuffled(values: readonly number[]): number[] {
  return values
    .map((value) => [random(), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

function withNeighbours(value: number): number[] {
  const bits = new BigInt64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  const neighbours = [bits - 1n, bits, bits + 1n].map(
    (each) => new Float64Array(BigInt64Array.of(each).buffer)[0] ?? 0,
  );
  return neighbours.filter(Number.isFinite);
}

function anyDouble(): number {
  const words = Uint32Array.from([random() * 2 ** 32, random() * 2 ** 32]);
  const value = new Float64Array(words.buffer)[0] ?? 0;
  return Number.isFinite(value) ? value : 1;
}

const DISTRIBUTIONS: readonly [string, readonly number[]][] = [
  ["nothing", []],
  ["one value", [0.3]],
  ["one value, often", many(() => -7.25, 300)],
  ["zeros of both signs", [0, -0, 0, -0]],
  ["latencies", many(() => Math.exp(3 * random()))],
  ["latencies and a few that failed", many((n) => (n % 97 === 0 ? 1e6 : 0.01) * (1 + random()))],
  [
    "every power of two and its neighbours by one ulp",
    shuffled(many((n) => 2 ** (n - 1_074), 2_098).flatMap(withNeighbours)).map(
      (x) => anySign() * x,
    ),
  ],
  [
    "ordinary powers of two and their neighbours by one ulp",
    many((n) => 2 ** (n - 20), 41).flatMap(withNeighbours),
  ],
  ["subnormal numbers", many(() => anySign() * random() * 2 ** -1_022)],
  [
    "subnormal numbers of every length",
    many((n) => (1 + random()) * 2 ** (-1_074 + (n % 52)), 500),
  ],
  ["tiny and huge ones", many((n) => random() * (n % 2 === 0 ? 1e300 : 1e-300))],
  ["the extremes", [Number.MIN_VALUE, Number.MAX_VALUE, -Number.MIN_VALUE, -Number.MAX_VALUE, 0]],
  ["both signs and zeros", many(() => Math.round((random() - 0.5) * 30) * random())],
  ["negative numbers only", many(() => -1 / (1e-9 + random()))],
  ["any doubles", many(anyDouble)],
  ["a range that grows upwards", many((n) => 1.01 ** n)],
  ["a range that grows downwards", many((n) => -(0.97 ** n))],
  ["a range that grows both ways", many((n) => 1.9 ** (n % 2 === 0 ? n : -n))],
  [
    "a range of one sign that grows, and one of the other that stays",
    many((n) => (n % 2 === 0 ? 5 + random() / 100 : -(1.5 ** n))),
  ],
  [
    "ranges of both signs that grow by turns",
    many((n) => (n % 100 < 50 ? 1 : -1) * 2 ** ((random() - 0.5) * n), 1_000),
  ],
];

/** Every way to come to a series with these labels. */
function writersOf(recorder: MetricsRecorder, maxSize: number) {
  const exponential = { maxSize };
  const make = (way: string) =>
    recorder.histogram(`${way} ${maxSize}`, { help: "", labels: ["place"], exponential });
  const plain = recorder.histogram(`plain ${maxSize}`, { help: "", exponential });
  const literal = make("literal");
  const kept = make("kept").labels({ place: "x" });
  const mixed = make("mixed");
  let turns = 0;
  let other: HistogramSeries | undefined;
  return [
    (value: number) => plain.record(value),
    (value: number) => literal.record(value, { place: "x" }),
    (value: number) => kept.record(value),
    (value: number) => {
      // In runs of several lengths, so that each finds what the other has moved.
      const keeps = (turns++ >> (turns % 7 === 0 ? 0 : 3)) % 2 === 1;
      if (!keeps) return mixed.record(value, { place: "x" });
      other ??= mixed.labels({ place: "x" });
      return other.record(value);
    },
  ] as const;
}

describe.each(DISTRIBUTIONS)("of %s an exponential histogram", (_, values) => {
  test("is what an event metric is, by whichever way and of whatever size, at every look", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 10_000 });
    recorder.registerMetric(
      defineMetric(
        "m",
        Object.fromEntries(
          MAX_SIZES.map((maxSize) => [
            `of ${maxSize}`,
            exponentialHistogram(Measured, "value", { maxSize }),
          ]),
        ),
      ),
    );
    const emit = recorder.emitter(Measured, ["value"]);
    const writers = MAX_SIZES.flatMap((maxSize) => [...writersOf(recorder, maxSize)]);
    const looks = new Set([1, 2, 3, 10, values.length >> 1, values.length]);
    const look = () => {
      const snapshots = recorder.getMetricSnapshots();
      for (const maxSize of MAX_SIZES) {
        const expected = snapshots.m?.dimensions[`of ${maxSize}`];
        expect(snapshots[`plain ${maxSize}`]?.dimensions.value).toEqual(expected);
        for (const way of ["literal", "kept", "mixed"]) {
          const rows = snapshots[`${way} ${maxSize}`]?.dimensions.value;
          // What is kept has begun, what is written with a literal begins with its first value.
          const begun = values.length > 0 || way === "kept";
          expect(rows).toEqual(begun ? [{ labels: { place: "x" }, value: expected }] : []);
        }
      }
    };
    for (const [index, value] of values.entries()) {
      if (!emit(value) || !writers.every((write) => write(value))) throw new Error("refused");
      if (looks.has(index + 1)) look();
    }
    if (values.length === 0) look();
  });
});

test("an exponential histogram is empty at first, at the finest scale", () => {
  const recorder = startedRuntime().createRecorder("a");
  recorder.histogram("h", { help: "", exponential: true });
  expect(exponentialOf(recorder, "h", "value")).toEqual(EMPTY);
});

test("100 series that grow by turns are as those of an event metric: no count goes to another", () => {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 200_000 });
  const by = { by: ["place"] } as const;
  recorder.registerMetric(
    defineMetric("m", { value: exponentialHistogram(Placed, "value", { ...by, maxSize: 40 }) }),
  );
  const options = { help: "", labels: ["place"], exponential: { maxSize: 40 } } as const;
  const instrument = recorder.histogram("h", options);
  // A second one, which takes the windows that the first one gives back.
  const other = recorder.histogram("other", { ...options, exponential: { maxSize: 160 } });
  const emit = recorder.emitter(Placed, ["value", "place"]);
  const kept = new Map<string, HistogramSeries>();
  for (let n = 0; n < 50_000; n++) {
    const place = `${Math.floor(100 * random() ** 2)}`;
    const value = anySign() * 2 ** ((random() - 0.5) * (n / 500) * (1 + Number(place) / 50));
    let recorded: boolean;
    if (Number(place) % 2 === 0) recorded = instrument.record(value, { place });
    else {
      const series = kept.get(place) ?? instrument.labels({ place });
      kept.set(place, series);
      recorded = series.record(value);
    }
    if (!recorded || !other.record(-value, { place }) || !emit(value, place)) {
      throw new Error("refused");
    }
  }
  expect(rowsOf(recorder, "m", "value")).toHaveLength(100);
  expect(rowsOf(recorder, "h", "value")).toEqual(rowsOf(recorder, "m", "value"));
  const counts = (metric: string) =>
    rowsOf(recorder, metric, "value").map((row) => (row.at(-1) as typeof EMPTY).count);
  expect(counts("other")).toEqual(counts("m"));
});

test("a kept series notices that its window was moved by a literal, by another kept one, by another series", () => {
  const recorder = startedRuntime().createRecorder("a");
  const h = recorder.histogram("h", {
    help: "",
    labels: ["place"],
    exponential: { maxSize: 3 },
  });
  const kept = h.labels({ place: "x" });
  const again = h.labels({ place: "x" });
  const elsewhere = h.labels({ place: "y" });
  expect(again).toBe(kept);
  h.record(1, { place: "x" });
  kept.record(1); // knows where from now on
  h.record(64, { place: "x" });
  kept.record(1);
  again.record(-1e9);
  kept.record(1);
  h.record(-1e-9, { place: "x" });
  for (const value of [1e-200, 1e200, -1e200]) elsewhere.record(value);
  kept.record(1);
  h.record(1e300, { place: "x" });
  kept.record(1);
  const reference = recorder.histogram("reference", { help: "", exponential: { maxSize: 3 } });
  for (const value of [1, 1, 64, 1, -1e9, 1, -1e-9, 1, 1e300, 1]) reference.record(value);
  expect(rowsOf(recorder, "h", "value")[0]).toEqual([
    "x",
    dimensionsOf(recorder, "reference").value,
  ]);
  expect(exponentialOf(recorder, "reference", "value")).toMatchObject({
    count: 10,
    positive: { offset: -1, counts: [6, 1, 1] },
    negative: { offset: -1, counts: [1, 1] },
  });
});

describe("what an exponential histogram cannot count", () => {
  const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  test("is refused, counted and leaves no trace, in whatever way it comes", () => {
    const recorder = startedRuntime().createRecorder("a");
    const plain = recorder.histogram("plain", { help: "", exponential: true });
    const h = recorder.histogram("h", { help: "", labels: ["place"], exponential: true });
    const kept = h.labels({ place: "kept" });
    const record = (value: number) => [
      plain.record(value),
      kept.record(value),
      h.record(value, { place: "kept" }),
      h.record(value, { place: "new" }),
    ];
    expect(BAD.flatMap(record)).toEqual(Array(12).fill(false));
    expect(recorder.getStats().invalid).toBe(12);
    expect(dimensionsOf(recorder, "plain").value).toEqual(EMPTY);
    expect(rowsOf(recorder, "h", "value"), "no series of its own").toEqual([["kept", EMPTY]]);
    expect([2, -2, 0].flatMap(record)).toEqual(Array(12).fill(true));
    const before = recorder.getMetricSnapshots();
    expect(BAD.flatMap(record)).toEqual(Array(12).fill(false));
    expect(recorder.getMetricSnapshots()).toEqual(before);
    expect(recorder.getStats().invalid).toBe(24);
  });

  test.each([
    ["text", "1"],
    ["nothing", undefined],
    ["null", null],
    ["a bigint", 1n],
    ["{}", {}],
  ])("throws when it is no number: %s", (_, value) => {
    const recorder = startedRuntime().createRecorder("a");
    const plain = recorder.histogram("plain", { help: "", exponential: true });
    const h = recorder.histogram("h", { help: "", labels: ["place"], exponential: true });
    const kept = h.labels({ place: "kept" });
    for (const call of [
      () => plain.record(value as never),
      () => kept.record(value as never),
      () => h.record(value as never, { place: "kept" }),
      () => h.record(value as never, { place: "new" }),
    ]) {
      const error = thrownBy(call);
      expect(error).toMatchObject({ name: "TypeError", code: "ERR_INVALID_ARG_TYPE" });
      expect(error.message).toContain('"value"');
    }
    expect(rowsOf(recorder, "h", "value")).toEqual([["kept", EMPTY]]);
    expect(recorder.getStats().invalid).toBe(0);
  });
});

test("beyond maxSeries an exponential histogram has one overflow series, which grows as any other", () => {
  const recorder = startedRuntime().createRecorder("a");
  const h = recorder.histogram("h", {
    help: "",
    labels: ["place"],
    maxSeries: 1,
    exponential: { maxSize: 20 },
  });
  const reference = recorder.histogram("reference", { help: "", exponential: { maxSize: 20 } });
  h.record(1, { place: "first" });
  const kept = h.labels({ place: "kept, and one too many" });
  for (let n = 0; n < 500; n++) {
    const value = (n % 3 === 0 ? -1 : 1) * 1.3 ** (n % 2 === 0 ? n : -n);
    const recorded = n % 5 === 0 ? kept.record(value) : h.record(value, { place: `${n}` });
    expect(recorded && reference.record(value)).toBe(true);
  }
  const [first, overflow, ...others] = rowsOf(recorder, "h", "value");
  expect(first).toMatchObject(["first", { count: 1, sum: 1 }]);
  expect(overflow).toEqual(["true", dimensionsOf(recorder, "reference").value]);
  expect(others).toEqual([]);
  expect(recorder.getStats().seriesOverflowed).toBe(401);
});

describe("in the life of a recorder an exponential histogram", () => {
  const VALUES = [1, -3, 0, 1e-200, 1e200, -1e-200];

  function written(recorder: MetricsRecorder) {
    const h = recorder.histogram("h", { help: "", labels: ["place"], exponential: true });
    const kept = h.labels({ place: "x" });
    const record = (value: number) => kept.record(value) && h.record(value, { place: "x" });
    return { kept, h, record, value: () => rowsOf(recorder, "h", "value")[0]?.[1] };
  }

  test("returns false and counts nothing while the recorder is stopped, and goes on afterwards", () => {
    const recorder = startedRuntime().createRecorder("a");
    const { kept, h, record, value } = written(recorder);
    expect([1, -3].map(record)).toEqual([true, true]);
    const before = value();
    recorder.stop().wait();
    for (const each of [...VALUES, Number.NaN]) {
      expect([kept.record(each), h.record(each, { place: "x" })]).toEqual([false, false]);
      expect(h.record(each, { place: "new" })).toBe(false);
    }
    expect(recorder.getStats().invalid).toBe(0);
    expect(value()).toEqual(before);
    recorder.start().wait();
    expect([0, 1e-200, 1e200, -1e-200].map(record)).toEqual(Array(4).fill(true));
    const reference = recorder.histogram("reference", { help: "", exponential: true });
    for (const each of VALUES) reference.record(each) && reference.record(each);
    expect(value()).toEqual(dimensionsOf(recorder, "reference").value);
    expect(rowsOf(recorder, "h", "value")).toHaveLength(1);
  });

  test("keeps its value after a removal and after the end of the runtime, and takes no other", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const { kept, h, record, value } = written(recorder);
    for (const each of VALUES) expect(record(each)).toBe(true);
    const before = value();
    expect(before).toMatchObject({ count: 12 });
    const all = () => [
      ...[...VALUES, 1e300, -1e300].map((each) => kept.record(each)),
      ...[...VALUES, 1e300, -1e300].map((each) => h.record(each, { place: "x" })),
      h.record(1, { place: "new" }),
      h.labels({ place: "another" }).record(1),
    ];
    runtime.stopAndRemoveRecorder("a");
    expect(all().filter(Boolean)).toEqual([]);
    expect(value()).toEqual(before);
    runtime.shutdown();
    expect(all().filter(Boolean)).toEqual([]);
    expect(value()).toEqual(before);
  });

  test("keeps its value in a recorder that the end of the runtime stops", () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    const { record, value } = written(recorder);
    for (const each of VALUES) record(each);
    const before = value();
    runtime.shutdown();
    expect(value()).toEqual(before);
    expect(record(1e300)).toBe(false);
    expect(value()).toEqual(before);
  });

  test("is what it was when the start in which it was written is taken back", () => {
    let fails = false;
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", {
      hooks: {
        onStarting(starting) {
          const h = starting.histogram("h", { help: "", exponential: { maxSize: 20 } });
          for (const value of fails ? [1e-300, 1e300, -1, 0] : [1, 1.5]) h.record(value);
          if (fails) throw new Error("boom");
        },
      },
    });
    recorder.stop().wait();
    const before = dimensionsOf(recorder, "h").value;
    expect(before).toMatchObject({ count: 2, scale: 5 });
    fails = true;
    expect(recorder.start().wait().success).toBe(false);
    expect(dimensionsOf(recorder, "h").value).toEqual(before);
    expect(thrownBy(() => runtime.stopAndRemoveRecorder("a"))).toBeInstanceOf(Error);
    expect(dimensionsOf(recorder, "h").value).toEqual(before);
  });
});

test("an exponential histogram takes the time as any other: the seconds since, each time", async () => {
  const recorder = startedRuntime().createRecorder("a");
  const plain = recorder.histogram("plain", { help: "", exponential: true });
  const h = recorder.histogram("h", { help: "", labels: ["place"], exponential: { maxSize: 2 } });
  const begin = performance.now();
  const stops = [plain.startTimer(), h.startTimer({ place: "x" })];
  stops.push(h.labels({ place: "x" }).startTimer());
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [ofPlain, ...others] = stops.map((stop) => stop()) as [number, ...number[]];
  const again = stops[0]?.() ?? 0;
  const passed = (performance.now() - begin) / 1_000;
  for (const seconds of [ofPlain, again, ...others]) {
    expect(seconds).toBeGreaterThanOrEqual(0.019);
    expect(seconds).toBeLessThanOrEqual(passed);
  }
  expect(exponentialOf(recorder, "plain", "value")).toMatchObject({
    count: 2,
    sum: ofPlain + again,
    min: ofPlain,
    max: again,
  });
  expect(rowsOf(recorder, "h", "value")).toMatchObject([["x", { count: 2, zeroCount: 0 }]]);
});

describe("the definition of an exponential histogram", () => {
  test("is the same for the default size, however that is said", () => {
    const recorder = startedRuntime().createRecorder("a");
    const h = recorder.histogram("h", { help: "", exponential: true });
    for (const exponential of [true, {}, { maxSize: undefined }, { maxSize: 160 }] as const) {
      expect(recorder.histogram("h", { exponential, help: "", buckets: undefined })).toBe(h);
    }
  });

  test("is another with other buckets: the name is taken", () => {
    const recorder = startedRuntime().createRecorder("a");
    const h = recorder.histogram("h", { help: "", exponential: { maxSize: 20 } });
    recorder.histogram("explicit", { help: "", buckets: [1] });
    for (const call of [
      () => recorder.histogram("h", { help: "", exponential: true }),
      () => recorder.histogram("h", { help: "", exponential: { maxSize: 21 } }),
      () => recorder.histogram("h", { help: "", buckets: [20] }),
      () => recorder.histogram("explicit", { help: "", exponential: true }),
      () => recorder.gauge("h", { help: "" }),
    ]) {
      const error = thrownBy(call);
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toContain('"name"');
    }
    expect(h.record(1)).toBe(true);
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual(["h", "explicit"]);
  });

  test("reads its options once: what becomes of the object afterwards changes nothing", () => {
    const recorder = startedRuntime().createRecorder("a");
    const exponential = { maxSize: 2 };
    const h = recorder.histogram("h", { help: "", exponential });
    exponential.maxSize = 4_096;
    for (let n = 0; n < 64; n++) h.record(2 ** n);
    expect(exponentialOf(recorder, "h", "value").positive.counts).toHaveLength(2);
  });
});
