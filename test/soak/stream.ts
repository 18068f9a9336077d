/** The events of the soak: one numbered stream for each recorder and place, checked by its sums and its order. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  label,
  last,
  Metric,
  type MetricEvent,
  type MetricEventClass,
  type MetricSnapshot,
  type MetricSnapshots,
  type MetricsRecorder,
  MetricsRecorderQueueOverflowError,
  oneOf,
  sum,
  upDown,
} from "metrics-runtime";
import { type Kind, ORDER, patternOf, SequenceSums } from "../support/sequence.js";

const FIELDS = {
  sequence: float64(),
  negated: float64(),
  place: label(),
  parity: oneOf("EVEN", "ODD"),
};
const Begin = defineMetricEvent("begin", { place: label() });
const Tick = defineMetricEvent("tick", FIELDS);
const Tock = defineMetricEvent("tock", FIELDS);
type Class = MetricEventClass<string, typeof FIELDS>;

const PATTERN = patternOf(42);
/** Numbers begin again there, so that sums stay exact. */
const NUMBERS = 2 ** 20;

export const kindAt = (n: number): Kind => PATTERN[n % PATTERN.length] ?? "tick";
export const numberAt = (n: number): number => n % NUMBERS;

const by = { by: ["place"] } as const;
const metricOf = (name: Kind, eventClass: Class) =>
  defineMetric(name, {
    total: count(eventClass, by),
    odd: count(eventClass, { ...by, where: { parity: "ODD" } }),
    sequence: sum(eventClass, "sequence", by),
    negated: sum(eventClass, "negated", by),
    last: last(eventClass, "sequence", by),
  });
const steps: readonly [typeof Begin | Class, number][] = [
  [Begin, ORDER.begin],
  [Tick, ORDER.tick],
  [Tock, ORDER.tock],
];

/** Registers the metrics, and begins the stream of each place. */
export function beginStreams(recorder: MetricsRecorder, places: readonly string[]): void {
  recorder.registerMetric(metricOf("tick", Tick));
  recorder.registerMetric(metricOf("tock", Tock));
  recorder.registerMetric(defineMetric("order", { order: upDown(steps as never, by as never) }));
  for (const place of places) {
    if (!recorder.registerEvent(Begin({ place }))) throw new Error("the beginning was dropped");
  }
  recorder.getMetricSnapshots(); // dispatched, before any other thread records
}

/** A function that registers event `n` of the stream of `place`; `false`: the queue was full. */
export function registerOf(
  recorder: MetricsRecorder,
  place: string,
  way: "emitter" | "registerEvent",
): (n: number) => boolean {
  const register = { tick: registerOne(Tick), tock: registerOne(Tock) };
  return (n) => {
    const number = numberAt(n);
    return register[kindAt(n)](number, -number, place, number & 1 ? "ODD" : "EVEN");
  };

  function registerOne(eventClass: Class) {
    if (way === "emitter") {
      return recorder.emitter(eventClass, ["sequence", "negated", "place", "parity"]);
    }
    return (sequence: number, negated: number, place: string, parity: "EVEN" | "ODD") => {
      try {
        return recorder.registerEvent(eventClass({ sequence, negated, place, parity }));
      } catch (error) {
        if (error instanceof MetricsRecorderQueueOverflowError) return false;
        throw error;
      }
    };
  }
}

/** What the first events of a stream come to. It can only go on. */
export class ExpectedStream {
  readonly #sums = new SequenceSums();
  readonly #last: Record<Kind, number | undefined> = { tick: undefined, tock: undefined };
  #events = 0;

  get events(): number {
    return this.#events;
  }

  goOnTo(events: number): void {
    for (; this.#events < events; this.#events++) {
      const kind = kindAt(this.#events);
      const number = numberAt(this.#events);
      this.#sums.accept(kind, number);
      this.#last[kind] = number;
    }
  }

  /** As {@link streamOf} has it. */
  get values(): Readonly<Record<string, number | undefined>> {
    const { order } = this.#sums;
    const of = (kind: Kind) => {
      const { total, odd, sequence, negated } = this.#sums[kind];
      const last = this.#last[kind];
      const seen = <T>(value: T) => (total === 0 ? undefined : value);
      return Object.entries({
        total: seen(total),
        odd: odd === 0 ? undefined : odd,
        sequence: seen(sequence),
        negated: seen(negated),
        last,
      }).map(([name, value]) => [`${kind}.${name}`, value] as const);
    };
    return Object.fromEntries([...of("tick"), ...of("tock"), ["order.order", order]]);
  }
}

/** The values of the stream of `place`. */
export function streamOf(
  snapshots: MetricSnapshots,
  place: string,
): Readonly<Record<string, number | undefined>> {
  const names = ["total", "odd", "sequence", "negated", "last"];
  const paths = [
    ...names.map((name) => ["tick", name] as const),
    ...names.map((name) => ["tock", name] as const),
    ["order", "order"] as const,
  ];
  return Object.fromEntries(
    paths.map(([metric, dimension]) => {
      const series = snapshots[metric]?.dimensions[dimension];
      if (!Array.isArray(series)) throw new Error(`no series in ${metric}.${dimension}`);
      const own = series.find(({ labels }) => labels.place === place);
      return [`${metric}.${dimension}`, own?.value as number | undefined];
    }),
  );
}

/** A custom metric that sees the stream of its thread and says what it missed. */
export class Follower extends Metric {
  readonly metricName = "follower";
  #next: number;
  #wrong: string | undefined;

  /** @param first the first event that it is to see */
  constructor(first: number) {
    super();
    this.#next = first;
  }

  override handleEvent(event: MetricEvent): boolean {
    if (!Tick.is(event) && !Tock.is(event)) return false;
    const kind: Kind = Tick.is(event) ? "tick" : "tock";
    const wanted = numberAt(this.#next);
    if (event.sequence !== wanted || kind !== kindAt(this.#next)) {
      this.#wrong ??= `${kind} ${event.sequence} instead of ${kindAt(this.#next)} ${wanted}`;
    }
    this.#next++;
    return true;
  }

  override snapshot(): MetricSnapshot {
    return { name: this.metricName, dimensions: { next: this.#next } };
  }

  /** What is wrong when the thread has had `events` accepted and all of them are handled. */
  complaint(events: number): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    return this.#next === events ? undefined : `handled ${this.#next} of ${events} events`;
  }
}
