/**
 * Guards the publishing by plain stores: millions of events at full blast, and every loss,
 * duplication, tear or change of order shows in sums that are compared with the same sums made here.
 * `npm run soak:sequence` does so for longer, on every version of Node.js and in each tier of V8.
 */
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { ORDER, patternOf } from "../support/sequence.js";
import { SequenceFlood, type Way } from "../support/sequence-flood.js";

const PATTERN = patternOf(42);
const EVENTS: readonly [way: Way, events: number][] = [
  ["emitters", 3_000_000],
  ["registerEvent", 600_000],
];

describe.each(EVENTS)("a flood through %s", (way, events) => {
  test.each([1, 2, 7, 64, 1_000, 100_000])("of a queue of %i is counted exactly", (size) => {
    const recorder = startedRuntime().createRecorder("soak", { queueMaxSize: size });
    const flood = new SequenceFlood(recorder, way, PATTERN);
    flood.record(events);
    const { expected, found } = flood.stop();
    expect(found).toEqual(expected);
  });
});

test("the order's sum shows many a change of order", () => {
  const sumOf = (pattern: typeof PATTERN) =>
    pattern.reduce((total, kind) => total + ORDER[kind], ORDER.begin as number);
  const right = sumOf(PATTERN);
  let [swaps, seen] = [0, 0];
  for (let at = 0; at + 1 < PATTERN.length; at += 7) {
    const swapped = [...PATTERN];
    [swapped[at], swapped[at + 1]] = [PATTERN[at + 1] ?? "tick", PATTERN[at] ?? "tick"];
    if (swapped[at] === swapped[at + 1]) continue;
    swaps++;
    if (sumOf(swapped) !== right) seen++;
  }
  expect(seen / swaps).toBeGreaterThan(1 / 3);
});
