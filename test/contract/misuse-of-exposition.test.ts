import { metricsHandler, negotiate } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { NO_OPTIONS, NO_STRINGS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { untyped } from "../support/misuse.js";
import { Rendered } from "../support/rendered.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const negotiated = untyped(negotiate);
const handler = untyped(metricsHandler);
const source = new Rendered();

/** Both take options, and both know `gzip`. */
const CALLS: [name: string, call: (options: unknown) => unknown, known: string][] = [
  ["negotiate", (options) => negotiated(undefined, undefined, options), "gzip"],
  ["metricsHandler", (options) => handler(source, options), "gzip, onError"],
];

const NO_BOOLEANS: [name: string, value: unknown][] = [
  ["null", null],
  ["0", 0],
  ["1", 1],
  ["empty text", ""],
  ["text", "true"],
  ["an object", {}],
  ["a Boolean object", new Boolean(true)],
  ["a function", () => true],
];

describe.each(CALLS)("%s refuses", (_name, call, known) => {
  test.each(NO_OPTIONS)("%s for options", (_, options, expected) => {
    const error = thrownBy(() => call(options));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "options" argument must be of type object');
  });

  test.each(UNKNOWN_KEYS)("unknown keys: %s", (_, options, named) => {
    const error = thrownBy(() => call(options));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`The "options.${named}" property is unknown; known: ${known}.`);
  });

  test.each(NO_BOOLEANS)("a gzip that is %s", (_, gzip) => {
    const error = thrownBy(() => call({ gzip }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.gzip" property must be of type boolean');
  });

  test("an unknown key before a known one with a wrong value", () => {
    const error = thrownBy(() => call({ gzip: 1, nonsense: 1 }));
    expect(error.message).toContain('"options.nonsense"');
  });
});

describe.each([
  ["accept", (value: unknown) => negotiated(value)],
  ["acceptEncoding", (value: unknown) => negotiated(undefined, value)],
])("negotiate refuses, for %s,", (name, call) => {
  test.each(NO_STRINGS.filter(([what]) => what !== "undefined"))("%s", (_, value, expected) => {
    const error = thrownBy(() => call(value));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(`The "${name}" argument must be of type string or undefined`);
  });

  test("nothing that is text", () => {
    for (const text of ["", "\u0000", "\ud800", "x".repeat(1 << 20)]) call(text);
  });
});

test("negotiate takes unknown keys first, then its arguments in their order", () => {
  const wrong = { gzip: 3 };
  const unknown = { ...wrong, nonsense: 4 };
  expect(thrownBy(() => negotiated(1, 2, unknown)).message).toContain('"options.nonsense"');
  expect(thrownBy(() => negotiated(1, 2, wrong)).message).toContain('"accept"');
  expect(thrownBy(() => negotiated("*/*", 2, wrong)).message).toContain('"acceptEncoding"');
  expect(thrownBy(() => negotiated("*/*", "gzip", wrong)).message).toContain('"options.gzip"');
});

describe("metricsHandler refuses", () => {
  const NO_SOURCES: [name: string, value: unknown, message: string][] = [
    ["nothing", undefined, 'The "source" argument must be an object with render'],
    ["null", null, 'The "source" argument must be an object with render'],
    ["text", "metrics", 'The "source" argument must be an object with render'],
    ["a number", 7, 'The "source" argument must be an object with render'],
    ["an object without render", {}, 'The "source.render" property must be of type function'],
    ["one whose render is none", { render: true }, 'The "source.render" property must be of type'],
    ["a class of sources", Rendered, 'The "source.render" property must be of type function'],
    ["a function", () => {}, 'The "source.render" property must be of type function'],
    ["a promise of one", Promise.resolve(source), 'The "source.render" property must be of type'],
  ];
  test.each(NO_SOURCES)("a source that is %s", (_, value, message) => {
    const error = thrownBy(() => handler(value));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain(message);
  });

  test.each([
    ["null", null],
    ["text", "console.error"],
    ["an object", {}],
    ["true", true],
  ])("an onError that is %s", (_, onError) => {
    const error = thrownBy(() => handler(source, { onError }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.onError" property must be of type function');
  });

  test("an unknown key before a source, and a source before a wrong option", () => {
    const unknown = thrownBy(() => handler(undefined, { gzip: 7, nonsense: 1 }));
    expect(unknown.message).toContain('"options.nonsense"');
    expect(thrownBy(() => handler(undefined, { gzip: 7 })).message).toContain('"source"');
    expect(thrownBy(() => handler(undefined, { onError: 7 })).message).toContain('"source"');
  });

  test("no function with a render, and no options that are undefined", () => {
    const callable = Object.assign(() => {}, { render: async () => new Uint8Array() });
    expect(handler(callable)).toBeTypeOf("function");
    expect(handler(source, { gzip: undefined, onError: undefined })).toBeTypeOf("function");
  });
});
