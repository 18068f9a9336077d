import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  type MetricsRecorderState,
  type MetricsRuntime,
} from "metrics-runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { registerSlowMetric, SlowEvent } from "../support/slow-metric.js";

const Step = defineMetricEvent("step", {});
const metric = defineMetric("steps", { total: count(Step) });

interface Scene {
  readonly runtime: MetricsRuntime;
  readonly recorder: MetricsRecorder;
}
type Enter = (act: (scene: Scene) => void) => void;

const fails = () => {
  throw new Error("no");
};

function failingAtItsEnd(): MetricsRuntime {
  const runtime = startedRuntime();
  onTestFinished(() => {
    // It may fail, for a recorder has.
    if (runtime.getStatus() === "RUNNING") swallow(() => runtime.shutdown());
  });
  return runtime;
}

function swallow(call: () => unknown): void {
  try {
    call();
  } catch {}
}

/** A recorder "a" that runs; `onStopped` fails when told to. */
function running(stopFails = false): Scene {
  const runtime = failingAtItsEnd();
  const hooks = stopFails ? { onStopped: fails } : {};
  return { runtime, recorder: runtime.createRecorder("a", { hooks }) };
}

/** A way into each state that one thread can see a recorder in. */
const STATES: Record<string, Enter> = {
  "STARTING in its creation": (act) => {
    const runtime = startedRuntime();
    runtime.createRecorder("a", {
      hooks: { onStarting: (recorder) => act({ runtime, recorder }) },
    });
  },
  "STARTING again": (act) => {
    const runtime = startedRuntime();
    let again = false;
    const onStarting = (recorder: MetricsRecorder) => again && act({ runtime, recorder });
    const recorder = runtime.createRecorder("a", { hooks: { onStarting } });
    again = recorder.stop().wait().success;
    expect(recorder.start().wait().success).toBe(true);
  },
  RUNNING: (act) => act(running()),
  STOPPING: (act) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: 20_000 });
    registerSlowMetric(recorder, 8_000);
    const emit = recorder.emitter(SlowEvent, ["number"]);
    for (let n = 0; n < 10_000; n++) emit(n);
    recorder.stop();
    act({ runtime, recorder });
  },
  STOPPED: (act) => {
    const scene = running();
    scene.recorder.stop().wait();
    act(scene);
  },
  "STOPPED and removed": (act) => {
    const scene = running();
    scene.runtime.stopAndRemoveRecorder("a");
    act(scene);
  },
  "STOPPED with its runtime": (act) => {
    const scene = running();
    scene.runtime.shutdown();
    act(scene);
  },
  "FAILURE of its creation": (act) => {
    const runtime = startedRuntime();
    let kept: MetricsRecorder | undefined;
    const onStarting = (recorder: MetricsRecorder) => {
      kept = recorder;
      fails();
    };
    expect(() => runtime.createRecorder("a", { hooks: { onStarting } })).toThrow();
    act({ runtime, recorder: kept as unknown as MetricsRecorder });
  },
  "FAILURE of a start": (act) => {
    const runtime = failingAtItsEnd();
    let again = false;
    const hooks = { onStarting: () => again && fails() };
    const recorder = runtime.createRecorder("a", { hooks });
    again = recorder.stop().wait().success;
    recorder.start();
    act({ runtime, recorder });
  },
  "FAILURE of a stop": (act) => {
    const scene = running(true);
    scene.recorder.stop().wait();
    act(scene);
  },
  "FAILURE and removed": (act) => {
    const scene = running(true);
    swallow(() => scene.runtime.stopAndRemoveRecorder("a"));
    act(scene);
  },
  "FAILURE with its runtime": (act) => {
    const scene = running(true);
    swallow(() => scene.runtime.shutdown());
    act(scene);
  },
};

/** How a call ended: its value, or its error. */
type Ended = { readonly error?: unknown; readonly goesOn?: true };
type Call = (scene: Scene, inside: boolean) => Ended;

const throwing =
  (call: (scene: Scene) => unknown): Call =>
  (scene) => {
    try {
      call(scene);
      return {};
    } catch (error) {
      return { error };
    }
  };
const operation =
  (name: "start" | "stop"): Call =>
  ({ recorder }, inside) => {
    const handle = recorder[name]();
    const result = inside ? handle.wait(0) : handle.wait();
    return result === undefined ? { goesOn: true } : { error: result.error };
  };

const CALLS: Record<string, Call> = {
  start: operation("start"),
  stop: operation("stop"),
  registerEvent: throwing(({ recorder }) => recorder.registerEvent(Step())),
  "an emitter": throwing(({ recorder }) => recorder.emitter(Step, [])()),
  registerMetric: throwing(({ recorder }) => recorder.registerMetric(metric)),
  getMetricSnapshots: throwing(({ recorder }) => recorder.getMetricSnapshots()),
  getStats: throwing(({ recorder }) => recorder.getStats()),
  iterMetrics: throwing(({ recorder }) => [...recorder.iterMetrics()]),
  getRecorder: throwing(({ runtime }) => runtime.getRecorder("a")),
  stopRecorder: throwing(({ runtime }) => runtime.stopRecorder("a")),
  stopAndRemoveRecorder: throwing(({ runtime }) => runtime.stopAndRemoveRecorder("a")),
};

/** The state afterwards; or what is thrown, the state then being what it was. */
type Outcome = { readonly after: MetricsRecorderState } | { readonly error: object } | "goes on";

function expected(name: string, call: string): Outcome {
  const state = name.split(" ")[0] as MetricsRecorderState;
  const stays: Outcome = { after: state };
  const wrongState = (...expectedStates: string[]): Outcome => ({
    error: {
      name: "MetricsRecorderInvalidStateError",
      details: { recorderState: state, expectedStates },
    },
  });
  const unlisted = /creation|removed/.test(name);
  const closed = name.endsWith("its runtime");
  const runtimeState = {
    name: "MetricsRuntimeInvalidStateError",
    details: {
      runtimeState: closed ? (state === "FAILURE" ? "FAILURE" : "CLOSED") : "RUNNING",
      expectedStates: ["RUNNING"],
    },
  };
  const notFound = { name: "MetricsRuntimeRecorderNotFoundError" };
  switch (call) {
    case "start":
      if (name === "STARTING again") return "goes on";
      if (state !== "STOPPED") return wrongState("VIRGIN", "STOPPED");
      if (closed || unlisted) {
        const cause = closed ? runtimeState : notFound;
        return { error: { name: "MetricsRecorderUnexpectedError", cause } };
      }
      return { after: "RUNNING" };
    case "stop":
      return /^RUNNING|STOPPING/.test(state) ? { after: "STOPPED" } : wrongState("RUNNING");
    case "registerEvent":
    case "an emitter":
    case "registerMetric":
      return /^STARTING|RUNNING/.test(state) ? stays : wrongState("STARTING", "RUNNING");
    case "getRecorder":
      return closed ? { error: runtimeState } : unlisted ? { error: notFound } : stays;
    case "stopRecorder":
    case "stopAndRemoveRecorder":
      if (closed || state === "STARTING") return { error: runtimeState };
      if (unlisted) return { error: notFound };
      if (state === "FAILURE") return { error: { name: "MetricsRuntimeRecorderStopError" } };
      return { after: "STOPPED" };
    default: // what only looks
      return stays;
  }
}

describe.each(Object.keys(STATES))("in %s", (name) => {
  const state = name.split(" ")[0] as MetricsRecorderState;
  test.each(Object.entries(CALLS))("%s", (callName, call) => {
    let acted = 0;
    STATES[name]?.((scene) => {
      acted++;
      expect(scene.recorder.getStatus()).toBe(state);
      const ended = call(scene, state === "STARTING");
      const outcome = expected(name, callName);
      if (outcome === "goes on") {
        expect(ended).toEqual({ goesOn: true });
      } else if ("error" in outcome) {
        expect(ended.error).toMatchObject(outcome.error);
      } else {
        expect(ended.error).toBeUndefined();
        expect(ended.goesOn).toBeUndefined();
      }
      const after = typeof outcome === "object" && "after" in outcome ? outcome.after : state;
      // A stop that goes on may end while somebody only looks.
      const allowed = state === "STOPPING" ? ["STOPPING", "STOPPED"] : [after];
      if (after === "STOPPED") expect(scene.recorder.getStatus()).toBe("STOPPED");
      else expect(allowed).toContain(scene.recorder.getStatus());
    });
    expect(acted).toBe(1);
  });
});
