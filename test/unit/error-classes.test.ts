import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { CAUSE, ERRORS } from "../support/error-table.js";

type AnyError = library.MetricsRuntimeError;

describe.each(ERRORS)("$name: $message", ({ make, name, code, message, details, hasCause }) => {
  const error = make(library) as AnyError;

  test("has the class's name, a stable code and the documented message", () => {
    expect(error.name).toBe(name);
    expect(error.code).toBe(code);
    expect(error.message).toBe(message);
    expect(String(error)).toBe(`${name}: ${message}`);
  });

  test("has the documented details, frozen all the way down", () => {
    expect(error.details).toEqual(details ?? {});
    expect(openObjectsIn(error.details)).toEqual([]);
  });

  test("has a cause exactly when there is one", () => {
    expect(error.cause).toBe(hasCause ? CAUSE : undefined);
    expect("cause" in error).toBe(hasCause === true);
  });

  test("gives plain data for a log", () => {
    const cause = { kind: "RangeError", message: "no memory" };
    const payload = { reason: code, kind: name, message, details: details ?? {} };
    expect(error.toLogPayload()).toEqual(hasCause ? { ...payload, cause } : payload);
    expect(Object.keys(error.toLogPayload()).includes("cause")).toBe(hasCause === true);
  });

  test("keeps its name out of what is enumerable, as every Error does", () => {
    expect(Object.keys(error)).not.toContain("name");
    expect(Object.keys(error)).not.toContain("message");
  });
});

test("the table has every error class that the package exports", () => {
  const exported = Object.keys(library).filter((name) => name.endsWith("Error"));
  expect([...new Set(ERRORS.map(({ name }) => name))].sort()).toEqual(exported.sort());
});

function openObjectsIn(value: unknown, path = "details"): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, one]) => openObjectsIn(one, `${path}.${key}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}
