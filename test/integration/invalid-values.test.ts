import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  histogram,
  label,
  type MetricsRecorder,
  sum,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";

const Save = defineMetricEvent("save", { ms: float64(), bytes: uint32(), backend: label() });
type Values = Parameters<typeof Save>[0];

const GOOD: Values = { ms: 2, bytes: 3, backend: "s3" };
const INVALID: [name: string, values: Values][] = [
  ["NaN", { ...GOOD, ms: Number.NaN }],
  ["Infinity", { ...GOOD, ms: Number.POSITIVE_INFINITY }],
  ["-Infinity", { ...GOOD, ms: Number.NEGATIVE_INFINITY }],
  ["a uint32 of -1", { ...GOOD, bytes: -1 }],
  ["a uint32 of 1.5", { ...GOOD, bytes: 1.5 }],
  ["a uint32 of 2 ** 32", { ...GOOD, bytes: 2 ** 32 }],
  ["a uint32 of NaN", { ...GOOD, bytes: Number.NaN }],
  ["a uint32 of Infinity", { ...GOOD, bytes: Number.POSITIVE_INFINITY }],
  ["two of them in one event", { ms: Number.NaN, bytes: -1, backend: "new" }],
];
const saves = defineMetric("saves", {
  total: count(Save),
  ms: sum(Save, "ms"),
  bytes: sum(Save, "bytes"),
  distribution: histogram(Save, "ms", { buckets: [1, 5] }),
});

type Register = (values: Values) => boolean;
const WAYS: [name: string, way: (recorder: MetricsRecorder) => Register][] = [
  ["registerEvent", (recorder) => (values) => recorder.registerEvent(Save(values))],
  [
    "an emitter",
    (recorder) => {
      const emit = recorder.emitter(Save, ["ms", "bytes", "backend"]);
      return ({ ms, bytes, backend }) => emit(ms, bytes, backend);
    },
  ],
];

describe.each(WAYS)("a value that cannot be counted, through %s,", (_, way) => {
  test.each(INVALID)("is refused and counted as invalid, nothing else: %s", (_name, values) => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(saves);
    const register = way(recorder);
    expect(register(GOOD)).toBe(true);
    expect(register(values)).toBe(false);
    expect(register(values)).toBe(false);
    expect(register(GOOD)).toBe(true);
    expect(dimensionsOf(recorder, "saves")).toMatchObject({
      total: 2,
      ms: 4,
      bytes: 6,
      distribution: { count: 2, sum: 4, min: 2, max: 2 },
    });
    expect(recorder.getStats()).toMatchObject({ offered: 2, accepted: 2, dropped: 0, invalid: 2 });
  });

  test("never poisons a sum, however many there are among the good ones", () => {
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(saves);
    const register = way(recorder);
    const random = seededRandom(3);
    let [ms, invalid] = [0, 0];
    for (let n = 0; n < 4_000; n++) {
      const good = { ms: random(), bytes: n, backend: `b${n % 7}` };
      if (random() < 0.5) {
        expect(register(good)).toBe(true);
        ms += good.ms;
      } else {
        const bad = INVALID[Math.floor(random() * INVALID.length)]?.[1] ?? GOOD;
        expect(register(bad)).toBe(false);
        invalid++;
      }
    }
    expect(dimensionsOf(recorder, "saves").ms).toBe(ms);
    expect(recorder.getStats()).toMatchObject({ invalid, dropped: 0, offered: 4_000 - invalid });
  });

  test("is invalid, not dropped, also while the queue is full", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 1 });
    const register = way(recorder);
    let [accepted, refused] = [0, 0];
    for (let n = 0; n < 1_000; n++) {
      if (register(GOOD)) accepted++;
      else refused++;
      expect(register({ ...GOOD, ms: Number.NaN })).toBe(false);
    }
    recorder.stop().wait();
    expect(recorder.getStats()).toMatchObject({ accepted, dropped: refused, invalid: 1_000 });
  });
});

test("the edges of what can be counted are counted", () => {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(saves);
  for (const values of [
    { ...GOOD, ms: Number.MAX_VALUE },
    { ...GOOD, ms: -Number.MAX_VALUE },
    { ...GOOD, ms: Number.MIN_VALUE },
    { ...GOOD, ms: -0 },
    { ...GOOD, bytes: -0 },
    { ...GOOD, bytes: 0 },
    { ...GOOD, bytes: 2 ** 32 - 1 },
  ]) {
    expect(recorder.registerEvent(Save(values)), JSON.stringify(values)).toBe(true);
  }
  expect(dimensionsOf(recorder, "saves").total).toBe(7);
});
