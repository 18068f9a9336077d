import {
  count,
  defineMetric,
  defineMetricEvent,
  label,
  type MetricsRecorder,
  MetricsRecorderOnStartingHookFailedError,
  MetricsRuntimeRecorderStartupError,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", { size: uint32() });
const steps = defineMetric("steps", { total: count(Step) });

/** What createRecorder throws when its hook throws `thrown`, and what the hook had kept. */
function failedCreation(thrown: unknown, before: (recorder: MetricsRecorder) => void = () => {}) {
  const runtime = startedRuntime();
  runtime.createRecorder("other");
  let kept: MetricsRecorder | undefined;
  const onStarting = (recorder: MetricsRecorder): void => {
    kept = recorder;
    before(recorder);
    throw thrown;
  };
  const error = thrownBy(() => runtime.createRecorder("a", { hooks: { onStarting } }));
  if (kept === undefined) throw new Error("the hook did not run", { cause: error });
  return { runtime, error, kept };
}

/** A value that cannot be described without care. */
class Unspeakable extends Error {
  override get message(): string {
    throw new Error("no message");
  }
}
const revoked = Proxy.revocable({}, {});
revoked.revoke();

const THROWN: [what: string, thrown: unknown, message: string][] = [
  ["an error", new RangeError("too many"), " -> RangeError: too many"],
  ["an error of ours", new MetricsRecorderOnStartingHookFailedError(1), ""],
  ["text", "no", " -> string: no"],
  ["a number", 0, " -> number: 0"],
  ["undefined", undefined, ""],
  ["null", null, " -> object: null"],
  ["a symbol", Symbol("s"), " -> symbol: Symbol(s)"],
  ["an object without a prototype", Object.create(null), " -> object: [object Object]"],
  ["an error whose message throws", new Unspeakable(), ""],
  ["an error whose message is a number", Object.assign(new Error("x"), { message: 5 }), ""],
  ["an error whose message is a symbol", Object.assign(new Error("x"), { message: Symbol() }), ""],
  ["a revoked proxy", revoked.proxy, ""],
];

describe("when onStarting throws in createRecorder", () => {
  test.each(THROWN)("%s, the error has it as the cause of its cause", (_, thrown, message) => {
    const { runtime, error, kept } = failedCreation(thrown);
    expect(error).toBeInstanceOf(MetricsRuntimeRecorderStartupError);
    expect(error.cause).toBeInstanceOf(MetricsRecorderOnStartingHookFailedError);
    expect((error.cause as Error).cause === thrown).toBe(true);
    expect((error.cause as Error).message).toContain(`on starting hook failed${message}`);
    expect(error.message).toContain("unable to start the metrics recorder -> MetricsRecorderOn");
    expect(kept.getStatus()).toBe("FAILURE");
    expect(kept.getStats().lastError).toBe(error.cause);
    expect(runtime.createRecorder("a").getStatus()).toBe("RUNNING");
  });

  test("nothing is registered, the id is free, and the runtime goes on", () => {
    const { runtime, error, kept } = failedCreation(new Error("no"));
    expect(error).toMatchObject({ recorderId: "a", details: { recorderId: "a" } });
    expect(runtime.getStatus()).toBe("RUNNING");
    expect(runtime.listRecorderIds()).toEqual(["other"]);
    expect(runtime.tryGetRecorder("a")).toBeUndefined();
    const next = runtime.createRecorder("a");
    expect(next).not.toBe(kept);
    expect(runtime.listRecorderIds()).toEqual(["other", "a"]);
    next.registerMetric(steps);
    expect(next.registerEvent(Step({ size: 1 }))).toBe(true);
    expect(next.getMetricSnapshots().steps?.dimensions).toEqual({ total: 1 });
    runtime.shutdown();
    expect(runtime.getStatus()).toBe("CLOSED");
    expect([next.getStatus(), kept.getStatus()]).toEqual(["STOPPED", "FAILURE"]);
  });

  test("the recorder has no metrics, and the events of the hook count as dropped", () => {
    const { error, kept, runtime } = failedCreation(new Error("no"), (recorder) => {
      recorder.registerMetric(steps);
      for (let size = 0; size < 5; size++) recorder.registerEvent(Step({ size }));
      // Some dispatched, some not.
      expect(recorder.getMetricSnapshots().steps?.dimensions).toEqual({ total: 5 });
      for (let size = 0; size < 3; size++) recorder.registerEvent(Step({ size }));
      expect(recorder.emitter(Step, ["size"])(Number.NaN)).toBe(false);
    });
    for (const end of [() => {}, () => runtime.shutdown()]) {
      end();
      expect(kept.getMetricSnapshots()).toEqual({});
      expect([...kept.iterMetrics()]).toEqual([]);
      expect(kept.getStats()).toMatchObject({
        offered: 8,
        accepted: 0,
        dropped: 8,
        dispatched: 0,
        pending: 0,
        invalid: 1,
        lastError: error.cause,
      });
    }
  });

  test("and a queue overflowed before, offered is accepted and dropped all the same", () => {
    const { kept } = failedCreation(new Error("no"), (recorder) => {
      for (let n = 0; n < 50_000; n++) recorder.registerEvent(Step({ size: n }));
    });
    expect(kept.getStats()).toMatchObject({ offered: 50_000, accepted: 0, dropped: 50_000 });
  });

  test("the kept recorder refuses everything, for that reason", () => {
    let emit: (size: number) => boolean = () => true;
    const { error, kept } = failedCreation(new Error("no"), (recorder) => {
      emit = recorder.emitter(Step, ["size"]);
    });
    const refused = {
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: "FAILURE", expectedStates: ["STARTING", "RUNNING"] },
      cause: error.cause,
    };
    expect(thrownBy(() => kept.registerEvent(Step({ size: 1 })))).toMatchObject(refused);
    expect(thrownBy(() => emit(1))).toMatchObject(refused);
    expect(thrownBy(() => kept.registerMetric(steps))).toMatchObject(refused);
    const stop = kept.stop().wait();
    expect(stop.error).toMatchObject({ ...refused, details: { expectedStates: ["RUNNING"] } });
    expect(kept.start().wait()).toMatchObject({ opName: "START", success: false });
    expect(kept.getStatus()).toBe("FAILURE");
    expect(kept.getStats()).toMatchObject({ offered: 0, dropped: 0 });
  });

  test("an error of an argument in the hook fails the creation as any other", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("other").registerEvent(Step({ size: 1 }));
    const Other = defineMetricEvent("step", { size: label() });
    const error = thrownBy(() =>
      runtime.createRecorder("a", {
        hooks: { onStarting: (recorder) => void recorder.registerEvent(Other({ size: "x" })) },
      }),
    );
    expect(error.name).toBe("MetricsRuntimeRecorderStartupError");
    expect((error.cause as Error).cause).toMatchObject(INVALID_ARG_VALUE);
  });

  test("a thousand times, it leaves nothing behind", () => {
    const runtime = startedRuntime({ defaultRecorderQueueMaxSize: 16 });
    const onStarting = (recorder: MetricsRecorder): never => {
      recorder.registerEvent(Step({ size: 1 }));
      throw new Error("no");
    };
    for (let n = 0; n < 1_000; n++) {
      expect(() => runtime.createRecorder("a", { hooks: { onStarting } })).toThrow();
    }
    expect(runtime.listRecorderIds()).toEqual([]);
    runtime.shutdown();
    expect(runtime.getStatus()).toBe("CLOSED");
  });
});
