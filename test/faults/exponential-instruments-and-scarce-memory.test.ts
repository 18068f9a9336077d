/** Exponential histograms whose windows have to move while memory is refused. */
import type {
  ExponentialHistogramSnapshot,
  Histogram,
  HistogramSeries,
  MetricsRecorder,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { withScarceMemory } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";

interface Subject {
  readonly recorder: MetricsRecorder;
  readonly histogram: Histogram<"place">;
  readonly kept: HistogramSeries;
  /** All that was recorded in the series "here". */
  readonly recorded: number[];
}

function fresh(maxSize: number, values: readonly number[]): Subject {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 10 });
  const histogram = recorder.histogram("h", {
    help: "",
    labels: ["place"],
    maxSeries: 2,
    exponential: { maxSize },
  });
  const kept = histogram.labels({ place: "here" });
  for (const value of values) kept.record(value);
  return { recorder, histogram, kept, recorded: [...values] };
}

/** What "here" is to be, by a histogram to which nothing was refused. */
function expectExact({ recorder, recorded }: Subject, maxSize: number): void {
  const reference = recorder.histogram("reference", { help: "", exponential: { maxSize } });
  for (const value of recorded) reference.record(value);
  const here = rowsOf(recorder, "h", "value").find(([place]) => place === "here");
  expect.soft(here?.[1]).toEqual(dimensionsOf(recorder, "reference").value);
}

const look = ({ recorder }: Subject) => [recorder.getStats(), rowsOf(recorder, "h", "value")];

/** Count and sum of each series that has a value. */
function countedIn(recorder: MetricsRecorder) {
  return rowsOf(recorder, "h", "value").flatMap(([place, value]) => {
    const { count, sum } = value as ExponentialHistogramSnapshot;
    return count === 0 ? [] : [[place, count, sum]];
  });
}

describe("a value without memory for its window was not recorded, nothing else has changed, and it works again:", () => {
  test.each<[what: string, maxSize: number, before: number[], value: number]>([
    ["the first value", 160, [], 5],
    ["the first negative value", 160, [5, 0], -5],
    ["the first value after a zero", 2, [0], 1e-300],
    ["a value that needs a longer window", 4_096, [1, 1.5, -2], 900],
    ["a value that needs the longest window", 4_096, [1, 1.5, -2], 1e3],
    ["a value that needs another scale for both signs", 2_000, [1, 900, -1, -800], 1e200],
  ])("%s", (_, maxSize, before, value) => {
    for (const way of ["kept", "literal"] as const) {
      const record = ({ kept, histogram }: Subject) =>
        way === "kept" ? kept.record(value) : histogram.record(value, { place: "here" });
      const errors = sweepMemory<Subject>({
        prepare: () => fresh(maxSize, before),
        call: record,
        look,
        succeeded: (subject) => {
          subject.recorded.push(value);
          expectExact(subject, maxSize);
          // It goes on as one to which nothing was refused.
          for (const more of [value, -value, 1e100, -1e-100, 0]) {
            expect.soft(subject.kept.record(more)).toBe(true);
            expect.soft(subject.histogram.record(more, { place: "here" })).toBe(true);
            subject.recorded.push(more, more);
          }
          const again = fresh(maxSize, subject.recorded);
          expect
            .soft(rowsOf(subject.recorder, "h", "value"))
            .toEqual(rowsOf(again.recorder, "h", "value"));
        },
      });
      expect(errors.length, way).toBeGreaterThan(0);
    }
  });
});

test("a series that goes through every refusal while its range grows loses and repeats nothing", () => {
  for (const maxSize of [2, 20, 160, 4_096]) {
    const subject = fresh(maxSize, []);
    const { kept, histogram, recorded } = subject;
    let refused = 0;
    for (let n = 0; n < 120; n++) {
      const value = (n % 3 === 0 ? -1 : 1) * 1.5 ** (n % 2 === 0 ? n : -n);
      const record = () =>
        n % 2 === 0 ? kept.record(value) : histogram.record(value, { place: "here" });
      for (let granted = 0; ; granted++) {
        const { result, thrown } = withScarceMemory(granted, record);
        if (result === true) break;
        expect(thrown).toMatchObject({ code: "ERR_METRICS_RECORDER_UNEXPECTED" });
        expect(granted).toBeLessThan(50);
        refused++;
      }
      recorded.push(value);
    }
    expectExact(subject, maxSize);
    expect(refused).toBeGreaterThan(0);
  }
});

test("the first value of a label set, without memory, is not recorded; its series may be there, empty", () => {
  const place = "a place with a name that is no short string";
  const errors = sweepMemory<Subject>({
    prepare: () => fresh(160, [1, 2]),
    call: ({ histogram }) => histogram.record(7, { place }),
    look: ({ recorder }) => [recorder.getStats(), countedIn(recorder)],
    succeeded: ({ recorder, histogram }) => {
      histogram.record(-1, { place: "here" });
      expect.soft(countedIn(recorder)).toEqual([
        ["here", 3, 2],
        [place, 1, 7],
      ]);
    },
  });
  expect(errors.length).toBeGreaterThan(3);
});

test("a label set too many, without memory, has changed nothing but the count of those", () => {
  const errors = sweepMemory<Subject>({
    prepare: () => {
      const subject = fresh(160, [1, 2]);
      subject.histogram.record(3, { place: "there" });
      return subject;
    },
    call: ({ histogram }) => histogram.record(-7, { place: "a third place, without a series" }),
    look: ({ recorder }) => countedIn(recorder),
    succeeded: ({ recorder }) => {
      expect.soft(countedIn(recorder)).toEqual([
        ["here", 2, 3],
        ["there", 1, 3],
        ["true", 1, -7],
      ]);
    },
  });
  expect(errors.length).toBeGreaterThan(0);
});

/** Runs `act` while JavaScript gets shared memory `granted` times more. */
function withScarceSharedMemory<Result>(granted: number, act: () => Result): Result {
  const real = globalThis.SharedArrayBuffer;
  let left = granted;
  globalThis.SharedArrayBuffer = new Proxy(real, {
    construct(target, args) {
      if (left-- <= 0) throw new RangeError("Array buffer allocation failed");
      return Reflect.construct(target, args);
    },
  });
  try {
    return act();
  } finally {
    globalThis.SharedArrayBuffer = real;
  }
}

test("a window for which the system has no shared memory does not move, nor does the one of the other sign", () => {
  const calls: readonly ((subject: Subject) => boolean)[] = [
    ({ kept }) => kept.record(1e300),
    ({ histogram }) => histogram.record(-1e300, { place: "here" }),
    ({ histogram }) => histogram.record(1e-300, { place: "here" }),
  ];
  const refusals: number[] = [];
  for (const call of calls) {
    let refused = 0;
    for (let succeeded = false; !succeeded; ) {
      const subject = fresh(4_096, [1, 1.5, -2, -3, 0]);
      const before = look(subject);
      try {
        succeeded = withScarceSharedMemory(refused, () => call(subject));
      } catch (error) {
        refused++;
        expect(refused).toBeLessThan(5);
        expect(error).toMatchObject({
          code: "ERR_METRICS_RECORDER_UNEXPECTED",
          cause: { name: "RangeError" },
        });
        expect(look(subject)).toEqual(before);
      }
      const { kept, histogram, recorded } = subject;
      for (const value of [1.25, -2.5, 0, 1e300, -1e300, 1e-300]) {
        expect(kept.record(value)).toBe(true);
        expect(histogram.record(-value, { place: "here" })).toBe(true);
        recorded.push(value, -value);
      }
      if (!succeeded) expectExact(subject, 4_096);
    }
    refusals.push(refused);
  }
  expect(Math.min(...refusals)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...refusals), "the second window too").toBeGreaterThanOrEqual(2);
});
