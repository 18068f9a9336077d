/** Callbacks of observable gauges that fail. */
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";

const HELP = { help: "" };

/** Two gauges that do well, and between them one that does what `fails` does while `failing`. */
function withOneThatFails(fails: () => unknown) {
  const recorder = startedRuntime().createRecorder("a");
  const state = { failing: false };
  recorder.observableGauge("before", HELP, () => 1);
  recorder.observableGauge("g", { help: "", labels: ["place"] }, (observe) => {
    observe(1, { place: "first" });
    if (state.failing) return fails() as undefined;
    observe(2, { place: "second" });
  });
  recorder.observableGauge("after", HELP, () => 3);
  return { recorder, state };
}

const WAYS: readonly [what: string, fails: () => unknown][] = [
  [
    "throws",
    () => {
      throw new Error("no");
    },
  ],
  [
    "throws undefined",
    () => {
      throw undefined;
    },
  ],
  [
    "never ends calling itself",
    function endless(): unknown {
      return [endless()];
    },
  ],
  ["gives a promise", async () => {}],
  ["gives a promise that is rejected", () => Promise.reject(new Error("no"))],
];

describe.each(WAYS)("a callback that %s", (_, fails) => {
  test("is counted, leaves nothing observed, and disturbs nobody else", () => {
    const { recorder, state } = withOneThatFails(fails);
    state.failing = true;
    const snapshots = recorder.getMetricSnapshots();
    expect(snapshots).toMatchObject({
      before: { dimensions: { value: 1 } },
      g: { dimensions: { value: [] } },
      after: { dimensions: { value: 3 } },
    });
    expect(recorder.getStats().observationsFailed).toBe(1);
  });

  test("takes back what was observed before, and observes again when it does well", async () => {
    const reasons = unhandledRejections();
    const { recorder, state } = withOneThatFails(fails);
    const both = [
      ["first", 1],
      ["second", 2],
    ];
    expect(rowsOf(recorder, "g", "value")).toEqual(both);
    state.failing = true;
    expect(rowsOf(recorder, "g", "value")).toEqual([]);
    expect(rowsOf(recorder, "g", "value")).toEqual([]);
    state.failing = false;
    expect(rowsOf(recorder, "g", "value")).toEqual(both);
    expect(recorder.getStats().observationsFailed).toBe(2);
    await new Promise(setImmediate);
    expect(reasons).toEqual([]);
  });
});

test.each([
  ["a text", "5"],
  ["a bigint", 5n],
  ["null", null],
  ["an object", { value: 5 }],
])("a callback without labels that returns %s has failed", (_, returned) => {
  const recorder = startedRuntime().createRecorder("a");
  recorder.observableGauge("g", HELP, () => returned as unknown as number);
  expect(dimensionsOf(recorder, "g")).toEqual({ value: null });
  expect(recorder.getStats()).toMatchObject({ observationsFailed: 1, invalid: 0 });
});

test("a value of a wrong type that the callback does not catch makes it fail", () => {
  const recorder = startedRuntime().createRecorder("a");
  recorder.observableGauge("g", HELP, (observe) => {
    observe(1);
    observe("2" as unknown as number);
  });
  expect(dimensionsOf(recorder, "g")).toEqual({ value: null });
  expect(recorder.getStats()).toMatchObject({ observationsFailed: 1, invalid: 0 });
});
