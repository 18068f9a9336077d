import { describe, expect, test } from "vitest";
import { NO_NAMES, NO_OPTIONS, NO_STRINGS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

/** Every way to make an instrument, and options that it takes. */
const MAKERS = [
  ["counter", { help: "" }],
  ["upDownCounter", { help: "" }],
  ["gauge", { help: "" }],
  ["histogram", { help: "", buckets: [1] }],
  ["histogram", { help: "", exponential: true }],
] as const;

type Make = (name: unknown, options: unknown) => unknown;

describe.each(MAKERS)("%s, made with %o, refuses, and changes nothing,", (maker, good) => {
  function refused(name: unknown, options: unknown): Error {
    const recorder = startedRuntime().createRecorder("a");
    const make = (recorder[maker] as Make).bind(recorder);
    const error = thrownBy(() => make(name, options));
    expect(recorder.getMetricSnapshots()).toEqual({});
    return error;
  }

  test.each([...NO_STRINGS, ...NO_NAMES])("a name that is %s", (_, name, expected) => {
    const error = refused(name, good);
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"name"');
  });

  test.each([...NO_OPTIONS, ["undefined", undefined, INVALID_ARG_TYPE] as const])(
    "options that are %s",
    (_, options, expected) => {
      expect(refused("n", options)).toMatchObject(expected);
    },
  );

  test.each(UNKNOWN_KEYS)("an unknown option: %s", (_, extra, named) => {
    const options = Object.defineProperties({ ...good }, Object.getOwnPropertyDescriptors(extra));
    const error = refused("n", options);
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`options.${named}`);
  });

  test.each([
    ["help is missing", { help: undefined }, INVALID_ARG_TYPE, "options.help"],
    ["help is a number", { help: 1 }, INVALID_ARG_TYPE, "options.help"],
    ["help has a lone surrogate", { help: "\ud800" }, INVALID_ARG_VALUE, "options.help"],
    ["unit is null", { unit: null }, INVALID_ARG_TYPE, "options.unit"],
    ["labels is text", { labels: "method" }, INVALID_ARG_TYPE, "options.labels"],
    ["a label is a number", { labels: ["a", 1] }, INVALID_ARG_TYPE, "options.labels[1]"],
    ["a label is twice", { labels: ["a", "a"] }, INVALID_ARG_VALUE, "options.labels["],
    ["a label is empty", { labels: [""] }, INVALID_ARG_VALUE, "options.labels[0]"],
    ["a label has a dot", { labels: ["a.b"] }, INVALID_ARG_VALUE, "options.labels[0]"],
    ["a label is reserved", { labels: ["metrics_overflow"] }, INVALID_ARG_VALUE, "labels[0]"],
    [
      "16 labels",
      { labels: Array.from({ length: 16 }, (_, n) => `l${n}`) },
      INVALID_ARG_VALUE,
      "labels",
    ],
    ["maxSeries is 0", { maxSeries: 0 }, OUT_OF_RANGE, "options.maxSeries"],
    ["maxSeries is 1.5", { maxSeries: 1.5 }, OUT_OF_RANGE, "options.maxSeries"],
    ["maxSeries is too large", { maxSeries: 2 ** 20 + 1 }, OUT_OF_RANGE, "options.maxSeries"],
    ["maxSeries is text", { maxSeries: "5" }, INVALID_ARG_TYPE, "options.maxSeries"],
    ["expireAfterMs is 0", { expireAfterMs: 0 }, OUT_OF_RANGE, "options.expireAfterMs"],
    ["expireAfterMs is negative", { expireAfterMs: -1 }, OUT_OF_RANGE, "options.expireAfterMs"],
    ["expireAfterMs is 1.5", { expireAfterMs: 1.5 }, OUT_OF_RANGE, "options.expireAfterMs"],
    ["expireAfterMs is NaN", { expireAfterMs: Number.NaN }, OUT_OF_RANGE, "options.expireAfterMs"],
    [
      "expireAfterMs is too long",
      { expireAfterMs: 2 ** 31 },
      OUT_OF_RANGE,
      "options.expireAfterMs",
    ],
    ["expireAfterMs is text", { expireAfterMs: "5" }, INVALID_ARG_TYPE, "options.expireAfterMs"],
    ["expireAfterMs is null", { expireAfterMs: null }, INVALID_ARG_TYPE, "options.expireAfterMs"],
  ])("options where %s", (_, wrong, expected, named) => {
    const error = refused("n", { ...good, ...wrong });
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(named);
  });
});

test.each([
  ["null", null, INVALID_ARG_TYPE],
  ["an unknown word", "mean", INVALID_ARG_VALUE],
  ["an inherited name", "toString", INVALID_ARG_VALUE],
  ["other letters", "SUM", INVALID_ARG_VALUE],
])("gauge refuses a combine that is %s", (_, combine, expected) => {
  const recorder = startedRuntime().createRecorder("a");
  const error = thrownBy(() => recorder.gauge("g", { help: "", combine: combine as never }));
  expect(error).toMatchObject(expected);
  expect(error.message).toContain("options.combine");
});

test.each<[string, object, object, string]>([
  ["neither kind", {}, INVALID_ARG_TYPE, '"options.buckets"'],
  ["both kinds", { buckets: [1], exponential: true }, INVALID_ARG_VALUE, '"options.exponential"'],
  [
    "both kinds, one with a size",
    { buckets: [1], exponential: { maxSize: 20 } },
    INVALID_ARG_VALUE,
    '"options.exponential"',
  ],
  [
    "explicit ones and false",
    { buckets: [1], exponential: false },
    INVALID_ARG_VALUE,
    '"options.exponential"',
  ],
  [
    "null and exponential ones",
    { buckets: null, exponential: true },
    INVALID_ARG_VALUE,
    "options.",
  ],
  ["false", { exponential: false }, INVALID_ARG_TYPE, '"options.exponential"'],
  ["null", { exponential: null }, INVALID_ARG_TYPE, '"options.exponential"'],
  ["a number", { exponential: 160 }, INVALID_ARG_TYPE, '"options.exponential"'],
  ["text", { exponential: "true" }, INVALID_ARG_TYPE, '"options.exponential"'],
  ["an array", { exponential: [160] }, INVALID_ARG_TYPE, '"options.exponential"'],
  ["a function", { exponential: () => true }, INVALID_ARG_TYPE, '"options.exponential"'],
  [
    "a misspelt size",
    { exponential: { maxsize: 3 } },
    INVALID_ARG_VALUE,
    '"options.exponential.maxsize"',
  ],
  [
    "a size and an unknown option",
    { exponential: { maxSize: 3, scale: 4 } },
    INVALID_ARG_VALUE,
    '"options.exponential.scale"',
  ],
  ...(
    [
      ["1", 1, OUT_OF_RANGE],
      ["0", 0, OUT_OF_RANGE],
      ["-2", -2, OUT_OF_RANGE],
      ["4 097", 4_097, OUT_OF_RANGE],
      ["2.5", 2.5, OUT_OF_RANGE],
      ["2 ** 32 + 160", 2 ** 32 + 160, OUT_OF_RANGE],
      ["NaN", Number.NaN, OUT_OF_RANGE],
      ["Infinity", Number.POSITIVE_INFINITY, OUT_OF_RANGE],
      ["text", "160", INVALID_ARG_TYPE],
      ["a bigint", 160n, INVALID_ARG_TYPE],
      ["null", null, INVALID_ARG_TYPE],
      ["true", true, INVALID_ARG_TYPE],
      ["a Number object", new Number(160), INVALID_ARG_TYPE],
    ] as const
  ).map(([name, maxSize, expected]): [string, object, object, string] => [
    `a size of ${name}`,
    { exponential: { maxSize } },
    expected,
    '"options.exponential.maxSize"',
  ]),
])(
  "histogram refuses, and changes nothing, for buckets that are %s",
  (_, wrong, expected, named) => {
    const recorder = startedRuntime().createRecorder("a");
    const error = thrownBy(() => recorder.histogram("h", { help: "", ...wrong } as never));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(named);
    expect(recorder.getMetricSnapshots()).toEqual({});
  },
);

test("what a getter of exponential throws is wrapped, and changes nothing", () => {
  const recorder = startedRuntime().createRecorder("a");
  const cause = new Error("by the getter");
  const exponential = {
    get maxSize(): number {
      throw cause;
    },
  };
  const error = thrownBy(() => recorder.histogram("h", { help: "", exponential }));
  expect(error).toMatchObject({ code: "ERR_METRICS_RECORDER_UNEXPECTED", cause });
  expect(recorder.getMetricSnapshots()).toEqual({});
});

test("an option of another kind is unknown", () => {
  const recorder = startedRuntime().createRecorder("a");
  const loose = recorder as unknown as Record<(typeof MAKERS)[number][0], Make>;
  for (const [maker, options] of [
    ["counter", { help: "", combine: "sum" }],
    ["upDownCounter", { help: "", buckets: [1] }],
    ["gauge", { help: "", buckets: [1] }],
    ["histogram", { help: "", buckets: [1], combine: "sum" }],
    ["histogram", { help: "", exponential: true, combine: "sum" }],
    ["histogram", { help: "", exponential: true, maxSize: 20 }],
    ["counter", { help: "", exponential: true }],
    ["gauge", { help: "", exponential: { maxSize: 20 } }],
  ] as const) {
    expect(thrownBy(() => loose[maker].call(recorder, "n", options))).toMatchObject(
      INVALID_ARG_VALUE,
    );
  }
});

test("the arguments come before the state", () => {
  const recorder = startedRuntime().createRecorder("a");
  recorder.stop().wait();
  expect(thrownBy(() => recorder.counter("", { help: "" }))).toMatchObject(INVALID_ARG_VALUE);
  expect(thrownBy(() => recorder.counter("n", {} as never))).toMatchObject(INVALID_ARG_TYPE);
  expect(thrownBy(() => recorder.counter("n", { help: "" }))).toMatchObject({
    code: "ERR_METRICS_RECORDER_INVALID_STATE",
  });
});
