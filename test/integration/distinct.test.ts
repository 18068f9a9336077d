import {
  count,
  defineMetric,
  defineMetricEvent,
  distinct,
  float64,
  key,
  label,
  type MetricsRecorder,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf, numberOf, rowsOf, seriesOf } from "../support/snapshots.js";

const Visit = defineMetricEvent("visit", { user: key() });
const users = defineMetric("users", { users: distinct(Visit, "user") });

/** The standard error of the estimate, relative to the number estimated. */
const SIGMA = 0.01625;

function usersOf(keys: readonly string[]): number {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: keys.length + 1 });
  recorder.registerMetric(users);
  const emit = recorder.emitter(Visit, ["user"]);
  expect(keys.filter((user) => !emit(user))).toEqual([]);
  return numberOf(recorder, "users", "users");
}

const random = seededRandom(7);
const hex = (digits: number) =>
  Math.floor(random() * 16 ** digits)
    .toString(16)
    .padStart(digits, "0");
const SHAPES: [name: string, make: (index: number) => string][] = [
  ["user-1, user-2, …", (index) => `user-${index}`],
  ["plain numbers", String],
  ["numbers of one length", (index) => String(index).padStart(10, "0")],
  ["UUIDs", () => [8, 4, 4, 4, 12].map(hex).join("-")],
  ["UUIDs in order", (index) => `6ba7b810-9dad-11d1-80b4-${index.toString(16).padStart(12, "0")}`],
  ["addresses", (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`],
  ["long common ends", (index) => `${"x".repeat(60)}${index}${"y".repeat(61)}`],
  ["two characters", (index) => String.fromCharCode(index & 0xff, 0x100 + (index >> 8))],
  ["beyond the basic plane", (index) => String.fromCodePoint(0x10000 + index)],
];

describe("few keys are counted exactly:", () => {
  test.each(SHAPES)("%s", (_, make) => {
    for (const size of [0, 1, 2, 100, 500]) {
      const keys = Array.from({ length: size }, (_, index) => make(index));
      expect(usersOf(keys), `${size} keys`).toBe(size);
    }
  });

  test("repetitions do not count", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `user-${index % 100}`);
    expect(usersOf(keys)).toBe(100);
  });

  test("every single UTF-16 code unit is a key of its own, among them lone surrogates", () => {
    const codes = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfffd];
    const keys = codes.map((code) => String.fromCharCode(code));
    expect(usersOf(["", ...keys, "\ud800\udc00", "\udc00\ud800", "\0\0"])).toBe(keys.length + 4);
  });

  test("keys that differ in one of a million characters are different", () => {
    const million = "x".repeat(1_000_000);
    const keys = [0, 1, 499_999, 500_000, 999_998, 999_999].map(
      (at) => `${million.slice(0, at)}y${million.slice(at + 1)}`,
    );
    expect(usersOf([million, ...keys, million.slice(1), `${million}x`, million])).toBe(9);
  });

  test("how a string is held in memory does not matter", () => {
    const flat = "user-of-a-certain-length";
    const pieces = ["user-of-", "a-certain-", "length"];
    const sliced = `(${flat})`.repeat(20).slice(1, flat.length + 1);
    const wide = `${flat}\u{1f600}`.slice(0, flat.length); // its characters take two bytes each
    expect(usersOf([flat, pieces.join(""), pieces.reduce((a, b) => a + b, ""), sliced, wide])).toBe(
      1,
    );
  });
});

describe("many keys are counted to within three standard errors:", () => {
  test.each(SHAPES)("10 000 of %s", (_, make) => {
    const estimate = usersOf(Array.from({ length: 10_000 }, (_, index) => make(index)));
    expect(Math.abs(estimate / 10_000 - 1)).toBeLessThan(3 * SIGMA);
  });

  test.each(SHAPES.slice(0, 4))("300 000 of %s, each three times", (_, make) => {
    const keys = Array.from({ length: 300_000 }, (_, index) => make(index));
    const estimate = usersOf([...keys, ...keys, ...keys]);
    expect(Math.abs(estimate / 300_000 - 1)).toBeLessThan(3 * SIGMA);
  });
});

test.each(["user-1, user-2, …", "UUIDs in order", "addresses"])(
  "over a hundred sets of 20 000 the error is as large as it should be, and none on average: %s",
  (shape) => {
    const [SETS, SIZE] = [100, 20_000];
    const make = SHAPES.find(([name]) => name === shape)?.[1] ?? String;
    const OfSet = defineMetricEvent("of.set", { user: key(), set: uint32() });
    const metric = defineMetric("users", { users: distinct(OfSet, "user", { by: ["set"] }) });
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: SIZE });
    recorder.registerMetric(metric);
    const emit = recorder.emitter(OfSet, ["user", "set"]);
    for (let set = 0; set < SETS; set++) {
      for (let n = 0; n < SIZE; n++) emit(make(set * SIZE + n), set);
      recorder.registerMetric(metric); // equal: only takes its turn, so that nothing is dropped
    }
    expect(recorder.getStats().dropped).toBe(0);
    const errors = seriesOf(recorder, "users", "users").map(
      ({ value }) => Number(value) / SIZE - 1,
    );
    expect(errors).toHaveLength(SETS);
    const average = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / SETS;
    const rootMeanSquare = Math.sqrt(average(errors.map((error) => error ** 2)));
    // The standard errors of these two, six times each.
    expect(Math.abs(average(errors))).toBeLessThan((6 * SIGMA) / Math.sqrt(SETS));
    expect(Math.abs(rootMeanSquare / SIGMA - 1)).toBeLessThan(6 / Math.sqrt(2 * SETS));
  },
);

test("another process, and another runtime, comes to the same estimate for the same keys", async () => {
  const sizes = [700, 5_000, 20_000, 40_000];
  const here = sizes.map((size) =>
    usersOf(Array.from({ length: size }, (_, index) => `user-${index}`)),
  );
  const { stdout } = await runFixture("distinct-users.mjs", sizes.map(String));
  expect(JSON.parse(stdout)).toEqual(here);
});

describe("numbers:", () => {
  const Sent = defineMetricEvent("sent", { bytes: uint32(), ms: float64(), zone: label() });
  const recorderWith = (metric: Parameters<MetricsRecorder["registerMetric"]>[0]) => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 100_000 });
    recorder.registerMetric(metric);
    return { recorder, emit: recorder.emitter(Sent, ["bytes", "ms", "zone"]) };
  };
  const both = defineMetric("sent", {
    bytes: distinct(Sent, "bytes"),
    ms: distinct(Sent, "ms"),
    slow: distinct(Sent, "ms", { where: { zone: "slow" } }),
    by_zone: distinct(Sent, "bytes", { by: ["zone"], maxSeries: 2 }),
  });

  test("every uint32 and every double is a value of its own, 0 and -0 are one", () => {
    const { recorder, emit } = recorderWith(both);
    const doubles = [0, -0, 1, -1, 0.1, 0.1 + Number.EPSILON / 8, Number.MIN_VALUE];
    for (const ms of [...doubles, -Number.MIN_VALUE, Number.MAX_VALUE, 1]) emit(0, ms, "any");
    for (const bytes of [1, 2 ** 31, 2 ** 32 - 1, 0, 1]) emit(bytes, 0, "any");
    expect(dimensionsOf(recorder, "sent")).toMatchObject({ bytes: 4, ms: 8 });
  });

  test("many are counted to within three standard errors", () => {
    const { recorder, emit } = recorderWith(both);
    for (let n = 0; n < 50_000; n++) emit(n * 4_096, n / 8, "any");
    const { bytes, ms } = dimensionsOf(recorder, "sent");
    expect(Math.abs(Number(bytes) / 50_000 - 1)).toBeLessThan(3 * SIGMA);
    expect(Math.abs(Number(ms) / 50_000 - 1)).toBeLessThan(3 * SIGMA);
  });

  test("are counted where a condition holds, and apart for each series", () => {
    const { recorder, emit } = recorderWith(both);
    for (let n = 0; n < 300; n++) emit(n % 10, n, ["slow", "fast", "a", "b"][n % 4] ?? "");
    expect(dimensionsOf(recorder, "sent").slow).toBe(75);
    expect(rowsOf(recorder, "sent", "by_zone")).toEqual([
      ["slow", 5],
      ["fast", 5],
      ["true", 10],
    ]);
  });
});

test("a key beside other fields disturbs none of them", () => {
  const Mixed = defineMetricEvent("mixed", {
    small: uint32(),
    first: key(),
    zone: label(),
    second: key(),
    ms: float64(),
  });
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(
    defineMetric("mixed", {
      first: distinct(Mixed, "first"),
      second: distinct(Mixed, "second"),
      ms: distinct(Mixed, "ms"),
      seen: count(Mixed, { by: ["small", "zone"] }),
    }),
  );
  const emit = recorder.emitter(Mixed, ["second", "zone", "ms", "first", "small"]);
  for (let n = 0; n < 60; n++) {
    emit(`${n % 5}`, "eu", n % 4, `${n % 3}`, 7);
    recorder.registerEvent(
      Mixed({ small: 7, first: `${n % 3}`, zone: "eu", second: `${n % 5}`, ms: n % 4 }),
    );
  }
  expect(dimensionsOf(recorder, "mixed")).toMatchObject({ first: 3, second: 5, ms: 4 });
  expect(rowsOf(recorder, "mixed", "seen")).toEqual([["7", "eu", 120]]);
});

test("a class may be fifteen keys, each counted by itself", () => {
  const names = Array.from({ length: 15 }, (_, index) => `k${index}`);
  const Keys = defineMetricEvent("keys", Object.fromEntries(names.map((name) => [name, key()])));
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(
    defineMetric("keys", Object.fromEntries(names.map((name) => [name, distinct(Keys, name)]))),
  );
  for (let n = 0; n < 100; n++) {
    const values = names.map((name, index) => [name, `${n % (index + 1)}`]);
    expect(recorder.registerEvent(Keys(Object.fromEntries(values)))).toBe(true);
  }
  expect(Object.values(dimensionsOf(recorder, "keys"))).toEqual(names.map((_, index) => index + 1));
});
