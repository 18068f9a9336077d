import { count, defineMetric, defineMetricEvent, float64, oneOf } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const Save = defineMetricEvent("save", { ms: float64(), outcome: oneOf("OK", "BAD") });
const saves = defineMetric("saves", { total: count(Save) });
const event = Save({ ms: 1, outcome: "OK" });

function recording() {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(saves);
  return recorder;
}

describe("registerEvent refuses what no event class has made", () => {
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["text", "save"],
    ["a number", 7],
    ["a plain object", { eventType: "save", ms: 1, outcome: "OK" }],
    ["a copy of an event", { ...event }],
    ["an object that inherits from an event", Object.create(event)],
    ["an object of the same prototype", Object.create(Object.getPrototypeOf(event))],
    ["a proxy of an event", new Proxy(event, {})],
    ["a clone of an event", structuredClone({ ...event })],
    ["an event class", Save],
    ["an array of events", [event]],
  ])("%s", (_, value) => {
    const recorder = recording();
    const error = thrownBy(() => recorder.registerEvent(value as never));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"event"');
    expect(recorder.getStats()).toMatchObject({ offered: 0, invalid: 0 });
    expect(dimensionsOf(recorder, "saves").total).toBe(0);
  });
});

describe("an event that was changed after it was made is checked again", () => {
  test.each<[string, unknown, object]>([
    ["ms", "1", INVALID_ARG_TYPE],
    ["ms", undefined, INVALID_ARG_TYPE],
    ["outcome", 0, INVALID_ARG_TYPE],
    ["outcome", "GOOD", INVALID_ARG_VALUE],
  ])("%s: %o throws", (name, value, expected) => {
    const recorder = recording();
    const changed = Save({ ms: 1, outcome: "OK" });
    expect(Reflect.set(changed, name, value)).toBe(true);
    expect(thrownBy(() => recorder.registerEvent(changed))).toMatchObject(expected);
    expect(recorder.getStats()).toMatchObject({ offered: 0, invalid: 0 });
  });

  test("NaN is refused and counted", () => {
    const recorder = recording();
    const changed = Save({ ms: 1, outcome: "OK" });
    Reflect.set(changed, "ms", Number.NaN);
    expect(recorder.registerEvent(changed)).toBe(false);
    expect(recorder.getStats()).toMatchObject({ offered: 0, invalid: 1 });
  });

  test("another eventType does not make it another event", () => {
    const recorder = recording();
    const changed = Save({ ms: 1, outcome: "OK" });
    Reflect.set(changed, "eventType", "load");
    expect(recorder.registerEvent(changed)).toBe(true);
    expect(dimensionsOf(recorder, "saves").total).toBe(1);
  });

  test("a getter that registers events itself does not tear the record", () => {
    const recorder = recording();
    const changed = Save({ ms: 1, outcome: "OK" });
    let inner = 0;
    Object.defineProperty(changed, "outcome", {
      get() {
        if (inner < 3) {
          inner++;
          recorder.registerEvent(event);
        }
        return "OK";
      },
    });
    expect(recorder.registerEvent(changed)).toBe(true);
    expect(dimensionsOf(recorder, "saves").total).toBe(inner + 1);
  });
});

test("one event may be registered many times, in several recorders and runtimes", () => {
  const recorders = [recording(), recording()];
  for (const recorder of recorders) {
    for (let n = 0; n < 3; n++) expect(recorder.registerEvent(event)).toBe(true);
  }
  expect(recorders.map((recorder) => dimensionsOf(recorder, "saves").total)).toEqual([3, 3]);
});
