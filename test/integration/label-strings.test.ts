import {
  count,
  defineMetric,
  defineMetricEvent,
  label,
  type MetricsRecorder,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";
import { startedRuntime } from "../support/runtimes.js";
import { rowsOf } from "../support/snapshots.js";

const LONGEST = 1_024;

const ACCEPTABLE: [name: string, path: string][] = [
  ["empty", ""],
  ["NUL", "\0"],
  ["NUL in between", "a\0b"],
  ["1 024 characters", "x".repeat(LONGEST)],
  ["1 024 characters of three bytes", "\uffff".repeat(LONGEST)],
  ["1 024 code units of pairs", "😀".repeat(LONGEST / 2)],
  ["the last code point", "\u{10ffff}"],
  ["a byte order mark", "\ufeff"],
];
const UNACCEPTABLE: [name: string, path: string][] = [
  ["1 025 characters", "x".repeat(LONGEST + 1)],
  ["1 024 characters of two code units each", "😀".repeat(LONGEST)],
  ["1 MB", "x".repeat(1_000_000)],
  ["a high surrogate alone", "\ud800"],
  ["a low surrogate alone", "\udfff"],
  ["a pair the wrong way round", "a\udc00\ud800b"],
  ["half a pair at the end", "aaa\ud83d"],
];

const hitsWith = (maxValues: number) =>
  defineMetricEvent(`hit.${maxValues}`, { path: label({ maxValues }), bytes: uint32() });
type Hit = ReturnType<typeof hitsWith>;
type Register = (path: string, bytes?: number) => boolean;

const WAYS: [name: string, way: (recorder: MetricsRecorder, hit: Hit) => Register][] = [
  [
    "registerEvent",
    (recorder, hit) =>
      (path, bytes = 1) =>
        recorder.registerEvent(hit({ path, bytes })),
  ],
  [
    "an emitter",
    (recorder, hit) => {
      const emit = recorder.emitter(hit, ["path", "bytes"]);
      return (path, bytes = 1) => emit(path, bytes);
    },
  ],
];

function recorderWith(maxValues: number, way: (typeof WAYS)[number][1]) {
  const hit = hitsWith(maxValues);
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("hits", { total: count(hit, { by: ["path"] }) }));
  return { recorder, register: way(recorder, hit) };
}

describe.each(WAYS)("through %s", (_, way) => {
  test.each(ACCEPTABLE)("a label is accepted and comes back as it was: %s", (_name, path) => {
    const { recorder, register } = recorderWith(10, way);
    expect([register(path), register(path)]).toEqual([true, true]);
    expect(rowsOf(recorder, "hits", "total")).toEqual([[path, 2]]);
    expect(recorder.getStats()).toMatchObject({ accepted: 2, invalid: 0, labelsOverflowed: 0 });
  });

  test.each(UNACCEPTABLE)("a label is refused and counted as invalid: %s", (_name, path) => {
    const { recorder, register } = recorderWith(1, way);
    expect([register(path), register("good"), register(path)]).toEqual([false, true, false]);
    // The only room there is was left to the label that came second.
    expect(rowsOf(recorder, "hits", "total")).toEqual([["good", 1]]);
    expect(recorder.getStats()).toMatchObject({ offered: 1, invalid: 2, labelsOverflowed: 0 });
  });

  test("what is unacceptable is refused too when the table is full, and is no overflow", () => {
    const { recorder, register } = recorderWith(1, way);
    register("good");
    // The second flood meets a thread that knows that the table is full.
    for (const flood of [1, 2]) {
      expect(register(`new ${flood}`)).toBe(true);
      for (const [name, path] of UNACCEPTABLE) expect(register(path), name).toBe(false);
    }
    expect(rowsOf(recorder, "hits", "total")).toEqual([
      ["good", 1],
      ["<overflow>", 2],
    ]);
    expect(recorder.getStats()).toMatchObject({
      offered: 3,
      invalid: 2 * UNACCEPTABLE.length,
      labelsOverflowed: 2,
    });
  });

  test("an event refused for another field leaves its label no room in the table", () => {
    const { recorder, register } = recorderWith(2, way);
    expect([register("a", -1), register("b", 0.5), register("c"), register("d")]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect([register("a"), register("c", -1), register("c")]).toEqual([true, false, true]);
    expect(rowsOf(recorder, "hits", "total")).toEqual([
      ["c", 2],
      ["d", 1],
      ["<overflow>", 1],
    ]);
  });

  test("a flood of new labels once the table is full goes to <overflow>, each one counted", () => {
    const { recorder, register } = recorderWith(3, way);
    const accepted = Array.from({ length: 8_000 }, (_, n) => register(`/${n}`)).filter(Boolean);
    for (const known of ["/2", "/0", "/1"]) expect(register(known)).toBe(true);
    expect(accepted).toHaveLength(8_000);
    expect(rowsOf(recorder, "hits", "total")).toEqual([
      ["/0", 2],
      ["/1", 2],
      ["/2", 2],
      ["<overflow>", 7_997],
    ]);
    expect(recorder.getStats()).toMatchObject({ labelsOverflowed: 7_997, seriesOverflowed: 0 });
  });

  test("how a string is held in memory does not matter", () => {
    const { recorder, register } = recorderWith(10, way);
    const flat = "a-label-of-a-certain-length";
    const sliced = `(${flat})`.repeat(20).slice(1, flat.length + 1);
    const joined = ["a-label-of-", "a-certain-", "length"].reduce((a, b) => a + b, "");
    const wide = `${flat}😀`.slice(0, flat.length); // its characters take two bytes each
    for (const path of [sliced, joined, wide, flat]) expect(register(path)).toBe(true);
    expect(rowsOf(recorder, "hits", "total")).toEqual([[flat, 4]]);
  });
});

test("a label that was cut from a text of 1 MB does not keep that text alive", async () => {
  const nodeArguments = ["--expose-gc"];
  const [interned, kept] = await Promise.all(
    ["intern", "keep"].map(async (what) => {
      const { stdout } = await runFixture("sliced-labels.mjs", [what], { nodeArguments });
      return JSON.parse(stdout);
    }),
  );
  expect(new Set(interned.series).size).toBe(300);
  // The texts are 300 MB; 300 labels with their numbers are some ten kB.
  expect(kept.grownBy).toBeGreaterThan(250e6);
  expect(interned.grownBy).toBeLessThan(2e6);
});
