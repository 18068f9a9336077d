import {
  boolean,
  defineMetricEvent,
  float64,
  label,
  type MetricsRecorder,
  oneOf,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const Save = defineMetricEvent("save", {
  ms: float64(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
  cached: boolean(),
});
const Tick = defineMetricEvent("tick", {});
const recorder = {} as MetricsRecorder;

test("an emitter's arguments are the fields, in the order of the tuple", () => {
  const emit = recorder.emitter(Save, ["backend", "outcome", "cached", "ms"]);
  expectTypeOf(emit).parameter(0).toEqualTypeOf<string>();
  expectTypeOf(emit).parameter(1).toEqualTypeOf<"OK" | "BAD">();
  expectTypeOf(emit).parameter(2).toEqualTypeOf<boolean>();
  expectTypeOf(emit).parameter(3).toEqualTypeOf<number>();
  expectTypeOf(emit).returns.toEqualTypeOf<boolean>();
  emit("s3", "OK", true, 1);
  // @ts-expect-error in the order of declaration, not of the tuple
  emit(1, "OK", "s3", true);
  // @ts-expect-error no member of oneOf
  emit("s3", "GOOD", true, 1);
  // @ts-expect-error one argument less
  emit("s3", "OK", true);
  // @ts-expect-error one argument more
  emit("s3", "OK", true, 1, 2);
});

test("the tuple names each field exactly once", () => {
  // @ts-expect-error a field is missing
  recorder.emitter(Save, ["backend", "outcome", "cached"]);
  // @ts-expect-error all fields are missing
  recorder.emitter(Save, []);
  // @ts-expect-error a field is named twice
  recorder.emitter(Save, ["backend", "outcome", "cached", "ms", "ms"]);
  // @ts-expect-error a field is named twice, another is missing
  recorder.emitter(Save, ["backend", "backend", "cached", "ms"]);
  // @ts-expect-error an unknown field
  recorder.emitter(Save, ["backend", "outcome", "cached", "msec"]);
  // @ts-expect-error an unknown field besides the others
  recorder.emitter(Save, ["backend", "outcome", "cached", "ms", "msec"]);
  // @ts-expect-error strings whose order nobody knows
  recorder.emitter(Save, ["backend", "outcome", "cached", "ms"] as string[]);
});

test("a class without fields has an emitter without arguments", () => {
  const emit = recorder.emitter(Tick, []);
  expectTypeOf(emit).parameter(0).toEqualTypeOf<undefined>();
  emit();
  // @ts-expect-error an argument
  emit(1);
});

test("an emitter is made of an event class", () => {
  // @ts-expect-error fields
  recorder.emitter(Save.fields, ["ms"]);
  // @ts-expect-error an event
  recorder.emitter(Tick(), []);
});
