import {
  count,
  defineMetric,
  defineMetricEvent,
  MetricsRecorderOnStoppedHookFailedError,
  type MetricsRuntime,
} from "metrics-runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const Step = defineMetricEvent("step", {});
const steps = defineMetric("steps", { total: count(Step) });

/** Running recorders; the onStopped of those in `failing` throws. */
function scene(thrown: unknown, ids = ["a"], failing = ["a"]) {
  const runtime = startedRuntime();
  onTestFinished(() => {
    // It fails when a recorder has.
    if (runtime.getStatus() === "RUNNING") thrownOrNot(() => runtime.shutdown());
  });
  const stopped: string[] = [];
  const recorders = ids.map((id) => {
    const onStopped = () => {
      stopped.push(id);
      if (failing.includes(id)) throw thrown;
    };
    const recorder = runtime.createRecorder(id, { hooks: { onStopped } });
    recorder.registerMetric(steps);
    for (let n = 0; n < 100; n++) recorder.registerEvent(Step());
    return recorder;
  });
  const recorder = runtime.getRecorder(ids[0] ?? "");
  return { runtime, recorder, recorders, stopped };
}

function thrownOrNot(call: () => void): void {
  try {
    call();
  } catch {}
}

class Unspeakable extends Error {
  override get message(): string {
    throw new Error("no message");
  }
}

describe("when onStopped throws", () => {
  test.each([
    ["an error", new RangeError("no"), "on stopped hook failed -> RangeError: no"],
    ["text", "no", "on stopped hook failed -> string: no"],
    ["undefined", undefined, "on stopped hook failed"],
    ["null", null, "on stopped hook failed -> object: null"],
    ["an error whose message throws", new Unspeakable(), undefined],
    ["an error whose message is no text", Object.assign(new Error(), { message: 5 }), undefined],
  ])("%s, every handle has the one failed result", async (_, thrown, message) => {
    const { recorder, stopped } = scene(thrown);
    const handles = [recorder.stop(), recorder.stop()];
    const [result, ...others] = [handles[0]?.wait(), handles[0]?.wait(0), await handles[0]];
    expect(result).toMatchObject({ opName: "STOP", success: false });
    expect(result?.error).toBeInstanceOf(MetricsRecorderOnStoppedHookFailedError);
    expect(result?.error?.cause === thrown).toBe(true);
    if (message !== undefined) expect(result?.error?.message).toBe(message);
    expect(others.map((other) => other === result)).toEqual([true, true]);
    expect(recorder.getStatus()).toBe("FAILURE");
    expect(recorder.getStats().lastError).toBe(result?.error);
    expect(stopped).toEqual(["a"]);
  });

  test("the recorder keeps its metrics and counts, and takes nothing more", () => {
    const { recorder } = scene(new RangeError("no"));
    const { error } = recorder.stop().wait();
    expect(recorder.getMetricSnapshots().steps?.dimensions).toEqual({ total: 100 });
    expect(recorder.getStats()).toMatchObject({ accepted: 100, dispatched: 100, dropped: 0 });
    const refused = {
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "FAILURE", expectedStates: ["STARTING", "RUNNING"] },
    };
    for (const call of [
      () => recorder.registerEvent(Step()),
      () => recorder.registerMetric(steps),
    ]) {
      const thrown = thrownBy(call);
      expect(thrown).toMatchObject(refused);
      expect(thrown.cause).toBe(error);
    }
    expect(recorder.start().wait().error?.cause).toBe(error);
    expect(recorder.stop().wait().error?.cause).toBe(error);
  });

  test("on a turn of its own, nobody is disturbed, and the handle says so later", async () => {
    const { recorder, stopped } = scene(new RangeError("no"));
    const handle = recorder.stop();
    await waitUntil(
      () => stopped.length > 0,
      () => recorder.getStatus(),
    );
    expect(recorder.getStatus()).toBe("FAILURE");
    expect(handle.wait(0)?.error?.name).toBe("MetricsRecorderOnStoppedHookFailedError");
    expect(recorder.getStats().lastError).toBe(handle.wait().error);
  });

  test.each([false, true])("stopRecorder throws, and again, having begun before: %s", (begun) => {
    const { runtime, recorder, stopped } = scene(new RangeError("no"));
    if (begun) recorder.stop();
    for (const _ of [1, 2]) {
      const error = thrownBy(() => runtime.stopRecorder("a"));
      expect(error).toMatchObject({ name: "MetricsRuntimeRecorderStopError", recorderId: "a" });
      expect(error.cause).toBeInstanceOf(MetricsRecorderOnStoppedHookFailedError);
      expect(error.cause).toBe(recorder.getStats().lastError);
    }
    expect(stopped).toEqual(["a"]);
    expect(runtime.getRecorder("a")).toBe(recorder);
    expect(recorder.getStatus()).toBe("FAILURE");
  });

  test.each([false, true])(
    "stopAndRemoveRecorder throws, but removes; begun before: %s",
    (begun) => {
      const { runtime, recorder } = scene(new RangeError("no"));
      if (begun) recorder.stop();
      const error = thrownBy(() => runtime.stopAndRemoveRecorder("a"));
      expect(error.name).toBe("MetricsRuntimeRecorderStopError");
      expect(error.cause).toBe(recorder.getStats().lastError);
      expect(runtime.listRecorderIds()).toEqual([]);
      expect(recorder.getStatus()).toBe("FAILURE");
      expect(runtime.createRecorder("a")).not.toBe(recorder);
      runtime.shutdown();
      expect(runtime.getStatus()).toBe("CLOSED");
    },
  );
});

describe("when onStopped throws in a shutdown", () => {
  const ids = ["d", "a", "c", "b"];
  const ENDS: [name: string, (runtime: MetricsRuntime) => void][] = [
    ["shutdown", (runtime) => runtime.shutdown()],
    ["Symbol.dispose", (runtime) => runtime[Symbol.dispose]()],
  ];

  test.each(ENDS)("%s stops the others, runs their hooks, and then throws", (_, end) => {
    const { runtime, recorders, stopped } = scene(new RangeError("no"), ids, ["a", "b"]);
    const error = thrownBy(() => end(runtime));
    expect(stopped).toEqual(ids);
    const failed = {
      kind: "MetricsRecorderOnStoppedHookFailedError",
      message: "on stopped hook failed -> RangeError: no",
    };
    expect(error).toMatchObject({ name: "MetricsRuntimeShutdownError" });
    expect(error).toHaveProperty("details", {
      failedRecorderIds: ["a", "b"],
      recorderErrors: { a: failed, b: failed },
    });
    expect(error.cause).toBe(recorders[1]?.getStats().lastError);
    expect(runtime.getStatus()).toBe("FAILURE");
    const states = recorders.map((recorder) => recorder.getStatus());
    expect(states).toEqual(["STOPPED", "FAILURE", "STOPPED", "FAILURE"]);
    for (const recorder of recorders) {
      expect(recorder.getMetricSnapshots().steps?.dimensions).toEqual({ total: 100 });
    }
    expect(() => runtime[Symbol.dispose]()).not.toThrow();
    expect(stopped).toEqual(ids);
  });

  test("one that failed before is reported too", () => {
    const { runtime, recorders } = scene(new RangeError("no"), ids, ["a", "b", "d"]);
    recorders[3]?.stop().wait();
    const error = thrownBy(() => runtime.shutdown());
    const message = "on stopped hook failed -> RangeError: no";
    const kind = "MetricsRecorderOnStoppedHookFailedError";
    const failed = error as Error & { readonly details: { failedRecorderIds: readonly string[] } };
    expect([...failed.details.failedRecorderIds].sort()).toEqual(["a", "b", "d"]);
    expect(error).toHaveProperty("details.recorderErrors.a", { kind, message });
    expect(error).toHaveProperty("details.recorderErrors.b", { kind, message });
    expect(runtime.getStatus()).toBe("FAILURE");
  });
});
