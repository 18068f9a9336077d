import type { Counter, MetricsRecorder } from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";
import { rowsOf } from "../support/snapshots.js";

interface Subject {
  readonly recorder: MetricsRecorder;
  readonly counter: Counter<"place">;
}

function fresh(): Subject {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 10 });
  const counter = recorder.counter("n", { help: "", labels: ["place"], maxSeries: 2 });
  counter.add(1, { place: "here" });
  return { recorder, counter };
}

test("an instrument that is made without memory is not there, or as empty as it would be", () => {
  const make = ({ recorder }: Subject) => recorder.gauge("g", { help: "", labels: ["place"] });
  const errors = sweepMemory<Subject>({
    prepare: fresh,
    call: make,
    look: ({ recorder }) => [recorder.getStats(), rowsOf(recorder, "n", "value")],
    failed: (subject) => {
      const { g, n } = subject.recorder.getMetricSnapshots();
      expect.soft(g?.dimensions ?? { value: [] }).toEqual({ value: [] });
      expect.soft(n?.dimensions.value).toEqual([{ labels: { place: "here" }, value: 1 }]);
      expect.soft(make(subject).set(5, { place: "x" })).toBe(true);
      expect.soft(rowsOf(subject.recorder, "g", "value")).toEqual([["x", 5]]);
    },
  });
  expect(errors.length).toBeGreaterThan(3);
});

test("a label set that is new, without memory, has changed nothing", () => {
  const errors = sweepMemory<Subject>({
    prepare: fresh,
    call: ({ counter }) => counter.add(2, { place: "a place with a name that is no short string" }),
    look: ({ recorder }) => [recorder.getStats(), rowsOf(recorder, "n", "value")],
    succeeded: ({ recorder, counter }) => {
      counter.add(1, { place: "here" });
      expect.soft(rowsOf(recorder, "n", "value")).toEqual([
        ["here", 2],
        ["a place with a name that is no short string", 2],
      ]);
    },
  });
  expect(errors.length).toBeGreaterThan(3);
});

test("a label set too many, without memory, has changed nothing but the count of those", () => {
  const full = (): Subject => {
    const subject = fresh();
    subject.counter.add(1, { place: "there" });
    return subject;
  };
  const errors = sweepMemory<Subject>({
    prepare: full,
    call: ({ counter }) => counter.add(2, { place: "a third place, for which there is no series" }),
    look: ({ recorder }) => rowsOf(recorder, "n", "value").filter((row) => row.at(-1) !== 0),
    succeeded: ({ recorder }) => {
      expect.soft(rowsOf(recorder, "n", "value")).toEqual([
        ["here", 1],
        ["there", 1],
        ["true", 2],
      ]);
    },
  });
  expect(errors.length).toBeGreaterThan(0);
});
