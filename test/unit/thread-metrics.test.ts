/** What no test can wait for: the numbers of events come round after 2^32 of them. */
import { count, defineMetric, type MetricChange } from "metrics-runtime";
import { expect, test } from "vitest";
import { definitionOfClass } from "../../dist/events/define-metric-event.js";
import { EventCodecs } from "../../dist/events/event-codecs.js";
import { makeObjectWriter } from "../../dist/events/record-writer.js";
import * as layout from "../../dist/native/ring-layout.js";
import { EventQueue } from "../../dist/recorder/event-queue.js";
import { MetricsRecorderState } from "../../dist/recorder/recorder-state.js";
import { ThreadMetrics } from "../../dist/recorder/thread-metrics.js";
import { EventLog, Numbered } from "../support/event-log.js";

const RUNNING = Object.values(MetricsRecorderState).indexOf("RUNNING");
const RETIRED = -(2 ** 31);

/** The metrics of a thread whose queue is at `start`; the test plays the runtime thread. */
function scene(start: number, onMetricChanged?: (changes: readonly MetricChange[]) => void) {
  const queue = new EventQueue(8, true, () => {});
  queue.i32[layout.STATE] = RUNNING;
  const codecs = new EventCodecs({
    registerEventClasses: () => ({ eventClasses: [{ id: 1, words: 2, offsets: [8] }] }),
  } as never);
  const fail = (): never => {
    throw new Error("refused");
  };
  const target = { queue, wrongState: fail, overflow: fail };
  const write = makeObjectWriter(target, codecs.of(definitionOfClass("class", Numbered)));
  /** So many events have been and gone. */
  const goTo = (position: number): void => {
    for (const index of [layout.TAIL, layout.HEAD]) queue.i32[index] = position;
    queue.checkAt = queue.i32[layout.TAIL] ?? 0;
  };
  goTo(start);
  const native = { letGo: () => false, countHookFailure() {}, quarantine() {} };
  const hooks = onMetricChanged === undefined ? {} : { onMetricChanged };
  const metrics = new ThreadMetrics(native as never, queue, codecs, hooks as never);
  const add = (...numbers: number[]): void => {
    for (const n of numbers) expect(write(Numbered({ n }) as never)).toBe(true);
    Atomics.store(queue.i32, layout.HEAD, queue.i32[layout.TAIL] ?? 0);
    metrics.deliver();
  };
  const retire = (): number => Atomics.or(queue.i32, layout.TAKEN, RETIRED);
  return { queue, metrics, add, goTo, retire };
}

test.each([0, 2 ** 31 - 3, 2 ** 32 - 3])("metrics follow one another at %i", (start) => {
  const { metrics, add } = scene(start);
  const logs = [new EventLog(), new EventLog(), new EventLog()];
  for (const [index, log] of logs.entries()) {
    metrics.addCustom("log", log as never);
    add(10 * index, 10 * index + 1);
  }
  expect(logs.map(({ numbers }) => numbers)).toEqual([
    [0, 1],
    [10, 11],
    [20, 21],
  ]);
});

test.each([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 5, 2 ** 32 - 1])(
  "a metric still gets its events %i events after its registration",
  (later) => {
    const told: unknown[] = [];
    const { metrics, add, goTo, retire } = scene(0, (changes) => void told.push(...changes));
    metrics.addDeclared("m", defineMetric("m", { total: count(Numbered) }) as never);
    add(1);
    expect(told).toHaveLength(1);
    // The reader goes on at the queue's end when it was retired: here, that is far ahead.
    goTo(later);
    retire();
    metrics.deliver();
    add(2, 3);
    expect(told).toHaveLength(3);
  },
);
