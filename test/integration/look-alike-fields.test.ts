/** Fields that no field kind has made: whatever the caller does with them later, ours stay. */
import { count, defineMetric, defineMetricEvent } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers can hand in
const any = (value: unknown): any => value;

describe("a field that the caller changes after the event class was defined stays what it was", () => {
  test("a oneOf that gets a further member", () => {
    const members = ["A", "B"];
    const E = defineMetricEvent("e", { a: any({ kind: "oneOf", members }) });
    const emit = startedRuntime().createRecorder("r").emitter(E, ["a"]);
    members.push("C");
    expect(thrownBy(() => emit("C"))).toMatchObject({ code: "ERR_INVALID_ARG_VALUE" });
    expect(emit("B")).toBe(true);
  });

  test("a uint32 that becomes a label", () => {
    const field = { kind: "uint32" };
    const E = defineMetricEvent("e", { a: any(field) });
    const emit = startedRuntime().createRecorder("r").emitter(E, ["a"]);
    field.kind = "label";
    expect(thrownBy(() => emit("x"))).toMatchObject({ code: "ERR_INVALID_ARG_TYPE" });
    expect(emit(7)).toBe(true);
  });

  test("a label that becomes a uint32, in a condition", () => {
    const field: Record<string, unknown> = { kind: "label", maxValues: 5 };
    const E = defineMetricEvent("e", { a: any(field) });
    const metric = defineMetric("m", { x: count(E, { where: any({ a: "x" }) }) });
    field.kind = "uint32";
    const recorder = startedRuntime().createRecorder("r");
    recorder.registerMetric(metric);
    recorder.registerEvent(E({ a: "x" }));
    expect(recorder.getMetricSnapshots().m?.dimensions).toEqual({ x: 1 });
  });

  test("a kind that is another one each time it is read", () => {
    const kinds = ["uint32", "label", "oneOf", "key"];
    const field = {
      get kind() {
        return kinds.shift();
      },
    };
    const E = defineMetricEvent("e", { a: any(field) });
    expect(E.fields).toEqual({ a: { kind: "uint32" } });
  });
});

test.each([
  ["a label without a limit that is a number", { kind: "label" }, "ERR_INVALID_ARG_TYPE"],
  ["a label of NaN values", { kind: "label", maxValues: Number.NaN }, "ERR_OUT_OF_RANGE"],
  ["a label of 1e12 values", { kind: "label", maxValues: 1e12 }, "ERR_OUT_OF_RANGE"],
  ["a label of 1.5 values", { kind: "label", maxValues: 1.5 }, "ERR_OUT_OF_RANGE"],
  ["members that are no strings", { kind: "oneOf", members: [1, {}] }, "ERR_INVALID_ARG_TYPE"],
  ["no members", { kind: "oneOf", members: [] }, "ERR_INVALID_ARG_VALUE"],
  ["an unknown kind", { kind: "int8" }, "ERR_INVALID_ARG_TYPE"],
])("%s is refused where the class is defined", (_, field, code) => {
  expect(thrownBy(() => defineMetricEvent("e", { a: any(field) }))).toMatchObject({ code });
});
