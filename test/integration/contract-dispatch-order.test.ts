/**
 * The order in which metrics take an event shows only when one of them cannot: those before it have
 * the event then, those after it have not. What no producer writes is written here, into the memory
 * that the runtime thread reads.
 */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricsRecorder,
  sum,
} from "metrics-runtime";
import { afterEach, expect, test, vi } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { dimensionsOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const MARK = 12_345.678_9;
const Save = defineMetricEvent("save", { ms: float64() });
const counting = (name: string) => defineMetric(name, { total: count(Save) });
const failing = (name: string) => defineMetric(name, { total: sum(Save, "ms") });

afterEach(() => {
  vi.unstubAllGlobals();
});

/**
 * A recorder with the metrics that `register` has registered, after an event that every metric could
 * take and one that no metric could sum up.
 */
function afterBadEvent(register: (recorder: MetricsRecorder) => void): MetricsRecorder {
  const runtime = startedRuntime();
  const busy = runtime.createRecorder("busy", { queueMaxSize: 4_000 });
  const memory: SharedArrayBuffer[] = [];
  class Watched extends SharedArrayBuffer {
    constructor(bytes: number) {
      super(bytes);
      memory.push(this);
    }
  }
  vi.stubGlobal("SharedArrayBuffer", Watched);
  const recorder = runtime.createRecorder("a", { queueMaxSize: 4 });
  vi.unstubAllGlobals();
  register(recorder);
  recorder.registerEvent(Save({ ms: 1 }));
  recorder.getMetricSnapshots();

  registerSlowMetric(busy, 8_000);
  const fill = busy.emitter(SlowEvent, ["number"]);
  for (let n = 0; n < 4_000; n++) fill(n);
  const stop = busy.stop();
  recorder.registerEvent(Save({ ms: MARK }));
  const words = new Float64Array(memory[0] as SharedArrayBuffer);
  const at = words.indexOf(MARK);
  expect([memory.length, at > 0, stop.wait(0)]).toEqual([1, true, undefined]);
  words[at] = Number.NaN;

  expect(thrownBy(() => runtime.shutdown())).toMatchObject({
    name: "MetricsRuntimeShutdownError",
    details: { failedRecorderIds: ["a"] },
  });
  expect(recorder.getStats()).toMatchObject({ accepted: 2, dispatched: 1, pending: 1 });
  return recorder;
}

test.each([0, 1, 2, 3])(
  "metrics take an event in the order of registration: %i before",
  (before) => {
    const names = ["d", "b", "c", "a"];
    const recorder = afterBadEvent((fresh) => {
      for (const [index, name] of names.entries()) {
        fresh.registerMetric(index === before ? failing(name) : counting(name));
      }
    });
    const totals = names.map((name) => dimensionsOf(recorder, name).total);
    expect(totals).toEqual(names.map((_, index) => (index < before ? 2 : 1)));
  },
);

test("a metric that takes the place of another takes its place in that order too", () => {
  const recorder = afterBadEvent((fresh) => {
    for (const name of ["a", "b", "c"]) fresh.registerMetric(counting(name));
    fresh.registerMetric(failing("b"));
  });
  expect(["a", "b", "c"].map((name) => dimensionsOf(recorder, name).total)).toEqual([2, 1, 1]);
});
