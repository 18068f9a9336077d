/** What callbacks of observable gauges may do, and what they may not. */
import { count, defineMetric, defineMetricEvent, uint32 } from "metrics-runtime";
import { expect, test } from "vitest";
import { EventLog } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, numberOf } from "../support/snapshots.js";
import { thrownBy } from "../support/thrown.js";

const HELP = { help: "" };
const Seen = defineMetricEvent("observable.seen", { n: uint32() });

test("what a callback registers and writes is in the snapshot that it was asked for", () => {
  const recorder = startedRuntime().createRecorder("a");
  const own = new EventLog("own");
  recorder.registerMetric(defineMetric("seen", { total: count(Seen) }));
  recorder.registerMetric(own);
  const asked = recorder.counter("asked", HELP);
  recorder.observableGauge("g", HELP, () => {
    asked.add();
    expect(recorder.registerEvent(Seen({ n: 1 }))).toBe(true);
    return 1;
  });
  for (const times of [1, 2]) {
    const snapshots = recorder.getMetricSnapshots();
    expect(snapshots).toMatchObject({
      asked: { dimensions: { value: times } },
      seen: { dimensions: { total: times } },
      own: own.snapshot(),
    });
    expect(own.events).toHaveLength(times);
  }
});

test("what a callback makes is there at once; a gauge it makes is asked the next time", () => {
  const recorder = startedRuntime().createRecorder("a");
  let made = 0;
  recorder.observableGauge("g", HELP, () => {
    made++;
    recorder.counter("counter", HELP).add();
    recorder.observableGauge(`made_${made}`, HELP, () => 10);
    return made;
  });
  const first = recorder.getMetricSnapshots();
  expect(Object.keys(first)).toEqual(["g", "counter", "made_1"]);
  expect(first.made_1?.dimensions.value).toBe(null);
  const second = recorder.getMetricSnapshots();
  expect(Object.keys(second)).toEqual(["g", "counter", "made_1", "made_2"]);
  expect(second).toMatchObject({
    counter: { dimensions: { value: 2 } },
    made_1: { dimensions: { value: 10 } },
    made_2: { dimensions: { value: null } },
  });
});

test("a snapshot inside a callback runs no callback, of whatever recorder, and ends", () => {
  const runtime = startedRuntime();
  const [recorder, other] = [runtime.createRecorder("a"), runtime.createRecorder("b")];
  let [asked, others] = [0, 0];
  const seen: unknown[] = [];
  other.observableGauge("g", HELP, () => ++others);
  recorder.observableGauge("g", HELP, () => {
    asked++;
    seen.push(dimensionsOf(recorder, "g").value, dimensionsOf(other, "g").value);
    return asked;
  });
  expect(numberOf(recorder, "g", "value")).toBe(1);
  expect(numberOf(other, "g", "value")).toBe(1);
  expect(numberOf(recorder, "g", "value")).toBe(2);
  expect(seen).toEqual([null, null, 1, 1]);
  expect([asked, others]).toEqual([2, 1]);
});

test("what would block is refused inside, also afterwards nothing is disturbed", () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const codes: unknown[] = [];
  recorder.observableGauge("g", HELP, () => {
    const refused = [
      () => runtime.stopRecorder("a"),
      () => runtime.stopAndRemoveRecorder("a"),
      () => runtime.shutdown(),
      () => recorder.start().wait(),
    ];
    for (const call of refused) codes.push(thrownBy(call).code);
    return 1;
  });
  expect(numberOf(recorder, "g", "value")).toBe(1);
  expect(codes).toEqual([
    "ERR_METRICS_RUNTIME_INVALID_STATE",
    "ERR_METRICS_RUNTIME_INVALID_STATE",
    "ERR_METRICS_RUNTIME_INVALID_STATE",
    "ERR_METRICS_RECORDER_INVALID_STATE",
  ]);
  expect(recorder.getStats().observationsFailed).toBe(0);
  runtime.stopRecorder("a");
  expect(recorder.getStatus()).toBe("STOPPED");
});
