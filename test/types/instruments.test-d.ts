import type {
  CounterSeries,
  ExplicitHistogramInstrumentOptions,
  ExponentialHistogramInstrumentOptions,
  Histogram,
  HistogramInstrumentOptions,
  HistogramSeries,
  MetricsRecorder,
} from "metrics-runtime";
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

test("a histogram has explicit buckets or exponential ones, and says which", () => {
  const explicit = recorder.histogram("h", { help: "", buckets: [1, 2] });
  const whole = recorder.histogram("h", { help: "", exponential: true });
  expectTypeOf(whole).toEqualTypeOf(explicit);
  recorder.histogram("h", { help: "", exponential: {} });
  recorder.histogram("h", { help: "", exponential: { maxSize: 20 } });
  recorder.histogram("h", { help: "", exponential: { maxSize: undefined }, buckets: undefined });
  recorder.histogram("h", { help: "", buckets: [1], exponential: undefined });
  // @ts-expect-error neither
  recorder.histogram("h", { help: "" });
  // @ts-expect-error neither
  recorder.histogram("h", { help: "", buckets: undefined, exponential: undefined });
  // @ts-expect-error both
  recorder.histogram("h", { help: "", buckets: [1], exponential: true });
  // @ts-expect-error both
  recorder.histogram("h", { help: "", buckets: [1], exponential: { maxSize: 20 } });
  // @ts-expect-error false is no kind of buckets
  recorder.histogram("h", { help: "", exponential: false });
  // @ts-expect-error nor beside explicit ones
  recorder.histogram("h", { help: "", buckets: [1], exponential: false });
  // @ts-expect-error an option that there is not
  recorder.histogram("h", { help: "", exponential: { maxsize: 20 } });
  // @ts-expect-error a size is a number
  recorder.histogram("h", { help: "", exponential: { maxSize: "20" } });
  // @ts-expect-error a number is no options
  recorder.histogram("h", { help: "", exponential: 160 });
});

test("the labels of an exponential histogram are the names it was made with", () => {
  const histogram = recorder.histogram("h", { help: "", labels: ["a", "b"], exponential: true });
  expectTypeOf(histogram).toEqualTypeOf<Histogram<"a" | "b">>();
  expectTypeOf(histogram.labels({ a: "", b: "" })).toEqualTypeOf<HistogramSeries>();
  expectTypeOf(histogram.record(1, { a: "", b: "" })).toBeBoolean();
  expectTypeOf(histogram.startTimer({ a: "", b: "" })).toEqualTypeOf<() => number>();
  // @ts-expect-error a label is missing
  histogram.record(1, { a: "" });
  // @ts-expect-error without its labels
  histogram.startTimer();
  // @ts-expect-error a value is required
  histogram.labels({ a: "", b: "" }).record();
});

test("options can be named by their types", () => {
  const explicit: ExplicitHistogramInstrumentOptions<"a"> = {
    help: "",
    labels: ["a"],
    buckets: [1],
  };
  const exponential: ExponentialHistogramInstrumentOptions<"a"> = {
    help: "",
    labels: ["a"],
    exponential: { maxSize: 20 },
  };
  const either: HistogramInstrumentOptions<"a">[] = [explicit, exponential];
  for (const options of either) {
    expectTypeOf(recorder.histogram("h", options)).toEqualTypeOf<Histogram<"a">>();
  }
});
