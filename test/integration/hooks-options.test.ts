import { type CreateRecorderOptions, MetricsRuntime } from "metrics-runtime";
import { describe, expect, test, vi } from "vitest";
import { expectStillWorks, refused, scene } from "../support/misuse.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const onStarting = vi.fn();

const WRONG_TYPES: [what: string, hooks: unknown, name: string, received: string][] = [
  ["null", null, "options.hooks", "null"],
  ["an array", [], "options.hooks", "an array"],
  ["an array of functions", [onStarting], "options.hooks", "an array"],
  ["a function", () => {}, "options.hooks", "a function"],
  ["a class", class Hooks {}, "options.hooks", "function Hooks"],
  ["text", "onStarting", "options.hooks", '"onStarting"'],
  ["a number", 0, "options.hooks", "0"],
  ["a bigint", 1n, "options.hooks", "1n"],
  ["a boolean", true, "options.hooks", "true"],
  ["a symbol", Symbol("hooks"), "options.hooks", "Symbol(hooks)"],
  ...["onStarting", "onStopped"].flatMap((hook): (typeof WRONG_TYPES)[number][] => [
    [`${hook}: null`, { [hook]: null }, `options.hooks.${hook}`, "null"],
    [`${hook}: text`, { [hook]: "f" }, `options.hooks.${hook}`, '"f"'],
    [`${hook}: false`, { [hook]: false }, `options.hooks.${hook}`, "false"],
    [`${hook}: an object`, { [hook]: { call() {} } }, `options.hooks.${hook}`, "an object"],
    [`${hook}: an array`, { [hook]: [() => {}] }, `options.hooks.${hook}`, "an array"],
  ]),
  ["one good and one bad", { onStarting, onStopped: 5 }, "options.hooks.onStopped", "5"],
  ["one inherited", Object.create({ onStopped: 5 }), "options.hooks.onStopped", "5"],
];

const UNKNOWN_KEYS: [what: string, hooks: object, key: string][] = [
  ["onStart", { onStart: onStarting }, "onStart"],
  ["onStop beside a good one", { onStarting, onStop: onStarting }, "onStop"],
  ["onstarting", { onstarting: onStarting }, "onstarting"],
  ["that is undefined", { onStarted: undefined }, "onStarted"],
  ["of a map", Object.assign(new Map(), { x: 1 }), "x"],
];

function createWith(runtime: MetricsRuntime, hooks: unknown, id = "next") {
  return runtime.createRecorder(id, { hooks } as CreateRecorderOptions);
}

describe("hooks that are none are refused, and change nothing:", () => {
  test.each(WRONG_TYPES)("%s", (_, hooks, name, received) => {
    const before = scene();
    const error = refused(before, () => createWith(before.runtime, hooks));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    const expected = name === "options.hooks" ? "object" : "function";
    expect(error.message).toContain(`The "${name}" property must be of type ${expected}. Rec`);
    expect(error.message).toContain(received);
    expect(onStarting).not.toHaveBeenCalled();
    expectStillWorks(before);
  });

  test.each(UNKNOWN_KEYS)("an unknown key %s", (_, hooks, key) => {
    const before = scene();
    const error = refused(before, () => createWith(before.runtime, hooks));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toBe(
      `The "options.hooks.${key}" property is unknown; known: onStarting, onStopped, onMetricChanged. Received "${key}"`,
    );
    expect(onStarting).not.toHaveBeenCalled();
    expectStillWorks(before);
  });
});

test("the argument comes before the state of the runtime and before an id that is taken", () => {
  const virgin = new MetricsRuntime({ namespace: "test" });
  expect(thrownBy(() => createWith(virgin, null))).toMatchObject(INVALID_ARG_TYPE);
  const { runtime } = scene();
  expect(thrownBy(() => createWith(runtime, null, "running"))).toMatchObject(INVALID_ARG_TYPE);
  const twice = { hooks: null, unknown: 1 } as unknown as CreateRecorderOptions;
  expect(thrownBy(() => runtime.createRecorder("x", twice))).toMatchObject(INVALID_ARG_VALUE);
});

test("a getter that throws fails the call and changes nothing", () => {
  const before = scene();
  const cause = new Error("no");
  const hooks = {
    get onStarting(): never {
      throw cause;
    },
  };
  const error = refused(before, () => createWith(before.runtime, hooks));
  expect(error).toMatchObject({ name: "MetricsRuntimeUnexpectedError", cause });
  expectStillWorks(before);
});

test("an id that is taken is refused without running the hook", () => {
  const before = scene();
  const error = refused(before, () => createWith(before.runtime, { onStarting }, "running"));
  expect(error.name).toBe("MetricsRuntimeRecorderAlreadyExistsError");
  expect(onStarting).not.toHaveBeenCalled();
});

test("objects of a class, without a prototype, and frozen ones may be hooks", () => {
  const { runtime } = scene();
  class Hooks {
    onStopped(): void {}
    other(): void {}
  }
  const bare = Object.assign(Object.create(null), { onStarting: () => {} });
  for (const [index, hooks] of [new Hooks(), bare, Object.freeze({})].entries()) {
    expect(createWith(runtime, hooks, `next ${index}`).getStatus()).toBe("RUNNING");
  }
});
