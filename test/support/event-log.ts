import {
  defineMetricEvent,
  Metric,
  type MetricEvent,
  type MetricSnapshot,
  uint32,
} from "metrics-runtime";

/** Events that tell their order. */
export const Numbered = defineMetricEvent("test.numbered", { n: uint32() });

/** A custom metric that keeps what it was given; its snapshot has how much that is. */
export class EventLog extends Metric {
  readonly metricName: string;
  readonly events: MetricEvent[] = [];
  readonly #handle: (event: MetricEvent) => unknown;

  /** @param handle what `handleEvent` does besides and gives; by default each event matters */
  constructor(metricName = "log", handle: (event: MetricEvent) => unknown = () => true) {
    super();
    this.metricName = metricName;
    this.#handle = handle;
  }

  handleEvent(event: MetricEvent): boolean {
    this.events.push(event);
    return this.#handle(event) as boolean;
  }

  snapshot(): MetricSnapshot {
    return { name: this.metricName, dimensions: { events: this.events.length } };
  }

  /** Of the numbered events, in the order in which they came. */
  get numbers(): number[] {
    return this.events.filter((event) => Numbered.is(event)).map(({ n }) => n);
  }
}

/** `count` numbers from `first` on. */
export function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
