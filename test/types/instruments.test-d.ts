import type {
  CounterSeries,
  ExplicitHistogramInstrumentOptions,
  ExponentialHistogramInstrumentOptions,
  Histogram,
  HistogramInstrumentOptions,
  HistogramSeries,
  MetricsRecorder,
  ObservableCallback,
  ObservableGauge,
  Observe,
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

test("an observable gauge without labels is given numbers, or returns one", () => {
  const gauge = recorder.observableGauge("g", { help: "", unit: "bytes" }, (observe) => {
    expectTypeOf(observe).toEqualTypeOf<Observe>();
    expectTypeOf(observe(1)).toBeBoolean();
    // @ts-expect-error it has no labels
    observe(1, { place: "here" });
    // @ts-expect-error a value is a number
    observe("1");
    // @ts-expect-error there is no value
    observe();
  });
  expectTypeOf(gauge).toEqualTypeOf<ObservableGauge>();
  expectTypeOf(gauge.name).toBeString();
  recorder.observableGauge("g", { help: "" }, () => 1);
  recorder.observableGauge("g", { help: "" }, (observe) => observe(1));
  recorder.observableGauge("g", { help: "" }, () => {});
  recorder.observableGauge("g", { help: "" }, (observe) => {
    if (observe(1)) return;
    return 2;
  });
  // @ts-expect-error a text is no value
  recorder.observableGauge("g", { help: "" }, () => "1");
  // @ts-expect-error nobody waits for it
  recorder.observableGauge("g", { help: "" }, async () => 1);
  // @ts-expect-error there is no callback
  recorder.observableGauge("g", { help: "" });
  // @ts-expect-error its name stays
  gauge.name = "h";
});

test("an observable gauge with labels is given each value with all of them", () => {
  const options = { help: "", labels: ["pool", "state"], combine: "sum" } as const;
  recorder.observableGauge("g", options, (observe) => {
    expectTypeOf(observe).toEqualTypeOf<Observe<"pool" | "state">>();
    expectTypeOf(observe(1, { pool: "a", state: "idle" })).toBeBoolean();
    // @ts-expect-error a label is missing
    observe(1, { pool: "a" });
    // @ts-expect-error no label of that name
    observe(1, { pool: "a", status: "idle" });
    // @ts-expect-error labels are strings
    observe(1, { pool: "a", state: 1 });
    // @ts-expect-error without its labels
    observe(1);
  });
  recorder.observableGauge("g", options, (observe) => observe(1, { pool: "a", state: "idle" }));
  // @ts-expect-error a number that is returned would have no labels
  recorder.observableGauge("g", options, () => 1);
  // @ts-expect-error nobody waits for it
  recorder.observableGauge("g", options, async () => {});
  // @ts-expect-error how values come together is one of four words
  recorder.observableGauge("g", { help: "", combine: "mean" }, () => 1);
});

test("a callback can be written apart", () => {
  const heap: ObservableCallback = () => process.memoryUsage().heapUsed;
  const pools: ObservableCallback<"pool"> = (observe) => {
    observe(1, { pool: "a" });
  };
  recorder.observableGauge("g", { help: "" }, heap);
  recorder.observableGauge("g", { help: "", labels: ["pool"] }, pools);
  // @ts-expect-error it wants labels that the gauge does not have
  recorder.observableGauge("g", { help: "" }, pools);
  // @ts-expect-error nor these
  recorder.observableGauge("g", { help: "", labels: ["disk"] }, pools);
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
