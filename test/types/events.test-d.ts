import {
  boolean,
  defineMetricEvent,
  float64,
  label,
  type MetricEvent,
  type MetricsRecorder,
  oneOf,
  uint32,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const Save = defineMetricEvent("save", {
  ms: float64(),
  bytes: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
});
const Tick = defineMetricEvent("tick", {});
const good = { ms: 1, bytes: 2, cached: true, outcome: "OK", backend: "s3" } as const;

test("an event class infers its type and fields", () => {
  expectTypeOf(Save.eventType).toEqualTypeOf<"save">();
  expectTypeOf(Save).parameter(0).toEqualTypeOf<{
    readonly ms: number;
    readonly bytes: number;
    readonly cached: boolean;
    readonly outcome: "OK" | "BAD";
    readonly backend: string;
  }>();
  expectTypeOf(Tick()).toExtend<MetricEvent>();
  expectTypeOf(Save(good).outcome).toEqualTypeOf<"OK" | "BAD">();
  expectTypeOf(Save(good).eventType).toEqualTypeOf<"save">();
});

test("an event class takes exactly its fields", () => {
  // @ts-expect-error a field is missing
  Save({ ms: 1, bytes: 2, cached: true, outcome: "OK" });
  // @ts-expect-error an unknown field
  Save({ ...good, durationMs: 1 });
  // @ts-expect-error a field is misspelt
  Save({ msec: 1, bytes: 2, cached: true, outcome: "OK", backend: "s3" });
  // @ts-expect-error a field is undefined
  Save({ ...good, ms: undefined });
  // @ts-expect-error the values are missing
  Save();
  // @ts-expect-error a field that the class does not have
  Tick({ ms: 1 });
});

test("a value is of its field's type", () => {
  // @ts-expect-error text for a number
  Save({ ...good, ms: "1" });
  // @ts-expect-error a bigint for a number
  Save({ ...good, bytes: 1n });
  // @ts-expect-error a number for a boolean
  Save({ ...good, cached: 1 });
  // @ts-expect-error no member of oneOf
  Save({ ...good, outcome: "GOOD" });
  // @ts-expect-error a string is not known to be a member
  Save({ ...good, outcome: "OK" as string });
  // @ts-expect-error a number for a label
  Save({ ...good, backend: 3 });
});

test("an event is read-only and made by its class only", () => {
  const event = Save(good);
  // @ts-expect-error read-only
  event.ms = 2;
  // @ts-expect-error read-only
  event.eventType = "load";
  const recorder = {} as MetricsRecorder;
  expectTypeOf(recorder.registerEvent(event)).toEqualTypeOf<boolean>();
  // @ts-expect-error a look-alike
  recorder.registerEvent({ eventType: "save", ...good });
  // @ts-expect-error a copy
  recorder.registerEvent({ ...good });
});

test("fields are field kinds", () => {
  // @ts-expect-error a name of a kind
  defineMetricEvent("e", { a: "float64" });
  // @ts-expect-error the function itself
  defineMetricEvent("e", { a: float64 });
  // @ts-expect-error no members
  oneOf();
  // @ts-expect-error a member that is no string
  oneOf("A", 1);
  // @ts-expect-error an unknown option
  label({ max: 5 });
  expectTypeOf(oneOf("A", "B").members).toEqualTypeOf<readonly ("A" | "B")[]>();
});
