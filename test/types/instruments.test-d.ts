import type { CounterSeries, MetricsRecorder } from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

declare const recorder: MetricsRecorder;

test("the labels of a counter are the names it was made with", () => {
  const counter = recorder.counter("n", { help: "", labels: ["method", "status"] });
  expectTypeOf(counter.labels({ method: "GET", status: "200" })).toEqualTypeOf<CounterSeries>();
  expectTypeOf(counter.add(1, { method: "GET", status: "200" })).toBeBoolean();
  // @ts-expect-error a label is missing
  counter.add(1, { method: "GET" });
  // @ts-expect-error no label of that name
  counter.add(1, { method: "GET", state: "200" });
  // @ts-expect-error labels are strings
  counter.labels({ method: "GET", status: 200 });
  // @ts-expect-error without its labels
  counter.add(1);
});

test("a counter without labels takes a value or nothing", () => {
  const counter = recorder.upDownCounter("n", { help: "", unit: "bytes" });
  expectTypeOf(counter.add()).toBeBoolean();
  expectTypeOf(counter.add(2)).toBeBoolean();
  // @ts-expect-error it has no labels
  counter.add(1, { method: "GET" });
  // @ts-expect-error help is required
  recorder.counter("n", {});
});

test("every kind may expire, after a number of milliseconds", () => {
  const options = { help: "", labels: ["a"], expireAfterMs: 60_000 } as const;
  recorder.counter("n", options).add(1, { a: "x" });
  recorder.upDownCounter("n", { ...options, expireAfterMs: undefined }).add(1, { a: "x" });
  recorder.gauge("n", { ...options, combine: "sum" }).set(1, { a: "x" });
  recorder.histogram("n", { ...options, buckets: [1] }).record(1, { a: "x" });
  recorder.histogram("n", { ...options, exponential: true }).record(1, { a: "x" });
  // @ts-expect-error a time is a number
  recorder.counter("n", { ...options, expireAfterMs: "60s" });
});
