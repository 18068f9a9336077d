import {
  count,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  last,
  max,
  mean,
  min,
  quantiles,
  sum,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

describe("what is wrong first is reported: unknown keys, arguments in order, state, id", () => {
  test("an unknown key before a blank id", () => {
    const runtime = newRuntime();
    const error = thrownBy(() => runtime.createRecorder("", { nonsense: 1 } as never));
    expect(error.message).toContain("options.nonsense");
  });

  test("a blank id before a bad option", () => {
    const runtime = newRuntime();
    const error = thrownBy(() => runtime.createRecorder("", { queueMaxSize: 0 }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain('"id"');
  });

  test("a bad option before the state", () => {
    const runtime = newRuntime();
    expect(thrownBy(() => runtime.createRecorder("a", { queueMaxSize: 0 }))).toMatchObject(
      OUT_OF_RANGE,
    );
  });

  test.each([
    "createRecorder",
    "getRecorder",
    "tryGetRecorder",
    "stopRecorder",
    "stopAndRemoveRecorder",
  ] as const)("a bad id before the state: %s", (method) => {
    const runtime = newRuntime();
    expect(thrownBy(() => runtime[method](7 as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(thrownBy(() => runtime[method](" "))).toMatchObject(INVALID_ARG_VALUE);
    expect(thrownBy(() => runtime[method]("a")).name).toBe("MetricsRuntimeInvalidStateError");
  });

  test("a bad option before a duplicate id", () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a");
    expect(thrownBy(() => runtime.createRecorder("a", { queueMaxSize: 0 }))).toMatchObject(
      OUT_OF_RANGE,
    );
    expect(thrownBy(() => runtime.createRecorder("a")).name).toBe(
      "MetricsRuntimeRecorderAlreadyExistsError",
    );
  });

  test("something that is no event or metric before the recorder's state", () => {
    const recorder = startedRuntime().createRecorder("a");
    expect(recorder.stop().wait().success).toBe(true);
    expect(thrownBy(() => recorder.registerEvent({} as never))).toMatchObject(INVALID_ARG_TYPE);
    expect(thrownBy(() => recorder.registerMetric({} as never))).toMatchObject(INVALID_ARG_TYPE);
  });
});

describe("of an aggregation's arguments too:", () => {
  const Save = defineMetricEvent("save", { ms: float64() });
  const BAD_OPTIONS = { where: 1, by: 2, maxSeries: 3.5 };
  const OF_A_FIELD = [
    [sum, {}],
    [min, {}],
    [max, {}],
    [mean, {}],
    [last, {}],
    [distinct, {}],
    [histogram, { buckets: 4 }],
    [exponentialHistogram, { maxSize: 5.5 }],
    [quantiles, { quantiles: 6, relativeError: 7 }],
  ] as const;
  const call = (make: unknown, ...args: unknown[]) => {
    const { message } = thrownBy(() => (make as (...args: unknown[]) => unknown)(...args));
    return /"([^"]+)"/.exec(message)?.[1];
  };

  test.each(OF_A_FIELD)("%o", (make, own) => {
    const bad = { ...own, ...BAD_OPTIONS };
    expect(call(make, 8, 9, { ...bad, unknown: 10 })).toBe("options.unknown");
    expect(call(make, 8, 9, bad)).toBe("event");
    expect(call(make, Save, 9, bad)).toBe("field");
    expect(call(make, Save, "no field", bad)).toBe("field");
    expect(call(make, Save, "ms", bad)).toMatch(/^options\./);
  });

  test("count and upDown", () => {
    const unknown = { ...BAD_OPTIONS, unknown: 10 };
    expect(call(count, 8, unknown)).toBe("options.unknown");
    expect(call(count, 8, BAD_OPTIONS)).toBe("event");
    expect(call(count, Save, BAD_OPTIONS)).toBe("options.where");
    expect(call(upDown, 8, unknown)).toBe("options.unknown");
    expect(call(upDown, 8, BAD_OPTIONS)).toBe("steps");
    expect(call(upDown, [[8, "1"]], BAD_OPTIONS)).toBe("steps[0][0]");
    expect(call(upDown, [[Save, "1"]], BAD_OPTIONS)).toBe("steps[0][1]");
    expect(call(upDown, [[Save, 1]], BAD_OPTIONS)).toBe("options.where");
  });
});
