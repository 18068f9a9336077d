import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  type MetricsRuntime,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const Step = defineMetricEvent("step", {});
const steps = defineMetric("steps", { total: count(Step) });

/** What onStopped sees of a recorder. */
const sight = (recorder: MetricsRecorder) => ({
  id: recorder.recorderId,
  status: recorder.getStatus(),
  total: recorder.getMetricSnapshots().steps?.dimensions.total,
  pending: recorder.getStats().pending,
});
type Sight = ReturnType<typeof sight>;
const seenOf = (id: string, total: number): Sight => ({ id, status: "STOPPED", total, pending: 0 });

/** Recorders `ids` with events on their way, and what their hooks see. */
function scene(ids: readonly string[] = ["a"]) {
  const runtime = startedRuntime();
  const seen: Sight[] = [];
  const hooks = { onStopped: (recorder: MetricsRecorder) => void seen.push(sight(recorder)) };
  const recorders = ids.map((id) => {
    const recorder = runtime.createRecorder(id, { hooks });
    recorder.registerMetric(steps);
    for (let n = 0; n < 500; n++) recorder.registerEvent(Step());
    return recorder;
  });
  return { runtime, seen, recorder: recorders[0] as MetricsRecorder };
}

type End = (recorder: MetricsRecorder, runtime: MetricsRuntime) => unknown;
const ENDS: [way: string, end: End][] = [
  ["stop().wait()", (recorder) => recorder.stop().wait()],
  ["stop().wait(5000)", (recorder) => recorder.stop().wait(5_000)],
  ["await stop()", async (recorder) => await recorder.stop()],
  ["stopRecorder", (_, runtime) => runtime.stopRecorder("a")],
  ["stopAndRemoveRecorder", (_, runtime) => runtime.stopAndRemoveRecorder("a")],
  ["shutdown", (_, runtime) => runtime.shutdown()],
  ["Symbol.dispose", (_, runtime) => runtime[Symbol.dispose]()],
];
const AFTER_STOP: [way: string, end: End][] = ENDS.filter(([way]) => !/^(await )?stop\(/.test(way));

describe("onStopped runs once, in STOPPED, with everything dispatched, before the return of", () => {
  test.each(ENDS)("%s", async (_, end) => {
    const { runtime, recorder, seen } = scene();
    await end(recorder, runtime);
    expect(seen).toEqual([seenOf("a", 500)]);
    runtime.shutdown();
    expect(seen).toHaveLength(1);
  });

  test.each(AFTER_STOP)("%s, when a stop goes on that nobody has waited for", (_, end) => {
    const { runtime, recorder, seen } = scene();
    const handle = recorder.stop();
    end(recorder, runtime);
    expect(seen).toEqual([seenOf("a", 500)]);
    expect(handle.wait(0)).toEqual({ opName: "STOP", success: true, error: undefined });
    expect(seen).toHaveLength(1);
  });

  test.each(AFTER_STOP)("%s, when such a stop has ended unnoticed", (_, end) => {
    const { runtime, recorder, seen } = scene();
    recorder.stop();
    while (recorder.getStatus() !== "STOPPED") recorder.getStats();
    expect(seen).toEqual([]);
    end(recorder, runtime);
    expect(seen).toEqual([seenOf("a", 500)]);
  });
});

test("for a stop that nobody waits for, onStopped runs on a later turn, once", async () => {
  const { recorder, seen } = scene();
  recorder.stop();
  recorder.stop();
  expect(seen).toEqual([]);
  await waitUntil(
    () => seen.length > 0,
    () => recorder.getStatus(),
  );
  expect(seen).toEqual([seenOf("a", 500)]);
  await new Promise(setImmediate);
  expect(seen).toHaveLength(1);
});

test("onStopped runs once for all the handles on one stop, whoever asks first", async () => {
  for (const first of [0, 1, 2]) {
    const runtime = startedRuntime();
    let stops = 0;
    const recorder = runtime.createRecorder("a", {
      queueMaxSize: 20_000,
      hooks: { onStopped: () => void stops++ },
    });
    registerSlowMetric(recorder, 2_000);
    const emit = recorder.emitter(SlowEvent, ["number"]);
    for (let n = 0; n < 10_000; n++) emit(n);
    const handles = [recorder.stop(), recorder.stop(), recorder.stop()];
    const awaited = Promise.all(handles);
    const result = handles[first]?.wait();
    expect(result?.success).toBe(true);
    expect(handles.map((handle) => handle.wait())).toEqual([result, result, result]);
    expect((await awaited).map((each) => each === result)).toEqual([true, true, true]);
    expect(stops).toBe(1);
  }
});

test("in a shutdown onStopped runs for each recorder that it stops, in order of registration", () => {
  const { runtime, seen } = scene(["b", "a", "c", "d", "removed"]);
  runtime.stopRecorder("a");
  runtime.stopAndRemoveRecorder("removed");
  runtime.createRecorder("without hooks");
  expect(seen.splice(0).map(({ id }) => id)).toEqual(["a", "removed"]);
  runtime.shutdown();
  expect(seen).toEqual(["b", "c", "d"].map((id) => seenOf(id, 500)));
});

test("onStopped runs before the onStarting of the start that follows", () => {
  const runtime = startedRuntime();
  const order: string[] = [];
  const recorder = runtime.createRecorder("a", {
    hooks: {
      onStarting: (self) => void order.push(`starting ${self.getStatus()}`),
      onStopped: (self) => void order.push(`stopped ${self.getStatus()}`),
    },
  });
  const round = ["starting STARTING", "stopped STOPPED"];
  for (let n = 0; n < 20; n++) {
    recorder.stop();
    while (recorder.getStatus() !== "STOPPED") recorder.getStats();
    expect(order).toEqual(["starting STARTING"]);
    expect(recorder.start().wait().success).toBe(true);
    expect(order.splice(0)).toEqual([...round, "starting STARTING"]);
    order.push("starting STARTING");
  }
});

describe("onStopped does not run", () => {
  test("for a stop that has failed, nor for a recorder that is STOPPED already", () => {
    const { runtime, recorder, seen } = scene();
    runtime.stopRecorder("a");
    expect(seen.splice(0)).toHaveLength(1);
    runtime.stopRecorder("a");
    expect(recorder.stop().wait().success).toBe(false);
    expect(runtime.stopAndRemoveRecorder("a")).toBe(recorder);
    expect(thrownBy(() => runtime.stopRecorder("a")).name).toMatch(/NotFoundError$/);
    expect(recorder.stop().wait().success).toBe(false);
    runtime.shutdown();
    expect(seen).toEqual([]);
  });

  test("for a recorder whose creation has failed", () => {
    const runtime = startedRuntime();
    let stops = 0;
    const hooks = {
      onStarting: () => {
        throw new Error("no");
      },
      onStopped: () => void stops++,
    };
    expect(() => runtime.createRecorder("a", { hooks })).toThrow();
    runtime.shutdown();
    expect(stops).toBe(0);
  });
});
