import {
  boolean,
  count,
  defineMetric,
  defineMetricEvent,
  label,
  oneOf,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf, seriesOf } from "../support/snapshots.js";

/** Texts that a careless key, separator, encoding or object would take for one another. */
const TEXTS = [
  "",
  " ",
  "\0",
  "\0\0",
  "a",
  "A",
  "a ",
  "a\0",
  "a\0b",
  "a,b",
  "a|b",
  "x",
  "y",
  "x,b:y",
  "x\0y",
  "y,x",
  "__proto__",
  "constructor",
  "toString",
  "metrics_overflow",
  "true",
  "0",
  "200",
  "2e2",
  "-0",
  "null",
  "undefined",
  "\u00e9",
  "e\u0301",
  "\ufeff",
  "\ufeffa",
  "\ufffd",
  "😀",
  "😁",
  "\u{10ffff}",
  "größe",
];
const PAIRS = TEXTS.flatMap((first) => TEXTS.map((second) => [first, second] as const));

describe("different label sets never merge, whatever the texts:", () => {
  test("of two label fields", () => {
    const Pair = defineMetricEvent("pair", { a: label(), b: label(), size: uint32() });
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("pairs", {
        one: sum(Pair, "size", { by: ["b"] }),
        two: sum(Pair, "size", { by: ["a", "b"] }),
      }),
    );
    for (const [size, [a, b]] of PAIRS.entries()) {
      expect(recorder.registerEvent(Pair({ a, b, size }))).toBe(true);
    }
    expect(seriesOf(recorder, "pairs", "two")).toEqual(
      PAIRS.map(([a, b], size) => ({ labels: { a, b }, value: size })),
    );
    const rows = TEXTS.length;
    expect(rowsOf(recorder, "pairs", "one")).toEqual(
      TEXTS.map((b, index) => [b, (rows * (rows - 1) * rows) / 2 + index * rows]),
    );
  });

  test("of two oneOf fields", () => {
    const [first = "", ...others] = TEXTS.filter((text) => text !== "");
    const member = oneOf(first, ...others);
    const Pair = defineMetricEvent("pair", { a: member, b: member });
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(defineMetric("pairs", { total: count(Pair, { by: ["a", "b"] }) }));
    const emit = recorder.emitter(Pair, ["b", "a"]);
    const pairs = PAIRS.filter(([a, b]) => a !== "" && b !== "");
    for (const [a, b] of pairs) expect(emit(b, a)).toBe(true);
    expect(rowsOf(recorder, "pairs", "total")).toEqual(pairs.map((pair) => [...pair, 1]));
  });

  test("of numbers over the whole range of a uint32", () => {
    const Pair = defineMetricEvent("pair", { a: uint32(), b: uint32() });
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(defineMetric("pairs", { total: count(Pair, { by: ["a", "b"] }) }));
    const numbers = [0, ...Array.from({ length: 32 }, (_, bit) => 2 ** bit), 2 ** 32 - 1, 10, 11];
    const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const));
    for (const [a, b] of pairs) expect(recorder.registerEvent(Pair({ a, b }))).toBe(true);
    expect(rowsOf(recorder, "pairs", "total")).toEqual(
      pairs.map(([a, b]) => [String(a), String(b), 1]),
    );
  });
});

describe("series over the classes of an upDown", () => {
  test("are joined by equal values, in whatever order each class saw them", () => {
    const shared = { queue: label(), urgent: boolean(), kind: oneOf("A", "B"), shard: uint32() };
    const Started = defineMetricEvent("started", { ...shared, size: uint32() });
    const Finished = defineMetricEvent("finished", { host: label(), ...shared });
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("in_flight", {
        now: upDown(
          [
            [Started, 1],
            [Finished, -1],
          ],
          { by: ["queue", "urgent", "kind", "shard"] },
        ),
      }),
    );
    const one = { queue: "mail", urgent: true, kind: "A", shard: 7 } as const;
    const other = { queue: "print", urgent: false, kind: "B", shard: 2 ** 31 } as const;
    // The label values of another field come before, so that the classes' fields differ in theirs.
    for (const host of ["print", "h1", "mail"]) {
      recorder.registerEvent(Finished({ ...other, host }));
    }
    for (let n = 0; n < 5; n++) recorder.registerEvent(Started({ ...one, size: n }));
    for (let n = 0; n < 4; n++) recorder.registerEvent(Started({ ...other, size: n }));
    recorder.registerEvent(Finished({ ...one, host: "mail" }));
    expect(rowsOf(recorder, "in_flight", "now")).toEqual([
      ["print", "false", "B", "2147483648", 1],
      ["mail", "true", "A", "7", 4],
    ]);
  });

  test("are told apart by each single field", () => {
    const fields = { queue: label(), shard: uint32() };
    const Started = defineMetricEvent("started", fields);
    const Finished = defineMetricEvent("finished", fields);
    const steps = [
      [Started, 1],
      [Finished, -1],
    ] as const;
    const recorder = startedRuntime().createRecorder("a");
    recorder.registerMetric(
      defineMetric("in_flight", { now: upDown(steps, { by: ["shard", "queue"] }) }),
    );
    recorder.registerEvent(Started({ queue: "a", shard: 1 }));
    recorder.registerEvent(Finished({ queue: "b", shard: 1 }));
    recorder.registerEvent(Finished({ queue: "a", shard: 2 }));
    expect(rowsOf(recorder, "in_flight", "now")).toEqual([
      ["1", "a", 1],
      ["1", "b", -1],
      ["2", "a", -1],
    ]);
  });
});

test("a class in two steps of an upDown adds both to its series", () => {
  const Save = defineMetricEvent("save", { backend: label() });
  const recorder = startedRuntime().createRecorder("a");
  const steps = [
    [Save, 2],
    [Save, -0.5],
  ] as const;
  recorder.registerMetric(defineMetric("saves", { now: upDown(steps, { by: ["backend"] }) }));
  for (const backend of ["s3", "gcs", "s3"]) recorder.registerEvent(Save({ backend }));
  expect(rowsOf(recorder, "saves", "now")).toEqual([
    ["s3", 3],
    ["gcs", 1.5],
  ]);
});

test("a label beyond maxValues is in the series <overflow>, as is that text itself", () => {
  const Hit = defineMetricEvent("hit", { path: label({ maxValues: 2 }), cached: boolean() });
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("hits", { total: count(Hit, { by: ["path", "cached"] }) }));
  const emit = recorder.emitter(Hit, ["path", "cached"]);
  for (const path of ["<overflow>", "a", "c", "b", "c", "d", "a"]) emit(path, path === "d");
  // "c" came while there was room and so has a series; "b" and "d" had none left.
  expect(rowsOf(recorder, "hits", "total")).toEqual([
    ["<overflow>", "false", 2],
    ["a", "false", 2],
    ["c", "false", 2],
    ["<overflow>", "true", 1],
  ]);
  expect(recorder.getStats()).toMatchObject({ labelsOverflowed: 3, seriesOverflowed: 0 });
});
