/** Methods taken off their object, and arguments beyond those that a method has. */
import { MetricsRecorder, MetricsRecorderWaitHandle, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import {
  everythingOf,
  expectStillWorks,
  refused,
  type Scene,
  Seen,
  scene,
  seen,
  untyped,
} from "../support/misuse.js";
import { thrownBy } from "../support/thrown.js";

const event = Seen({ ms: 1, size: 1, place: "a" });
const NAMES = ["ms", "size", "place"];

const CLASSES = [
  [MetricsRuntime, "runtime"],
  [MetricsRecorder, "recorder"],
  [MetricsRecorderWaitHandle, "handle"],
] as const;
/** Arguments that are right, so that only the receiver is wrong. */
const ARGUMENTS = new Map<string, readonly unknown[]>([
  ["createRecorder", ["next"]],
  ["getRecorder", ["running"]],
  ["tryGetRecorder", ["running"]],
  ["stopRecorder", ["running"]],
  ["stopAndRemoveRecorder", ["running"]],
  ["registerMetric", [seen]],
  ["registerEvent", [event]],
  ["emitter", [Seen, NAMES]],
  ["wait", [0]],
  ["then", [() => {}]],
]);
type Method = (this: unknown, ...args: unknown[]) => unknown;
/** Every method and getter of a class, symbols too. */
const methodsOf = ({ prototype }: { readonly prototype: object }) =>
  Reflect.ownKeys(prototype)
    .filter((key) => key !== "constructor")
    .map((key) => {
      const { value, get } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
      return [String(key), (value ?? get) as Method] as const;
    })
    .filter(([, method]) => typeof method === "function")
    // The one that rejects instead: below.
    .filter(([key]) => key !== "render");

const objectsOf = (of: Scene) => ({ ...of, handle: of.stopped.stop() });

describe.each(CLASSES)("each method of %o", (owner, name) => {
  test.each(methodsOf(owner))(
    "%s throws a TypeError on another receiver, and changes nothing",
    (key, method) => {
      const before = scene();
      const objects = objectsOf(before);
      const own = objects[name];
      const others = Object.values(objects).filter((one) => !(one instanceof owner));
      for (const receiver of [undefined, null, {}, 7, "a", owner, owner.prototype, ...others]) {
        const error = refused(before, () =>
          Reflect.apply(method, receiver, ARGUMENTS.get(key) ?? []),
        );
        expect(error.name, String(error)).toBe("TypeError");
      }
      for (const receiver of [Object.create(own), new Proxy(own, {}), { ...own }]) {
        const error = refused(before, () =>
          Reflect.apply(method, receiver, ARGUMENTS.get(key) ?? []),
        );
        expect(error.name, String(error)).toBe("TypeError");
      }
      expectStillWorks(before);
    },
  );

  test("is there to be looked at", () => {
    expect(methodsOf(owner).length).toBeGreaterThanOrEqual(2);
  });
});

describe("arguments beyond those a method has are ignored:", () => {
  const MORE = [7, null, Symbol("more"), { nonsense: 1 }];
  test.each<[string, (of: Scene) => unknown]>([
    ["start", ({ runtime }) => untyped(runtime.start, runtime)(...MORE)],
    ["getStatus", ({ runtime }) => untyped(runtime.getStatus, runtime)(...MORE)],
    ["getStats", ({ runtime }) => untyped(runtime.getStats, runtime)(...MORE)],
    ["listRecorderIds", ({ runtime }) => untyped(runtime.listRecorderIds, runtime)(...MORE)],
    ["getRecorder", ({ runtime }) => untyped(runtime.getRecorder, runtime)("running", ...MORE)],
    ["tryGetRecorder", ({ runtime }) => untyped(runtime.tryGetRecorder, runtime)("none", ...MORE)],
    ["stopRecorder", ({ runtime }) => untyped(runtime.stopRecorder, runtime)("stopped", ...MORE)],
    ["registerMetric", ({ recorder }) => untyped(recorder.registerMetric, recorder)(seen, ...MORE)],
    ["emitter", ({ recorder }) => untyped(recorder.emitter, recorder)(Seen, NAMES, ...MORE)],
    [
      "getMetricSnapshots",
      ({ recorder }) => untyped(recorder.getMetricSnapshots, recorder)(...MORE),
    ],
    ["iterMetrics", ({ recorder }) => untyped(recorder.iterMetrics, recorder)(...MORE)],
    ["a recorder's getStats", ({ recorder }) => untyped(recorder.getStats, recorder)(...MORE)],
    ["a recorder's start", ({ recorder }) => untyped(recorder.start, recorder)(...MORE)],
    ["a recorder's stop", ({ stopped }) => untyped(stopped.stop, stopped)(...MORE)],
  ])("%s", (_, call) => {
    const before = scene();
    const all = everythingOf(before);
    call(before);
    expect(everythingOf(before)).toEqual(all);
    expectStillWorks(before);
  });

  test("createRecorder, registerEvent and stopAndRemoveRecorder", () => {
    const { runtime, recorder } = scene();
    const next = untyped(runtime.createRecorder, runtime)("next", {}, ...MORE);
    expect(next).toBe(runtime.getRecorder("next"));
    expect(untyped(recorder.registerEvent, recorder)(event, ...MORE)).toBe(true);
    expect(untyped(runtime.stopAndRemoveRecorder, runtime)("next", ...MORE)).toBe(next);
  });
});

describe("classes", () => {
  test.each(CLASSES)("%o cannot be called without new", (owner) => {
    const error = thrownBy(() => untyped(owner as unknown as () => unknown)({ namespace: "n" }));
    expect(error.name).toBe("TypeError");
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an id", "a"],
    ["options", {}],
    ["what a recorder shows of itself", { recorderId: "a", entityId: "a", namespace: "a" }],
  ])("a recorder cannot be made of %s", (_, parts) => {
    const error = thrownBy(() => new MetricsRecorder(parts as never));
    expect(error.name).toBe("TypeError");
    expect(error.message).toContain("MetricsRuntime.createRecorder");
  });

  test("a recorder's names cannot be changed", () => {
    const before = scene();
    for (const name of ["recorderId", "entityId", "namespace"]) {
      Reflect.set(before.recorder, name, "other");
    }
    expect(before.recorder.recorderId).toBe("running");
    expect([before.recorder.entityId, before.recorder.namespace]).toEqual(["running", "misuse"]);
  });
});

test.each([MetricsRuntime, MetricsRecorder])(
  "render of %o rejects with a TypeError on another receiver",
  async ({ prototype: { render } }) => {
    const { handle, runtime } = objectsOf(scene());
    for (const receiver of [undefined, null, {}, handle, Object.create(runtime)]) {
      const call: Promise<unknown> = Reflect.apply(render, receiver, ["json"]);
      await expect(call).rejects.toThrow(TypeError);
    }
  },
);
