import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRecorder,
  type MetricsRecorderHooks,
  MetricsRuntime,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { everythingOf, scene } from "../support/misuse.js";
import { startedRuntime } from "../support/runtimes.js";
import { OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const Step = defineMetricEvent("step", {});
const steps = defineMetric("steps", { total: count(Step) });
const INSIDE = " (called from inside a metric or hook)";

/** Runs `inside` in one hook of a new recorder, registered as `id`. */
type Hook = (runtime: MetricsRuntime, inside: (self: MetricsRecorder) => void) => void;
let hooked = 0;
function create(runtime: MetricsRuntime, hooks: MetricsRecorderHooks): MetricsRecorder {
  return runtime.createRecorder(`hooked ${hooked++}`, { hooks });
}
const HOOKS: [name: string, hook: Hook][] = [
  ["onStarting of a creation", (runtime, onStarting) => void create(runtime, { onStarting })],
  [
    "onStarting of a start",
    (runtime, inside) => {
      let again = false;
      const recorder = create(runtime, { onStarting: (self) => again && inside(self) });
      again = recorder.stop().wait().success;
      recorder.start().wait();
    },
  ],
  [
    "onStopped of a stop",
    (runtime, onStopped) => void create(runtime, { onStopped }).stop().wait(),
  ],
  [
    "onStopped of stopRecorder",
    (runtime, onStopped) => runtime.stopRecorder(create(runtime, { onStopped }).recorderId),
  ],
];

/** What `inside` gives when it runs in the hook: what it throws must not fail the hook. */
function ranInside<Result>(
  hook: Hook,
  runtime: MetricsRuntime,
  inside: (self: MetricsRecorder) => Result,
): Result {
  const results: Result[] = [];
  const errors: unknown[] = [];
  hook(runtime, (self) => {
    try {
      results.push(inside(self));
    } catch (error) {
      errors.push(error);
    }
  });
  if (errors.length > 0) throw errors[0];
  expect(results).toHaveLength(1);
  return results[0] as Result;
}

describe.each(HOOKS)("from inside %s", (_, hook) => {
  const CALLS: [string, (runtime: MetricsRuntime) => unknown, string[]][] = [
    ["stopRecorder", (runtime) => runtime.stopRecorder("running"), ["RUNNING"]],
    ["stopRecorder of none", (runtime) => runtime.stopRecorder("none"), ["RUNNING"]],
    ["stopAndRemoveRecorder", (runtime) => runtime.stopAndRemoveRecorder("running"), ["RUNNING"]],
    ["shutdown", (runtime) => runtime.shutdown(), ["RUNNING", "STOPPING"]],
    ["Symbol.dispose", (runtime) => runtime[Symbol.dispose](), ["RUNNING", "STOPPING"]],
  ];

  test.each(CALLS)("%s is refused and changes nothing", (__, call, expectedStates) => {
    const own = scene();
    const other = scene();
    ranInside(hook, own.runtime, () => {
      for (const target of [own, other]) {
        const before = everythingOf(target);
        const error = thrownBy(() => call(target.runtime));
        expect(everythingOf(target)).toEqual(before);
        expect(error).toMatchObject({
          name: "MetricsRuntimeInvalidStateError",
          details: { runtimeState: "RUNNING", expectedStates },
        });
        expect(error.message.endsWith(INSIDE)).toBe(true);
      }
    });
    // Afterwards it is not; a recorder may be missing.
    for (const { runtime } of [own, other]) {
      runtime.stopRecorder("running");
      runtime.shutdown();
      expect(runtime.getStatus()).toBe("CLOSED");
    }
  });

  test("wait and wait(5) on any handle are refused, wait(0) and what starts a wait are not", () => {
    const { runtime, recorder, stopped } = scene();
    const ended = recorder.stop();
    const result = ended.wait();
    ranInside(hook, runtime, () => {
      const failed = stopped.stop();
      const begun = stopped.start();
      const later = recorder.start();
      for (const [handle, state] of [
        [ended, "RUNNING"],
        [failed, "RUNNING"],
        [begun, "STOPPED"],
        [later, "STOPPED"],
      ] as const) {
        for (const limit of [undefined, 5, 1, 2 ** 31 - 1]) {
          const error = thrownBy(() => handle.wait(limit));
          expect(error.name).toBe("MetricsRecorderInvalidStateError");
          expect(error.message).toContain(`'${state}'${INSIDE}`);
        }
        expect(thrownBy(() => handle.wait(-1))).toMatchObject(OUT_OF_RANGE);
        expect(() => handle.wait(0)).not.toThrow();
      }
      expect(ended.wait(0)).toBe(result);
      expect(failed.wait(0)?.success).toBe(false);
    });
    for (const one of [recorder, stopped]) {
      one.start().wait(); // attaches to the one from inside, or finds that it has ended
      expect(one.getStatus()).toBe("RUNNING");
    }
  });

  test("a handle that is awaited settles after the hook", async () => {
    const { runtime, recorder } = scene();
    const promise = ranInside(hook, runtime, () => ({ stop: recorder.stop().then((r) => r) }));
    expect(await promise.stop).toMatchObject({ opName: "STOP", success: true });
  });

  test("recorders can be created, fed, read, stopped and started, hooks in hooks too", () => {
    const { runtime, recorder } = scene();
    const order: string[] = [];
    const inner = ranInside(hook, runtime, () => {
      const made = runtime.createRecorder("inner", {
        hooks: {
          onStarting: (self) => {
            self.registerMetric(steps);
            runtime.createRecorder("innermost", { hooks: { onStarting: () => order.push("2") } });
            expect(() => runtime.shutdown()).toThrow(INSIDE);
            order.push("1");
          },
        },
      });
      // Still inside the outer one.
      expect(() => runtime.shutdown()).toThrow(INSIDE);
      expect(made.registerEvent(Step())).toBe(true);
      expect(made.getMetricSnapshots().steps?.dimensions).toEqual({ total: 1 });
      expect(runtime.getRecorder("inner")).toBe(made);
      expect(recorder.stop().wait(0)?.success ?? true).toBe(true);
      runtime.start();
      return made;
    });
    expect(order).toEqual(["2", "1"]);
    expect(inner.getStatus()).toBe("RUNNING");
    runtime.stopRecorder("running");
    expect(recorder.getStatus()).toBe("STOPPED");
    runtime.shutdown();
  });

  test("after a hook that threw, alone or inside another, the refusal is over", () => {
    const runtime = new MetricsRuntime({ namespace: "test" });
    runtime.start();
    const fails = () => {
      throw new Error("no");
    };
    let refusals = 0;
    const failing = () =>
      hook(runtime, () => {
        expect(() => create(runtime, { onStarting: fails })).toThrow("no");
        expect(() => runtime.shutdown()).toThrow(INSIDE);
        refusals++;
        fails();
      });
    ignoringErrors(failing);
    expect(refusals).toBe(1);
    const recorder = runtime.createRecorder("after");
    expect(recorder.stop().wait().success).toBe(true);
    expect(runtime.stopAndRemoveRecorder("after")).toBe(recorder);
    ignoringErrors(() => runtime.shutdown()); // for the recorder that failed
    expect(["CLOSED", "FAILURE"]).toContain(runtime.getStatus());
  });
});

function ignoringErrors(call: () => void): void {
  try {
    call();
  } catch {}
}

test("in the hooks of a shutdown the runtime is CLOSED already, and still refuses", () => {
  const runtime = startedRuntime();
  const errors: Error[] = [];
  const onStopped = () => {
    errors.push(thrownBy(() => runtime.shutdown()));
    errors.push(thrownBy(() => runtime.stopRecorder("a")));
  };
  runtime.createRecorder("a", { hooks: { onStopped } });
  runtime.shutdown();
  expect(errors).toHaveLength(2);
  for (const error of errors) expect(error.message).toContain(`state 'CLOSED'`);
  expect(errors[0]?.message.endsWith(INSIDE)).toBe(true);
  runtime.shutdown();
  expect(runtime.getStatus()).toBe("CLOSED");
});
