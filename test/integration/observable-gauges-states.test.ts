/** Observable gauges of recorders that start, stop and end. */
import { describe, expect, test } from "vitest";
import { collectGarbage } from "../support/collect-garbage.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const HELP = { help: "" };

/** A recorder with a gauge that counts how often it was asked, and has been asked once. */
function askedOnce() {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const state = { asked: 0 };
  recorder.observableGauge("g", HELP, () => ++state.asked);
  const value = () => dimensionsOf(recorder, "g").value;
  expect(value()).toBe(1);
  return { runtime, recorder, state, value };
}

describe("while its recorder does not take events, nobody is asked and the last value stays:", () => {
  test("stopped, until it runs again", () => {
    const { recorder, state, value } = askedOnce();
    recorder.stop().wait();
    expect([value(), value(), state.asked]).toEqual([1, 1, 1]);
    recorder.start().wait();
    expect([value(), state.asked]).toEqual([2, 2]);
  });

  test("removed", () => {
    const { runtime, state, value } = askedOnce();
    runtime.stopAndRemoveRecorder("a");
    expect([value(), state.asked]).toEqual([1, 1]);
  });

  test.each(["last", "sum", "min", "max"] as const)("shut down, combined by %s", (combine) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    let value = 5;
    recorder.observableGauge("g", { help: "", combine }, () => value);
    expect(dimensionsOf(recorder, "g")).toEqual({ value: 5 });
    value = 6;
    runtime.shutdown();
    expect(dimensionsOf(recorder, "g")).toEqual({ value: 5 });
  });
});

test("a callback that stops its recorder observes nothing more, and what was there stays", () => {
  const recorder = startedRuntime().createRecorder("a");
  let stops = false;
  const answers: boolean[] = [];
  recorder.observableGauge("g", { help: "", labels: ["place"] }, (observe) => {
    observe(stops ? 3 : 1, { place: "first" });
    if (stops) recorder.stop();
    answers.push(observe(stops ? 4 : 2, { place: "second" }));
  });
  recorder.getMetricSnapshots();
  stops = true;
  const expected = [
    ["first", 3],
    ["second", 2],
  ];
  expect(rowsOf(recorder, "g", "value")).toEqual(expected);
  expect(answers).toEqual([true, false]);
  recorder.stop().wait();
  expect(rowsOf(recorder, "g", "value")).toEqual(expected);
});

test("a recorder that is STARTING takes one, and asks it", () => {
  const runtime = newRuntime();
  runtime.start();
  const values: unknown[] = [];
  runtime.createRecorder("a", {
    hooks: {
      onStarting: (recorder) => {
        recorder.observableGauge("g", HELP, () => 4);
        values.push(dimensionsOf(recorder, "g").value);
      },
    },
  });
  expect(values).toEqual([4]);
});

test("a start that is taken back takes back what was observed in it", () => {
  const runtime = startedRuntime();
  let fails = false;
  let value = 1;
  const recorder = runtime.createRecorder("a", {
    hooks: {
      onStarting: (recorder) => {
        if (!fails) return;
        value = 2;
        expect(dimensionsOf(recorder, "g").value).toBe(2);
        throw new Error("no");
      },
    },
  });
  recorder.observableGauge("g", HELP, () => value);
  expect(dimensionsOf(recorder, "g").value).toBe(1);
  recorder.stop().wait();
  fails = true;
  expect(recorder.start().wait().success).toBe(false);
  expect([recorder.getStatus(), dimensionsOf(recorder, "g").value]).toEqual(["FAILURE", 1]);
  expect(thrownBy(() => runtime.stopAndRemoveRecorder("a"))).toBeInstanceOf(Error);
  expect(dimensionsOf(recorder, "g").value).toBe(1);
});

test("a recorder that was removed holds no callback any more", async () => {
  const runtime = startedRuntime();
  const held = (() => {
    const pool = { size: 3 };
    runtime.createRecorder("a").observableGauge("g", HELP, () => pool.size);
    return new WeakRef(pool);
  })();
  const recorder = runtime.getRecorder("a");
  expect(dimensionsOf(recorder, "g").value).toBe(3);
  runtime.stopAndRemoveRecorder("a");
  let collected = false;
  await waitUntil(
    () => {
      collectGarbage();
      collected = held.deref() === undefined;
      return collected;
    },
    () => "the callback is still there",
  );
  expect(collected).toBe(true);
  expect(dimensionsOf(recorder, "g").value).toBe(3);
});
