import { defineMetricEvent, label, type MetricEvent, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { waitUntil } from "../support/wait-until.js";

const SIZES = [1, 2, 3, 64, 65, 1000];

/** Classes whose records have every length that there is. */
const CLASSES = [1, 2, 5, 8, 14, 15].map((count) =>
  defineMetricEvent(
    `mixed.${count}`,
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, uint32()])),
  ),
);
function eventOf(n: number): MetricEvent {
  const Mixed = CLASSES[(n * 5) % CLASSES.length] as (typeof CLASSES)[number];
  const names = Object.keys(Mixed.fields);
  return Mixed(Object.fromEntries(names.map((name, index) => [name, n + index])));
}

describe.each(SIZES)("with a queue of %i, records of all lengths", (queueMaxSize) => {
  test("come once each, in order, past many ends of the ring", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize });
    const random = seededRandom(queueMaxSize);
    let dropped = 0;
    // Before it is registered, so that it begins anywhere in the ring.
    for (let n = Math.floor(random() * 3 * queueMaxSize); n > 0; n--) {
      dropped += recorder.registerEvent(eventOf(n)) ? 0 : 1;
    }
    let expected = 0;
    const log = new EventLog("log", (event) => {
      expect(event).toEqual(eventOf(expected++));
      return true;
    });
    recorder.registerMetric(log);
    const other = new EventLog("other", () => false);
    recorder.registerMetric(other);
    let accepted = 0;
    const rounds = Math.max(10, Math.ceil(600 / queueMaxSize));
    for (let round = 0; round < rounds; round++) {
      const burst = round % 3 === 0 ? queueMaxSize : Math.ceil(random() * queueMaxSize);
      for (let n = 0; n < burst; n++) {
        expect(recorder.registerEvent(eventOf(accepted))).toBe(true);
        accepted++;
      }
      recorder.getMetricSnapshots();
      expect(recorder.getStats().pending).toBe(0);
      expect(log.events).toHaveLength(accepted);
    }
    expect(recorder.getStats()).toMatchObject({ quarantined: [], dropped, undelivered: 0 });
    expect(other.events).toEqual(log.events);
  });
});

test("events come on turns of the loop alone, once each, in order", async () => {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 100 });
  const log = new EventLog();
  recorder.registerMetric(log);
  let accepted = 0;
  for (let burst = 0; burst < 10; burst++) {
    for (let n = 0; n < 70; n++) {
      expect(recorder.registerEvent(Numbered({ n: accepted }))).toBe(true);
      accepted++;
    }
    expect(log.events).toHaveLength(accepted - 70); // on a later turn
    await waitUntil(
      () => log.events.length === accepted,
      () => [log.events.length, accepted, recorder.getStats()],
    );
    await waitUntil(
      () => recorder.getStats().pending === 0,
      () => recorder.getStats(),
    );
  }
  expect(log.numbers).toEqual(numbersFrom(0, accepted));
  expect(recorder.getStats()).toMatchObject({ accepted, dispatched: accepted, undelivered: 0 });
});

test("events of several recorders come on turns, each to its own", async () => {
  const runtime = startedRuntime();
  const pairs = Array.from({ length: 5 }, (_, index) => {
    const log = new EventLog();
    const recorder = runtime.createRecorder(`r${index}`, { queueMaxSize: 64 });
    recorder.registerMetric(log);
    return { recorder, log };
  });
  for (let n = 0; n < 64; n++) {
    for (const [index, { recorder }] of pairs.entries()) {
      expect(recorder.registerEvent(Numbered({ n: 1_000 * index + n }))).toBe(true);
    }
  }
  await waitUntil(
    () => pairs.every(({ log }) => log.events.length === 64),
    () => pairs.map(({ log }) => log.events.length),
  );
  for (const [index, { log }] of pairs.entries()) {
    expect(log.numbers).toEqual(numbersFrom(1_000 * index, 64));
  }
});

test("neither registerEvent nor an emitter runs a metric, whether it takes the event or not", () => {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 8 });
  const log = new EventLog();
  recorder.registerMetric(log);
  const Named = defineMetricEvent("named", { name: label() });
  const emit = recorder.emitter(Named, ["name"]);
  for (let n = 0; n < 1_000; n++) {
    recorder.registerEvent(Numbered({ n }));
    emit(`name ${n}`);
    recorder.getStats();
    recorder.getStatus();
    expect(log.events).toEqual([]);
  }
  recorder.getMetricSnapshots();
  expect(log.events).toHaveLength(8);
});

test("metrics are given each event in the order of their registration", () => {
  const recorder = startedRuntime().createRecorder("a");
  const order: string[] = [];
  for (const name of ["b", "a", "c"]) {
    recorder.registerMetric(new EventLog(name, () => order.push(name) > 0));
  }
  for (let n = 0; n < 3; n++) recorder.registerEvent(Numbered({ n }));
  recorder.getMetricSnapshots();
  expect(order.join("")).toBe("bacbacbac");
});
