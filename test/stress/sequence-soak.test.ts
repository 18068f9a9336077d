/**
 * Guards the publishing by plain stores: millions of events at full blast, and every loss,
 * duplication, tear or change of order shows in sums that are compared with the same sums made here.
 * Two classes of one shape alternate at random, so that a record read too early is read as what stood
 * there before: another number, or another class.
 */
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
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { dimensionsOf } from "../support/snapshots.js";

const FIELDS = { sequence: uint32(), negated: float64(), parity: oneOf("EVEN", "ODD") };
type Class = MetricEventClass<string, typeof FIELDS>;
const Begin = defineMetricEvent("begin", {});
const Tick = defineMetricEvent("tick", FIELDS);
const Tock = defineMetricEvent("tock", FIELDS);

/**
 * The order of ticks and tocks: a sum so large that a double next to it is 1 away. A tock's 1 changes
 * its parity, a tick's 0.5 rounds it to even, and which of them comes first makes a difference.
 */
const ORDER = { begin: 1.5 * 2 ** 52, tick: 0.5, tock: 1 };
const random = seededRandom(42);
const PATTERN: readonly ("tick" | "tock")[] = Array.from({ length: 4_099 }, () =>
  random() < 0.5 ? "tick" : "tock",
);

type Register = (sequence: number, negated: number, parity: "EVEN" | "ODD") => boolean;
const WAYS: [name: string, events: number, way: (r: MetricsRecorder, e: Class) => Register][] = [
  [
    "emitters",
    3_000_000,
    (recorder, eventClass) => recorder.emitter(eventClass, ["sequence", "negated", "parity"]),
  ],
  [
    "registerEvent",
    600_000,
    (recorder, eventClass) => (sequence, negated, parity) =>
      recorder.registerEvent(eventClass({ sequence, negated, parity })),
  ],
];

const metricOf = (eventClass: Class) => ({
  total: count(eventClass),
  odd: count(eventClass, { where: { parity: "ODD" } }),
  sequence: sum(eventClass, "sequence"),
  negated: sum(eventClass, "negated"),
});

describe.each(WAYS)("a flood through %s", (_, events, way) => {
  test.each([1, 2, 7, 64, 1_000, 100_000])("of a queue of %i is counted exactly", (size) => {
    const recorder = startedRuntime().createRecorder("soak", { queueMaxSize: size });
    recorder.registerMetric(defineMetric("tick", metricOf(Tick)));
    recorder.registerMetric(defineMetric("tock", metricOf(Tock)));
    recorder.registerMetric(
      defineMetric("order", {
        order: upDown([
          [Begin, ORDER.begin],
          [Tick, ORDER.tick],
          [Tock, ORDER.tock],
        ]),
      }),
    );
    expect(recorder.registerEvent(Begin())).toBe(true);
    recorder.getMetricSnapshots(); // has made room again, also in a queue of 1

    const register = { tick: way(recorder, Tick), tock: way(recorder, Tock) };
    const expected = {
      tick: { total: 0, odd: 0, sequence: 0, negated: 0 },
      tock: { total: 0, odd: 0, sequence: 0, negated: 0 },
    };
    let [order, dropped] = [ORDER.begin, 0];
    for (let n = 0; n < events; n++) {
      const kind = PATTERN[n % PATTERN.length] ?? "tick";
      if (!register[kind](n, -n, n & 1 ? "ODD" : "EVEN")) {
        dropped++;
        continue;
      }
      const sums = expected[kind];
      sums.total++;
      sums.odd += n & 1;
      sums.sequence += n;
      sums.negated -= n;
      order += ORDER[kind];
    }
    expect(recorder.stop().wait()).toMatchObject({ success: true });
    expect(dimensionsOf(recorder, "tick")).toEqual(expected.tick);
    expect(dimensionsOf(recorder, "tock")).toEqual(expected.tock);
    expect(dimensionsOf(recorder, "order").order).toBe(order);
    const accepted = 1 + expected.tick.total + expected.tock.total;
    expect(recorder.getStats()).toMatchObject({
      offered: 1 + events,
      accepted,
      dropped,
      dispatched: accepted,
      pending: 0,
      invalid: 0,
      lastError: undefined,
    });
  });
});

test("the order's sum shows many a change of order", () => {
  const sumOf = (pattern: readonly ("tick" | "tock")[]) =>
    pattern.reduce((total, kind) => total + ORDER[kind], ORDER.begin);
  const right = sumOf(PATTERN);
  let [swaps, seen] = [0, 0];
  for (let at = 0; at + 1 < PATTERN.length; at += 7) {
    const swapped = [...PATTERN];
    [swapped[at], swapped[at + 1]] = [PATTERN[at + 1] ?? "tick", PATTERN[at] ?? "tick"];
    if (swapped[at] === swapped[at + 1]) continue;
    swaps++;
    if (sumOf(swapped) !== right) seen++;
  }
  expect(seen / swaps).toBeGreaterThan(1 / 3);
});
