import { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_POLICIES, NO_QUEUE_SIZES } from "../support/bad-values.js";
import { expectStillWorks, refused, scene } from "../support/misuse.js";
import { newRuntime } from "../support/runtimes.js";
import { OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const create = (key: string, value: unknown) => {
  const before = scene();
  const error = refused(before, () => before.runtime.createRecorder("next", { [key]: value }));
  expectStillWorks(before);
  return error;
};
const construct = (key: string, value: unknown) => {
  const options = { namespace: "next", [key]: value };
  const error = thrownBy(() => new MetricsRuntime(options));
  expect(newRuntime({ namespace: "next" }).getStatus()).toBe("VIRGIN");
  return error;
};

describe.each([
  ["queueMaxSize", create],
  ["defaultRecorderQueueMaxSize", construct],
])("a %s is refused, and nothing changes,", (key, misuse) => {
  test.each(NO_QUEUE_SIZES)("when it is %s", (_, value, expected) => {
    const error = misuse(key, value);
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(`"options.${key}"`);
  });

  test("and the range is told", () => {
    expect(misuse(key, 0).message).toBe(
      `The value of "options.${key}" is out of range. ` +
        "It must be an integer >= 1 and <= 16777216. Received 0",
    );
    expect(misuse(key, "5").message).toBe(
      `The "options.${key}" property must be of type number. Received "5"`,
    );
  });
});

describe.each([
  ["queueOverflowPolicy", create],
  ["defaultRecorderQueueOverflowPolicy", construct],
])("a %s is refused, and nothing changes,", (key, misuse) => {
  test.each(NO_POLICIES)("when it is %s", (_, value, expected) => {
    const error = misuse(key, value);
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(`The "options.${key}" property must be`);
  });

  test("and those there are are told", () => {
    expect(misuse(key, "drop").message).toContain("must be one of: DROP, RAISE_ERROR");
  });
});

test("of several wrong options the first in the documented order is told", () => {
  const before = scene();
  const wrong = { queueOverflowPolicy: 1, queueMaxSize: 0, namespace: 2, entityId: 3 };
  const toldOf = (options: object) =>
    /"options\.(\w+)"/.exec(
      refused(before, () => before.runtime.createRecorder("next", options)).message,
    )?.[1];
  expect(toldOf(wrong)).toBe("entityId");
  expect(toldOf({ ...wrong, entityId: "a" })).toBe("namespace");
  expect(toldOf({ ...wrong, entityId: "a", namespace: "b" })).toBe("queueMaxSize");
  expect(toldOf({ queueOverflowPolicy: 1, queueMaxSize: 1 })).toBe("queueOverflowPolicy");
});

test("a runtime is not made of a wrong option, so its recorders have no wrong default", () => {
  const runtime = newRuntime({ defaultRecorderQueueMaxSize: 3 });
  runtime.start();
  expect(thrownBy(() => runtime.createRecorder("a", { queueMaxSize: 0 }))).toMatchObject(
    OUT_OF_RANGE,
  );
  expect(runtime.createRecorder("a").getStats().queueMaxSize).toBe(3);
});

test("options are not kept: what the caller does with them later changes nothing", () => {
  const options = { namespace: "before", defaultRecorderQueueMaxSize: 3 };
  const runtime = newRuntime(options);
  Object.assign(options, { namespace: "", defaultRecorderQueueMaxSize: 0 });
  runtime.start();
  const recorderOptions = { queueMaxSize: 7 };
  const recorder = runtime.createRecorder("a", recorderOptions);
  Object.assign(recorderOptions, { queueMaxSize: -1 });
  expect([runtime.entityId, recorder.namespace]).toEqual(["before", "before"]);
  expect(recorder.getStats().queueMaxSize).toBe(7);
  expect(runtime.createRecorder("b").getStats().queueMaxSize).toBe(3);
});

describe("options whose getters use the runtime themselves", () => {
  test("cannot register one id twice", () => {
    const before = scene();
    const options = {
      get queueMaxSize() {
        before.runtime.createRecorder("next");
        return 8;
      },
    };
    const error = thrownBy(() => before.runtime.createRecorder("next", options));
    expect(error.name).toBe("MetricsRuntimeRecorderAlreadyExistsError");
    expect(before.runtime.listRecorderIds()).toEqual(["running", "stopped", "next"]);
    expect(before.runtime.stopAndRemoveRecorder("next").getStats().queueMaxSize).toBe(64);
    expectStillWorks(before);
  });

  test("cannot make a recorder in a runtime that they have shut down", () => {
    const before = scene();
    const options = {
      get queueMaxSize() {
        before.runtime.shutdown();
        return 8;
      },
    };
    const error = thrownBy(() => before.runtime.createRecorder("next", options));
    expect(error).toMatchObject({
      name: "MetricsRuntimeInvalidStateError",
      details: { runtimeState: "CLOSED" },
    });
    expect(before.runtime.getStatus()).toBe("CLOSED");
  });
});
