/** Metrics that register an event for each that they are given. */
import { defineMetricEvent, type MetricsRecorder, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { BLOCKING_CALLS } from "../support/blocking-calls.js";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";

describe.each([1, 100])("with no end, in a queue of %i,", (queueMaxSize) => {
  const Ping = defineMetricEvent("ping", { n: uint32() });
  const Pong = defineMetricEvent("pong", { n: uint32() });

  test.each(BLOCKING_CALLS)("%s returns all the same", (_, call) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize });
    const log = new EventLog("log", (event) => {
      if (Ping.is(event)) recorder.registerEvent(Pong({ n: event.n }));
      else recorder.registerEvent(Ping({ n: event.eventType.length }));
      return true;
    });
    recorder.registerMetric(log);
    const begin = performance.now();
    for (let n = 0; n < 3; n++) recorder.registerEvent(Ping({ n }));
    call(runtime, recorder);
    expect(performance.now() - begin).toBeLessThan(4_000);
    const { offered, accepted, dropped, undelivered } = recorder.getStats();
    expect(offered).toBe(accepted + dropped);
    expect(log.events.length + undelivered).toBeLessThanOrEqual(accepted);
  });
});

test.each(BLOCKING_CALLS.slice(-3))(
  "%s does not wait for this very thread while the events have no end",
  (_, call) => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a", { queueMaxSize: 1_000 });
    const log = new EventLog("log", () => {
      if (log.events.length % 100 === 0) recorder.getMetricSnapshots(); // so that none is dropped
      if (recorder.getStatus() === "RUNNING") recorder.registerEvent(Numbered({ n: 0 }));
      return true;
    });
    recorder.registerMetric(log);
    recorder.registerEvent(Numbered({ n: 0 }));
    call(runtime, recorder);
    const { accepted, undelivered, quarantined } = recorder.getStats();
    expect({ handled: log.events.length, undelivered, quarantined }).toEqual({
      handled: accepted,
      undelivered: 0,
      quarantined: [],
    });
  },
);

test("two recorders whose metrics feed each other hang no call either", () => {
  const runtime = startedRuntime();
  const [one, two] = ["a", "b"].map((id) => runtime.createRecorder(id, { queueMaxSize: 16 })) as [
    MetricsRecorder,
    MetricsRecorder,
  ];
  one.registerMetric(new EventLog("to two", () => two.registerEvent(Numbered({ n: 2 }))));
  two.registerMetric(new EventLog("to one", () => one.registerEvent(Numbered({ n: 1 }))));
  one.registerEvent(Numbered({ n: 1 }));
  const begin = performance.now();
  for (const recorder of [one, two]) recorder.getMetricSnapshots();
  expect(one.stop().wait(3_000)).toMatchObject({ success: true });
  runtime.shutdown();
  expect(performance.now() - begin).toBeLessThan(4_000);
  expect(runtime.getStatus()).toBe("CLOSED");
});
