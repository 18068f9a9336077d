/** Numbered events at full blast into one recorder, and what its metrics and counts have to be then. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  float64,
  type MetricEventClass,
  type MetricsRecorder,
  oneOf,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { type Kind, ORDER, SequenceSums } from "./sequence.js";
import { dimensionsOf } from "./snapshots.js";

const FIELDS = { sequence: uint32(), negated: float64(), parity: oneOf("EVEN", "ODD") };
type Class = MetricEventClass<string, typeof FIELDS>;
const Begin = defineMetricEvent("begin", {});
const Tick = defineMetricEvent("tick", FIELDS);
const Tock = defineMetricEvent("tock", FIELDS);

type Register = (sequence: number, negated: number, parity: "EVEN" | "ODD") => boolean;

/** How an event gets in. */
export const WAYS = {
  emitters: (recorder: MetricsRecorder, eventClass: Class): Register =>
    recorder.emitter(eventClass, ["sequence", "negated", "parity"]),
  registerEvent:
    (recorder: MetricsRecorder, eventClass: Class): Register =>
    (sequence, negated, parity) =>
      recorder.registerEvent(eventClass({ sequence, negated, parity })),
};
export type Way = keyof typeof WAYS;

const metricOf = (eventClass: Class) => ({
  total: count(eventClass),
  odd: count(eventClass, { where: { parity: "ODD" } }),
  sequence: sum(eventClass, "sequence"),
  negated: sum(eventClass, "negated"),
});

export class SequenceFlood {
  readonly #recorder: MetricsRecorder;
  readonly #pattern: readonly Kind[];
  readonly #register: Readonly<Record<Kind, Register>>;
  readonly #sums = new SequenceSums();
  #offered = 0;
  #dropped = 0;

  /** @param recorder running, without metrics and without events */
  constructor(recorder: MetricsRecorder, way: Way, pattern: readonly Kind[]) {
    this.#recorder = recorder;
    this.#pattern = pattern;
    recorder.registerMetric(defineMetric("tick", metricOf(Tick)));
    recorder.registerMetric(defineMetric("tock", metricOf(Tock)));
    const steps = upDown([
      [Begin, ORDER.begin],
      [Tick, ORDER.tick],
      [Tock, ORDER.tock],
    ]);
    recorder.registerMetric(defineMetric("order", { order: steps }));
    if (!recorder.registerEvent(Begin())) throw new Error("the first event was dropped");
    recorder.getMetricSnapshots(); // has made room again, also in a queue of 1
    this.#register = { tick: WAYS[way](recorder, Tick), tock: WAYS[way](recorder, Tock) };
  }

  get offered(): number {
    return this.#offered;
  }

  /** Goes on from where it was. */
  record(events: number): void {
    const pattern = this.#pattern;
    const register = this.#register;
    const end = this.#offered + events;
    for (let n = this.#offered; n < end; n++) {
      const kind = pattern[n % pattern.length] ?? "tick";
      if (register[kind](n, -n, n & 1 ? "ODD" : "EVEN")) this.#sums.accept(kind, n);
      else this.#dropped++;
    }
    this.#offered = end;
  }

  /** Stops the recorder. What is expected of it, and what it says. */
  stop(): { readonly expected: object; readonly found: object } {
    const recorder = this.#recorder;
    const { success } = recorder.stop().wait();
    const { tick, tock, order } = this.#sums;
    const accepted = 1 + tick.total + tock.total;
    const counts = { pending: 0, invalid: 0, lastError: undefined };
    const stats = recorder.getStats();
    return {
      expected: {
        stopped: true,
        tick: { ...tick },
        tock: { ...tock },
        order,
        offered: 1 + this.#offered,
        accepted,
        dropped: this.#dropped,
        dispatched: accepted,
        ...counts,
      },
      found: {
        stopped: success,
        tick: { ...dimensionsOf(recorder, "tick") },
        tock: { ...dimensionsOf(recorder, "tock") },
        order: dimensionsOf(recorder, "order").order,
        offered: stats.offered,
        accepted: stats.accepted,
        dropped: stats.dropped,
        dispatched: stats.dispatched,
        pending: stats.pending,
        invalid: stats.invalid,
        lastError: stats.lastError,
      },
    };
  }
}
