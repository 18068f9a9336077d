/** The bound while a custom metric has not handled: nothing but this thread can free a place then. */
import {
  count,
  defineMetric,
  type MetricsRecorder,
  MetricsRecorderQueueOverflowError,
  type QueueOverflowPolicy,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const SIZES = [1, 2, 3, 63, 64, 65, 1000];

function scene(queueMaxSize: number, queueOverflowPolicy: QueueOverflowPolicy = "DROP") {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize, queueOverflowPolicy });
  const log = new EventLog();
  recorder.registerMetric(defineMetric("declared", { total: count(Numbered) }));
  recorder.registerMetric(log);
  return { recorder, log };
}

/** Blocks this thread, so that no turn of it delivers, until the other one has dispatched all. */
function awaitDispatch(recorder: MetricsRecorder): void {
  const end = performance.now() + 5_000;
  while (recorder.getStats().dispatched < recorder.getStats().accepted) {
    if (performance.now() > end) throw new Error(JSON.stringify(recorder.getStats()));
  }
}

describe.each(SIZES)("in a queue of %i", (size) => {
  test("exactly so many events wait for the metric, however many were dispatched", () => {
    const { recorder, log } = scene(size);
    let [accepted, dropped] = [0, 0];
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < size; n++) {
        expect(recorder.registerEvent(Numbered({ n: accepted }))).toBe(true);
        accepted++;
      }
      for (let n = 0; n < 3; n++) {
        expect(recorder.registerEvent(Numbered({ n: 0 }))).toBe(false);
        dropped++;
      }
      awaitDispatch(recorder);
      expect(recorder.registerEvent(Numbered({ n: 0 }))).toBe(false);
      dropped++;
      expect(recorder.getStats()).toMatchObject({
        offered: accepted + dropped,
        accepted,
        dropped,
        dispatched: accepted,
        pending: size,
      });
      recorder.getMetricSnapshots();
      expect(recorder.getStats()).toMatchObject({ accepted, dispatched: accepted, pending: 0 });
    }
    expect(log.numbers).toEqual(numbersFrom(0, accepted));
    expect(numberOf(recorder, "declared", "total")).toBe(accepted);
  });

  test("RAISE_ERROR throws for each that does not fit, and takes events after a delivery", () => {
    const { recorder, log } = scene(size, "RAISE_ERROR");
    const emit = recorder.emitter(Numbered, ["n"]);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < size; n++) expect(emit(round * size + n)).toBe(true);
      awaitDispatch(recorder);
      for (const refused of [() => emit(0), () => recorder.registerEvent(Numbered({ n: 0 }))]) {
        expect(thrownBy(refused)).toBeInstanceOf(MetricsRecorderQueueOverflowError);
      }
      recorder.getMetricSnapshots();
    }
    expect(recorder.getStats()).toMatchObject({ accepted: 3 * size, dropped: 6, pending: 0 });
    expect(log.numbers).toEqual(numbersFrom(0, 3 * size));
  });

  test("a metric registered amid a flood sees what was taken from then on", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: size });
    const flood = (first: number): number[] =>
      numbersFrom(first, size + 10).filter((n) => recorder.registerEvent(Numbered({ n })));
    const before = flood(0);
    const log = new EventLog();
    recorder.registerMetric(log);
    const after = flood(10_000);
    expect(after.length).toBeLessThanOrEqual(size);
    recorder.getMetricSnapshots();
    const later = flood(20_000);
    expect(later).toEqual(numbersFrom(20_000, size));
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual([...after, ...later]);
    expect(before.length).toBeGreaterThanOrEqual(size);
  });
});

test("there is room again after a turn of the loop", async () => {
  const { recorder, log } = scene(4);
  for (let n = 0; n < 4; n++) recorder.registerEvent(Numbered({ n }));
  expect(recorder.registerEvent(Numbered({ n: 4 }))).toBe(false);
  await waitUntil(
    () => recorder.getStats().pending === 0,
    () => recorder.getStats(),
  );
  expect(log.numbers).toEqual([0, 1, 2, 3]);
  expect(recorder.registerEvent(Numbered({ n: 5 }))).toBe(true);
});

test("an event that is handled keeps its place until then, so that a full queue takes none from inside", () => {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 1 });
  const taken: boolean[] = [];
  const log = new EventLog("log", ({ eventType }) => {
    taken.push(recorder.registerEvent(Numbered({ n: 2 })));
    return eventType === Numbered.eventType;
  });
  recorder.registerMetric(log);
  recorder.registerEvent(Numbered({ n: 1 }));
  recorder.getMetricSnapshots();
  expect({ taken, numbers: log.numbers }).toEqual({ taken: [false], numbers: [1] });
  expect(recorder.getStats()).toMatchObject({ accepted: 1, dropped: 1, pending: 0 });
});

test("the last metric that goes gives its places back", () => {
  const { recorder } = scene(2);
  for (let n = 0; n < 2; n++) recorder.registerEvent(Numbered({ n }));
  recorder.registerMetric(defineMetric("log", { total: count(Numbered) }));
  for (let n = 0; n < 5; n++) {
    expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
    awaitDispatch(recorder);
  }
  expect(recorder.getStats()).toMatchObject({ accepted: 7, pending: 0, undelivered: 0 });
});
