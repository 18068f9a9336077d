import { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../support/thrown.js";

function virgin(): MetricsRuntime {
  return new MetricsRuntime({ namespace: "test" });
}

function running(): MetricsRuntime {
  const runtime = virgin();
  runtime.start();
  runtime.createRecorder("old");
  return runtime;
}

function shutDown(runtime: MetricsRuntime): MetricsRuntime {
  runtime.shutdown();
  return runtime;
}

/** A way into each state that one thread can see a runtime in; "old" was its recorder, if it ran. */
const STATES = {
  VIRGIN: virgin,
  RUNNING: running,
  "CLOSED from VIRGIN": () => shutDown(virgin()),
  CLOSED: () => shutDown(running()),
  FAILURE: () => {
    const runtime = running();
    const onStopped = () => {
      throw new Error("no");
    };
    runtime.createRecorder("fails", { hooks: { onStopped } });
    expect(() => runtime.shutdown()).toThrow("no");
    return runtime;
  },
} satisfies Record<string, () => MetricsRuntime>;
type StateName = keyof typeof STATES;

/** What a call does: the state afterwards, the states it expected, or the name of its error. */
type Outcome = string | readonly string[];
type Call = (runtime: MetricsRuntime) => unknown;
type Row = readonly [name: string, call: Call, ...outcomes: Outcome[]];

const NEEDS_RUNNING = ["RUNNING"];
const [NOT_FOUND, TAKEN] = ["NotFound", "AlreadyExists"];

const NAMES = Object.keys(STATES) as StateName[];
/** The outcomes in the order of {@link NAMES}. */
const ROWS: readonly Row[] = [
  ["start", (of) => of.start(), "RUNNING", "RUNNING", ["VIRGIN"], ["VIRGIN"], ["VIRGIN"]],
  [
    "shutdown",
    (of) => of.shutdown(),
    "CLOSED",
    "CLOSED",
    "CLOSED",
    "CLOSED",
    ["RUNNING", "STOPPING"],
  ],
  ["dispose", (of) => of[Symbol.dispose](), "CLOSED", "CLOSED", "CLOSED", "CLOSED", "FAILURE"],
  ["getStatus", (of) => of.getStatus(), "VIRGIN", "RUNNING", "CLOSED", "CLOSED", "FAILURE"],
  ["getStats", (of) => of.getStats(), "VIRGIN", "RUNNING", "CLOSED", "CLOSED", "FAILURE"],
  ["entityId", (of) => of.entityId, "VIRGIN", "RUNNING", "CLOSED", "CLOSED", "FAILURE"],
  ...(
    [
      ["createRecorder", (of) => of.createRecorder("new"), "RUNNING"],
      [
        "createRecorder with a hook",
        (of) => of.createRecorder("new", { hooks: { onStarting: () => {} } }),
        "RUNNING",
      ],
      ["createRecorder of one there", (of) => of.createRecorder("old"), TAKEN],
      ["getRecorder", (of) => of.getRecorder("old"), "RUNNING"],
      ["getRecorder of none", (of) => of.getRecorder("none"), NOT_FOUND],
      ["tryGetRecorder", (of) => of.tryGetRecorder("old"), "RUNNING"],
      ["tryGetRecorder of none", (of) => of.tryGetRecorder("none"), "RUNNING"],
      ["listRecorderIds", (of) => of.listRecorderIds(), "RUNNING"],
      ["stopRecorder", (of) => of.stopRecorder("old"), "RUNNING"],
      ["stopRecorder of none", (of) => of.stopRecorder("none"), NOT_FOUND],
      ["stopAndRemoveRecorder", (of) => of.stopAndRemoveRecorder("old"), "RUNNING"],
      ["stopAndRemoveRecorder of none", (of) => of.stopAndRemoveRecorder("none"), NOT_FOUND],
    ] as [string, Call, string][]
  ).map(([name, call, inRunning]): Row => {
    const others = NAMES.slice(2).map(() => NEEDS_RUNNING);
    return [name, call, NEEDS_RUNNING, inRunning, ...others];
  }),
];

const isState = (outcome: string): boolean => /^[A-Z]+$/.test(outcome);

describe.each(ROWS.map(([name, call, ...outcomes]) => ({ name, call, outcomes })))(
  "$name",
  ({ call, outcomes }) => {
    test.each(NAMES.map((name, index) => [name, outcomes[index] as Outcome] as const))(
      "in %s: %j",
      (name, outcome) => {
        using runtime = STATES[name]();
        const before = runtime.getStatus();
        expect(name.startsWith(before)).toBe(true);
        if (typeof outcome === "string" && isState(outcome)) {
          call(runtime);
          expect(runtime.getStatus()).toBe(outcome);
          return;
        }
        const error = thrownBy(() => call(runtime));
        if (typeof outcome === "string") {
          expect(error.name).toBe(`MetricsRuntimeRecorder${outcome}Error`);
        } else {
          expect(error).toMatchObject({
            name: "MetricsRuntimeInvalidStateError",
            details: { runtimeState: before, expectedStates: outcome },
          });
        }
        expect(runtime.getStatus()).toBe(before);
      },
    );
  },
);

test("every row has an outcome for every state", () => {
  for (const [name, , ...outcomes] of ROWS) expect([name, outcomes.length]).toEqual([name, 5]);
});
