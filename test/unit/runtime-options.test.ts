import { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const make = (options: unknown) => () => new MetricsRuntime(options as never);
const withOption = (name: string, value: unknown) => make({ namespace: "n", [name]: value });

describe("new MetricsRuntime refuses", () => {
  test.each([[undefined], [null], ["namespace"], [7], [[]], [() => {}]])(
    "options that are no object: %o",
    (options) => {
      const error = thrownBy(make(options));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain('"options"');
    },
  );

  test("a key it does not know, before it looks at the others", () => {
    const error = thrownBy(make({ namespace: "", nameSpace: "n" }));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain("options.nameSpace");
    expect(error.message).toContain("namespace, defaultRecorderQueueMaxSize");
  });

  test.each([[undefined], [null], [7], [["n"]]])("a namespace that is no string: %o", (value) => {
    const error = thrownBy(make({ namespace: value }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain("options.namespace");
  });

  test.each([[""], [" "], ["\t\n\u00a0"]])("a blank namespace: %j", (value) => {
    expect(thrownBy(make({ namespace: value }))).toMatchObject(INVALID_ARG_VALUE);
  });

  test("a namespace with lone surrogates, but none with pairs", () => {
    expect(thrownBy(make({ namespace: "a\ud83d" }))).toMatchObject(INVALID_ARG_VALUE);
    expect(newRuntime({ namespace: "a\ud83d\ude00" }).entityId).toBe("a😀");
  });

  test.each([[true], [5n], ["5"], [null], [{}]])("a queue size that is no number: %o", (value) => {
    const error = thrownBy(withOption("defaultRecorderQueueMaxSize", value));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain("options.defaultRecorderQueueMaxSize");
  });

  test.each([[1.5], [0], [-1], [2 ** 24 + 1], [Number.NaN], [Number.POSITIVE_INFINITY]])(
    "a queue size out of range: %o",
    (value) => {
      const error = thrownBy(withOption("defaultRecorderQueueMaxSize", value));
      expect(error).toMatchObject(OUT_OF_RANGE);
      expect(error.message).toContain("options.defaultRecorderQueueMaxSize");
    },
  );

  test.each([
    ["drop", INVALID_ARG_VALUE],
    ["", INVALID_ARG_VALUE],
    [null, INVALID_ARG_TYPE],
    [1, INVALID_ARG_TYPE],
  ])("an overflow policy that is none: %o", (value, expected) => {
    const error = thrownBy(withOption("defaultRecorderQueueOverflowPolicy", value));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("options.defaultRecorderQueueOverflowPolicy");
  });
});

describe("new MetricsRuntime takes", () => {
  test("a namespace, trimmed", () => {
    const runtime = newRuntime({ namespace: "  storage\n" });
    expect(runtime.entityId).toBe("storage");
    expect(runtime.getStatus()).toBe("VIRGIN");
  });

  test("undefined for every option that has a default", () => {
    const runtime = startedRuntime({
      defaultRecorderQueueMaxSize: undefined,
      defaultRecorderQueueOverflowPolicy: undefined,
    });
    expect(runtime.createRecorder("a").getStats().queueMaxSize).toBe(10_000);
  });

  test.each([[1], [2 ** 24]])("the queue size %i", (size) => {
    const runtime = startedRuntime({ defaultRecorderQueueMaxSize: size });
    expect(runtime.createRecorder("a").getStats().queueMaxSize).toBe(size);
  });
});
