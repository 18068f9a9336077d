import { defineMetric, defineMetricEvent, label, sum, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { everythingOf, type Scene, Seen, scene, seen } from "../support/misuse.js";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

const Fresh = defineMetricEvent("misuse.fresh", { n: uint32() });
/** Every method of a recorder that needs it to run. */
const RECORDS: [name: string, call: (of: Scene) => unknown][] = [
  ["registerEvent", ({ stopped }) => stopped.registerEvent(Seen({ ms: 1, size: 1, place: "a" }))],
  ["registerEvent of a new class", ({ stopped }) => stopped.registerEvent(Fresh({ n: 1 }))],
  [
    "registerEvent of NaN",
    ({ stopped }) => stopped.registerEvent(Seen({ ms: Number.NaN, size: 1, place: "a" })),
  ],
  [
    "registerEvent of a new label",
    ({ stopped }) => stopped.registerEvent(Seen({ ms: 1, size: 1, place: "new" })),
  ],
  ["an emitter", ({ stopped }) => stopped.emitter(Seen, ["ms", "size", "place"])(1, 1, "a")],
  [
    "an emitter, of NaN",
    ({ stopped }) => stopped.emitter(Seen, ["ms", "size", "place"])(Number.NaN, 1, "a"),
  ],
  [
    "registerMetric",
    ({ stopped }) => stopped.registerMetric(defineMetric("new", { n: sum(Fresh, "n") })),
  ],
  ["registerMetric of one that is there", ({ stopped }) => stopped.registerMetric(seen)],
];
const ENDS: [name: string, end: (of: Scene) => void][] = [
  ["stopped", () => {}],
  ["removed", ({ runtime }) => void runtime.stopAndRemoveRecorder("stopped")],
  ["left by its runtime", ({ runtime }) => runtime.shutdown()],
];

/** As {@link refused}, for a scene in which the stopped recorder may have left the registry. */
function refusedLater(of: Scene, call: () => unknown): Error {
  const { stopped, recorder } = of;
  const look = () =>
    [stopped, recorder].map((one) => [
      one.getMetricSnapshots(),
      one.getStats(),
      one.getStatus(),
      [...one.iterMetrics()],
    ]);
  const before = look();
  const error = thrownBy(call);
  expect(look()).toEqual(before);
  return error;
}

describe.each(ENDS)("of a recorder that is %s", (what, end) => {
  test.each(RECORDS)("%s is refused, and changes nothing", (_, call) => {
    const before = scene();
    end(before);
    const states = { recorderState: "STOPPED", expectedStates: ["STARTING", "RUNNING"] };
    expect(refusedLater(before, () => call(before))).toMatchObject({
      name: "MetricsRecorderInvalidStateError",
      code: "ERR_METRICS_RECORDER_INVALID_STATE",
      message: "invalid metrics recorder state 'STOPPED', expected one of: 'STARTING', 'RUNNING'",
      details: states,
    });
  });

  test("stop ends in a failure that names the state, and changes nothing", () => {
    const before = scene();
    end(before);
    const stats = before.stopped.getStats();
    expect(before.stopped.stop().wait()).toMatchObject({
      opName: "STOP",
      success: false,
      error: {
        name: "MetricsRecorderInvalidStateError",
        message: "invalid metrics recorder state 'STOPPED', expected 'RUNNING'",
        details: { recorderState: "STOPPED", expectedStates: ["RUNNING"] },
      },
    });
    expect([before.stopped.getStatus(), before.stopped.getStats()]).toEqual(["STOPPED", stats]);
  });

  test("start works, or ends in a failure that says why it never will", () => {
    const before = scene();
    end(before);
    const { success, error } = before.stopped.start().wait();
    const cause = {
      stopped: undefined,
      removed: { name: "MetricsRuntimeRecorderNotFoundError", recorderId: "stopped" },
      "left by its runtime": {
        name: "MetricsRuntimeInvalidStateError",
        details: { runtimeState: "CLOSED", expectedStates: ["RUNNING"] },
      },
    }[what];
    expect(success).toBe(cause === undefined);
    expect(before.stopped.getStatus()).toBe(success ? "RUNNING" : "STOPPED");
    if (cause === undefined) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ name: "MetricsRecorderUnexpectedError", cause });
  });
});

test("start of a running recorder ends in a failure, and changes nothing", () => {
  const before = scene();
  const all = everythingOf(before);
  expect(before.recorder.start().wait()).toMatchObject({
    opName: "START",
    success: false,
    error: {
      name: "MetricsRecorderInvalidStateError",
      message: "invalid metrics recorder state 'RUNNING', expected one of: 'VIRGIN', 'STOPPED'",
      details: { recorderState: "RUNNING", expectedStates: ["VIRGIN", "STOPPED"] },
    },
  });
  expect(everythingOf(before)).toEqual(all);
});

test("an event that a stopped recorder refused does not make its class known", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  runtime.stopRecorder("a");
  const metric = defineMetric("m", { n: sum(Fresh, "n") });
  expect(thrownBy(() => recorder.registerEvent(Fresh({ n: 1 }))).name).toMatch(/InvalidState/);
  expect(thrownBy(() => recorder.registerMetric(metric)).name).toMatch(/InvalidState/);
  const Other = defineMetricEvent("misuse.fresh", { n: label() });
  expect(runtime.createRecorder("b").registerEvent(Other({ n: "text" }))).toBe(true);
});
