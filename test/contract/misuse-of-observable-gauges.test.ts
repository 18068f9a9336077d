import type { ObservableGauge } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_NAMES, NO_OPTIONS, NO_STRINGS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const HELP = { help: "" };
const observe = () => 1;

function newRecorder() {
  const recorder = startedRuntime().createRecorder("a");
  const loose = recorder.observableGauge.bind(recorder) as (
    name: unknown,
    options: unknown,
    callback?: unknown,
  ) => ObservableGauge;
  return { recorder, loose };
}

describe("observableGauge refuses, and changes nothing,", () => {
  function refused(name: unknown, options: unknown, callback: unknown): Error {
    const { recorder, loose } = newRecorder();
    const error = thrownBy(() => loose(name, options, callback));
    expect(recorder.getMetricSnapshots()).toEqual({});
    expect(recorder.getStats().observationsFailed).toBe(0);
    return error;
  }

  test.each([...NO_STRINGS, ...NO_NAMES])("a name that is %s", (_, name, expected) => {
    const error = refused(name, HELP, observe);
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"name"');
  });

  test.each([...NO_OPTIONS, ["undefined", undefined, INVALID_ARG_TYPE] as const])(
    "options that are %s",
    (_, options, expected) => {
      expect(refused("n", options, observe)).toMatchObject(expected);
    },
  );

  test.each(UNKNOWN_KEYS)("an unknown option: %s", (_, extra, named) => {
    const options = Object.defineProperties({ ...HELP }, Object.getOwnPropertyDescriptors(extra));
    const error = refused("n", options, observe);
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`options.${named}`);
  });

  test.each([
    ["help is missing", { help: undefined }, INVALID_ARG_TYPE, "options.help"],
    ["combine is an unknown word", { combine: "mean" }, INVALID_ARG_VALUE, "options.combine"],
    ["there are buckets", { buckets: [1] }, INVALID_ARG_VALUE, "options.buckets"],
    ["a label is reserved", { labels: ["metrics_overflow"] }, INVALID_ARG_VALUE, "labels[0]"],
    ["maxSeries is 0", { maxSeries: 0 }, OUT_OF_RANGE, "options.maxSeries"],
  ])("options where %s", (_, wrong, expected, named) => {
    const error = refused("n", { ...HELP, ...wrong }, observe);
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(named);
  });

  test.each([
    ["absent", undefined],
    ["null", null],
    ["a number", 1],
    ["an object", { observe }],
    ["a text", "observe"],
  ])("a callback that is %s", (_, callback) => {
    const error = refused("n", HELP, callback);
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"callback"');
  });
});

test("the same definition with the same callback is the same gauge, asked once", () => {
  const { recorder } = newRecorder();
  let asked = 0;
  const callback = () => ++asked;
  const gauge = recorder.observableGauge("g", { help: "", unit: "s" }, callback);
  expect(recorder.observableGauge(" g ", { unit: "s", help: "" }, callback)).toBe(gauge);
  expect(recorder.getMetricSnapshots().g?.dimensions.value).toBe(1);
  expect(asked).toBe(1);
});

test("another callback for an equal definition is refused, and the first one stays", () => {
  const { recorder, loose } = newRecorder();
  recorder.observableGauge("g", HELP, () => 1);
  const error = thrownBy(() => loose("g", HELP, () => 2));
  expect(error).toMatchObject(INVALID_ARG_VALUE);
  expect(error.message).toContain('"callback"');
  expect(recorder.getMetricSnapshots().g?.dimensions.value).toBe(1);
});

test("one callback may be that of several gauges", () => {
  const { recorder } = newRecorder();
  const gauges = ["g", "h"].map((name) => recorder.observableGauge(name, HELP, observe));
  expect(gauges.map(({ name }) => name)).toEqual(["g", "h"]);
  expect(recorder.getMetricSnapshots()).toMatchObject({
    g: { dimensions: { value: 1 } },
    h: { dimensions: { value: 1 } },
  });
});

test("a name is that of one metric or instrument: another kind or definition is refused", () => {
  const { recorder, loose } = newRecorder();
  recorder.gauge("gauge", HELP).set(3);
  recorder.observableGauge("g", HELP, observe);
  const refusals = [
    () => loose("gauge", HELP, observe),
    () => recorder.gauge("g", HELP),
    () => loose("g", { help: "", unit: "s" }, observe),
    () => loose("g", { help: "", combine: "sum" }, observe),
  ];
  for (const refusal of refusals) {
    const error = thrownBy(refusal);
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain('"name"');
  }
  expect(recorder.getMetricSnapshots()).toMatchObject({
    gauge: { dimensions: { value: 3 } },
    g: { dimensions: { value: 1 } },
  });
});

test("the arguments come in their order, and before the state", () => {
  const { recorder, loose } = newRecorder();
  recorder.stop().wait();
  expect(thrownBy(() => loose("", {}, 1)).message).toContain('"name"');
  expect(thrownBy(() => loose("n", {}, 1)).message).toContain("options.help");
  expect(thrownBy(() => loose("n", HELP, 1)).message).toContain('"callback"');
  expect(thrownBy(() => loose("n", HELP, observe))).toMatchObject({
    code: "ERR_METRICS_RECORDER_INVALID_STATE",
  });
});

test("the gauge cannot be changed", () => {
  const { recorder } = newRecorder();
  const gauge = recorder.observableGauge("g", HELP, observe) as { name: string };
  expect(thrownBy(() => Object.assign(gauge, { name: "h" }))).toBeInstanceOf(TypeError);
  expect(gauge.name).toBe("g");
});
