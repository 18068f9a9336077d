import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentTypes, ExpositionFormat } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { checkRender, EXPOSITION_FORMATS } from "../../dist/exposition/exposition-format.js";
import { NO_OPTIONS, UNKNOWN_KEYS } from "../support/bad-values.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

test("the numbers of the formats are those of the native enumeration", () => {
  const header = join(import.meta.dirname, "../../native/core/exposition/renderer.h");
  const [, body = ""] =
    /enum class ExpositionFormat[^{]*\{([^}]*)\}/.exec(readFileSync(header, "utf8")) ?? [];
  const native = [...body.matchAll(/^\s*k(\w+) = (\d+),/gm)].map(([, name, number]) => [
    name,
    Number(number),
  ]);
  expect(native).toEqual([
    ["PrometheusText", EXPOSITION_FORMATS.indexOf("prometheus")],
    ["OpenMetrics", EXPOSITION_FORMATS.indexOf("openmetrics")],
    ["PrometheusProtobuf", EXPOSITION_FORMATS.indexOf("protobuf")],
    ["Json", EXPOSITION_FORMATS.indexOf("json")],
  ]);
});

test("each format has a content type, and nobody can change it", () => {
  expect(contentTypes).toEqual({
    prometheus: "text/plain; version=0.0.4; charset=utf-8",
    openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
    protobuf:
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
    json: "application/json; charset=utf-8",
  });
  expect(Object.keys(contentTypes)).toEqual(Object.values(ExpositionFormat));
  expect(Object.isFrozen(contentTypes)).toBe(true);
});

describe("a format", () => {
  test.each(Object.values(ExpositionFormat))("%s is one", (format) => {
    expect(checkRender(format, undefined)).toEqual({ format, gzip: false });
  });

  test.each([
    ["undefined", undefined, INVALID_ARG_TYPE],
    ["null", null, INVALID_ARG_TYPE],
    ["its number", 0, INVALID_ARG_TYPE],
    ["a String object", new String("json"), INVALID_ARG_TYPE],
    ["a list with one", ["json"], INVALID_ARG_TYPE],
    ["its key", "PROMETHEUS", INVALID_ARG_VALUE],
    ["with a space", "json ", INVALID_ARG_VALUE],
    ["a content type", "text/plain", INVALID_ARG_VALUE],
    ["empty", "", INVALID_ARG_VALUE],
    ["an inherited name", "toString", INVALID_ARG_VALUE],
    ["__proto__", "__proto__", INVALID_ARG_VALUE],
  ])("%s is none", (_, format, expected) => {
    const error = thrownBy(() => checkRender(format, undefined));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "format" argument must be ');
  });

  test("that is none is told which there are", () => {
    expect(thrownBy(() => checkRender("xml", {})).message).toBe(
      'The "format" argument must be one of: prometheus, openmetrics, protobuf, json. Received "xml"',
    );
  });
});

describe("the options of a render", () => {
  test.each([
    ["absent", undefined, false],
    ["empty", {}, false],
    ["undefined", { gzip: undefined }, false],
    ["false", { gzip: false }, false],
    ["true", { gzip: true }, true],
  ])("%s", (_, options, gzip) => {
    expect(checkRender("json", options)).toEqual({ format: "json", gzip });
  });

  test.each(NO_OPTIONS)("%s are none", (_, options, expected) => {
    const error = thrownBy(() => checkRender("json", options));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('The "options" argument must be of type object');
  });

  test.each(UNKNOWN_KEYS)("know no others: %s", (_, options, named) => {
    const error = thrownBy(() => checkRender("json", options));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`The "options.${named}" property is unknown; known: gzip`);
  });

  test.each([
    ["null", null],
    ["a number", 1],
    ["text", "true"],
    ["an object", {}],
  ])("gzip is no boolean: %s", (_, gzip) => {
    const error = thrownBy(() => checkRender("json", { gzip }));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "options.gzip" property must be of type boolean');
  });
});

test("a key that nobody knows is told before a wrong format, and that before a wrong value", () => {
  const unknown = thrownBy(() => checkRender("xml", { gzip: 1, nonsense: 1 }));
  expect(unknown.message).toContain('"options.nonsense"');
  expect(thrownBy(() => checkRender("xml", { gzip: 1 })).message).toContain('"format"');
});
