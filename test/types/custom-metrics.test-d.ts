import {
  defineMetric,
  defineMetricEvent,
  type EventFields,
  key,
  label,
  Metric,
  type MetricChange,
  MetricDefinition,
  type MetricEvent,
  type MetricSnapshot,
  type MetricSnapshots,
  type MetricsRecorder,
  type MetricsRecorderHooks,
  type MetricsRecorderLike,
  type MetricsRecorderStats,
  oneOf,
  type RegisteredMetric,
  uint32,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const Save = defineMetricEvent("save", {
  bytes: uint32(),
  outcome: oneOf("OK", "BAD"),
  backend: label(),
  user: key(),
});
const Load = defineMetricEvent("load", {});

class Saves extends Metric {
  readonly metricName = "saves";
  bytes = 0;

  override handleEvent(event: MetricEvent): boolean {
    expectTypeOf(event.bytes).toEqualTypeOf<string | number | boolean | undefined>();
    if (!Save.is(event)) return false;
    expectTypeOf(event.bytes).toEqualTypeOf<number>();
    expectTypeOf(event.outcome).toEqualTypeOf<"OK" | "BAD">();
    expectTypeOf(event.backend).toEqualTypeOf<string>();
    expectTypeOf(event.user).toEqualTypeOf<string>();
    expectTypeOf(event.eventType).toEqualTypeOf<"save">();
    // @ts-expect-error an immutable fact
    event.bytes = 1;
    this.bytes += event.bytes;
    return true;
  }

  override snapshot(): MetricSnapshot {
    return { name: this.metricName, dimensions: { bytes: this.bytes } };
  }
}

test("a subclass is a metric that can be registered, beside those that are declared", () => {
  const recorder = {} as MetricsRecorder;
  const like = {} as MetricsRecorderLike;
  const declared = defineMetric("declared", {} as Parameters<typeof defineMetric>[1]);
  for (const one of [recorder, like]) {
    one.registerMetric(new Saves());
    one.registerMetric(declared);
    expectTypeOf(one.iterMetrics()).toEqualTypeOf<IterableIterator<RegisteredMetric>>();
    expectTypeOf(one.getMetricSnapshots()).toEqualTypeOf<MetricSnapshots>();
  }
  expectTypeOf<RegisteredMetric>().toEqualTypeOf<MetricDefinition | Metric>();
  expectTypeOf<RegisteredMetric["metricName"]>().toEqualTypeOf<string>();
  for (const metric of recorder.iterMetrics()) {
    if (metric instanceof MetricDefinition) expectTypeOf(metric.dimensions).toBeObject();
    if (metric instanceof Metric) expectTypeOf(metric.handleEvent).toBeFunction();
  }
});

test("the name may be a getter, the members wider or narrower than they must be", () => {
  class Named extends Metric {
    get metricName(): string {
      return "named";
    }
    handleEvent(): true {
      return true;
    }
    snapshot() {
      return { name: "named", dimensions: { a: 1, b: null } };
    }
  }
  expectTypeOf(new Named()).toExtend<Metric>();
});

test("what a metric lacks or has otherwise is an error", () => {
  // @ts-expect-error abstract
  new Metric();
  // @ts-expect-error no metricName
  class Nameless extends Metric {
    handleEvent(): boolean {
      return true;
    }
    snapshot(): MetricSnapshot {
      return { name: "", dimensions: {} };
    }
  }
  // @ts-expect-error no handleEvent
  class Deaf extends Metric {
    readonly metricName = "deaf";
    snapshot(): MetricSnapshot {
      return { name: "", dimensions: {} };
    }
  }
  // @ts-expect-error no snapshot
  class Mute extends Metric {
    readonly metricName = "mute";
    handleEvent(): boolean {
      return true;
    }
  }
  class Wrong extends Metric {
    // @ts-expect-error no string
    readonly metricName = 7;
    // @ts-expect-error a promise
    async handleEvent(): Promise<boolean> {
      return true;
    }
    // @ts-expect-error no dimensions
    snapshot(): object {
      return {};
    }
  }
  void [Nameless, Deaf, Mute, Wrong];
});

test("what is no metric cannot be registered", () => {
  const recorder = {} as MetricsRecorder;
  // @ts-expect-error the class
  recorder.registerMetric(Saves);
  // @ts-expect-error an event class
  recorder.registerMetric(Save);
  // @ts-expect-error a part of a metric
  recorder.registerMetric({ metricName: "x", handleEvent: () => true });
});

test("is tells classes apart, and takes events only", () => {
  const event = {} as MetricEvent;
  if (Load.is(event)) expectTypeOf(event.eventType).toEqualTypeOf<"load">();
  expectTypeOf(Save.is).guards.toExtend<MetricEvent<"save">>();
  expectTypeOf(Save.is).returns.toEqualTypeOf<boolean>();
  // @ts-expect-error no event
  Save.is({ eventType: "save" });
  // @ts-expect-error text
  Save.is("save");
  expectTypeOf(Save({ bytes: 1, outcome: "OK", backend: "a", user: "b" })).toExtend<MetricEvent>();
  expectTypeOf<MetricEvent<string, EventFields>>().toEqualTypeOf<MetricEvent>();
});

test("onMetricChanged takes changes that cannot be changed", () => {
  expectTypeOf<NonNullable<MetricsRecorderHooks["onMetricChanged"]>>().toEqualTypeOf<
    (changes: readonly MetricChange[]) => void
  >();
  expectTypeOf<MetricChange>().toEqualTypeOf<{
    readonly metric: RegisteredMetric;
    readonly event: MetricEvent;
  }>();
});

test("counts and the error of a snapshot", () => {
  expectTypeOf<
    Pick<MetricsRecorderStats, "undelivered" | "hookFailures" | "quarantined">
  >().toEqualTypeOf<{
    readonly undelivered: number;
    readonly hookFailures: number;
    readonly quarantined: readonly string[];
  }>();
  expectTypeOf<MetricSnapshot["error"]>().toEqualTypeOf<
    { readonly kind: string; readonly message: string } | undefined
  >();
});
