import { boolean, defineMetricEvent, float64, label, type MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", { ms: float64(), backend: label(), cached: boolean() });

type AnyEmitter = (...values: unknown[]) => boolean;
const emitter = (recorder: MetricsRecorder, ...args: unknown[]): AnyEmitter =>
  (recorder.emitter as unknown as (...args: unknown[]) => AnyEmitter).call(recorder, ...args);

describe("emitter refuses", () => {
  test.each([
    ["an absent tuple", undefined, INVALID_ARG_TYPE],
    ["text", "ms", INVALID_ARG_TYPE],
    ["a field missing", ["ms", "backend"], INVALID_ARG_VALUE],
    ["none of the fields", [], INVALID_ARG_VALUE],
    ["a field twice", ["ms", "backend", "cached", "ms"], INVALID_ARG_VALUE],
    ["a field twice and another missing", ["ms", "ms", "cached"], INVALID_ARG_VALUE],
    ["an unknown field", ["ms", "backend", "cached", "x"], INVALID_ARG_VALUE],
    ["an inherited name", ["ms", "backend", "toString"], INVALID_ARG_VALUE],
    ["a name that is no string", ["ms", "backend", 2], INVALID_ARG_TYPE],
  ])("%s", (_, names, expected) => {
    const recorder = startedRuntime().createRecorder("a");
    const error = thrownBy(() => emitter(recorder, Save, names));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("fieldNames");
  });

  test.each([[undefined], [null], [{}], ["save"], [() => {}]])("%o as event class", (value) => {
    const recorder = startedRuntime().createRecorder("a");
    const error = thrownBy(() => emitter(recorder, value, []));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain("eventClass");
  });
});

describe("an emitted value of the wrong type throws, and nothing was registered", () => {
  test.each([
    ["an absent argument", [1, "s3"]],
    ["no arguments", []],
    ["text for a number", ["1", "s3", true]],
    ["a bigint for a number", [1n, "s3", true]],
    ["a number for a label", [1, 3, true]],
    ["undefined for a label", [1, undefined, true]],
    ["a number for a boolean", [1, "s3", 1]],
    ["null for a boolean", [1, "s3", null]],
  ])("%s", (_, values) => {
    const recorder = startedRuntime().createRecorder("a");
    const emit = emitter(recorder, Save, ["ms", "backend", "cached"]);
    expect(thrownBy(() => emit(...values))).toMatchObject(INVALID_ARG_TYPE);
    expect(recorder.getStats()).toMatchObject({ offered: 0, invalid: 0 });
    expect(emit(1, "s3", true)).toBe(true);
    expect(recorder.getStats()).toMatchObject({ offered: 1, accepted: 1, invalid: 0 });
  });

  test("also behind a number that cannot be counted: what throws is not counted as well", () => {
    const recorder = startedRuntime().createRecorder("a");
    const emit = emitter(recorder, Save, ["ms", "backend", "cached"]);
    expect(thrownBy(() => emit(Number.NaN, 3, true))).toMatchObject(INVALID_ARG_TYPE);
    expect(recorder.getStats()).toMatchObject({ offered: 0, invalid: 0 });
  });
});
