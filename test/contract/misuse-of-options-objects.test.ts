/** The options object itself, of every call that takes one. */
import {
  count,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  label,
  last,
  MetricsRuntime,
  max,
  mean,
  min,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_OPTIONS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { expectStillWorks, refused, type Scene, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE } from "../support/thrown.js";

const Save = defineMetricEvent("save", { ms: float64(), size: uint32() });

type Call = (on: Scene, options: unknown) => unknown;
const ofField = (make: (...args: never[]) => unknown): Call => {
  return (_, options) => untyped(make)(Save, "ms", options);
};
/** Each call, the options it must have, and one that it knows with a value it refuses. */
const CALLS: [name: string, call: Call, required: object, wrong: object][] = [
  [
    "new MetricsRuntime",
    (_, options) => new MetricsRuntime(options as never),
    { namespace: "n" },
    { defaultRecorderQueueMaxSize: 0 },
  ],
  [
    "createRecorder",
    ({ runtime }, options) => runtime.createRecorder("next", options as never),
    {},
    { queueMaxSize: 0 },
  ],
  ["label", (_, options) => label(options as never), {}, { maxValues: 0 }],
  ["count", (_, options) => untyped(count)(Save, options), {}, { maxSeries: 0 }],
  ["upDown", (_, options) => untyped(upDown)([[Save, 1]], options), {}, { maxSeries: 0 }],
  ["sum", ofField(sum), {}, { maxSeries: 0 }],
  ["min", ofField(min), {}, { maxSeries: 0 }],
  ["max", ofField(max), {}, { maxSeries: 0 }],
  ["mean", ofField(mean), {}, { maxSeries: 0 }],
  ["last", ofField(last), {}, { maxSeries: 0 }],
  ["distinct", ofField(distinct), {}, { maxSeries: 0 }],
  ["histogram", ofField(histogram), { buckets: [1] }, { maxSeries: 0 }],
  ["exponentialHistogram", ofField(exponentialHistogram), {}, { maxSize: 0 }],
  ["quantiles", ofField(quantiles), { quantiles: [0.5] }, { relativeError: 0 }],
];

describe.each(CALLS)("%s refuses, and nothing changes,", (_name, call, required, wrong) => {
  test.each(NO_OPTIONS)("%s for options", (_, options, expected) => {
    const before = scene();
    const error = refused(before, () => call(before, options));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "options" argument must be of type object');
  });

  test.each(UNKNOWN_KEYS)("unknown keys: %s", (_, extra, named) => {
    const before = scene();
    const options = Object.defineProperties(
      { ...required },
      Object.getOwnPropertyDescriptors(extra),
    );
    const error = refused(before, () => call(before, options));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`The "options.${named}" property is unknown; known: `);
    expectStillWorks(before);
  });

  test("an unknown key before a known one with a wrong value", () => {
    const before = scene();
    const error = refused(before, () => call(before, { ...required, ...wrong, nonsense: 1 }));
    expect(error.message).toContain('"options.nonsense"');
  });

  test("what a prototype has, when it is an option: it is checked as an own one", () => {
    const before = scene();
    const [key] = Object.keys(wrong);
    const inherited = Object.assign(Object.create(wrong), required);
    const error = refused(before, () => call(before, inherited));
    expect(error).toMatchObject({ name: "RangeError", code: "ERR_OUT_OF_RANGE" });
    expect(error.message).toContain(`"options.${key}"`);
    class Options {
      get [key as string]() {
        return "text";
      }
    }
    const instance = Object.assign(new Options(), required);
    expect(refused(before, () => call(before, instance))).toMatchObject(INVALID_ARG_TYPE);
  });
});

test.each(CALLS)("%s reads no symbols and no unknown keys of a prototype", (_, call, required) => {
  const before = scene();
  const unread = () => {
    throw new Error("it was read");
  };
  const prototype = Object.defineProperty({}, "nonsense", { enumerable: true, get: unread });
  const options = Object.defineProperty(
    Object.assign(Object.create(prototype), required),
    Symbol("nonsense"),
    { enumerable: true, get: unread },
  );
  expect(call(before, options)).toBeDefined();
  expect(call(scene(), Object.assign(Object.create(null), required))).toBeDefined();
});
