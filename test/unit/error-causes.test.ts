import { MetricsRecorderUnexpectedError, MetricsRuntimeUnexpectedError } from "metrics-runtime";
import { describe, expect, test } from "vitest";

class CustomError extends Error {
  override readonly name = "CustomError";
}

describe("a cause may be anything that was thrown", () => {
  test.each<[cause: unknown, told: string]>([
    [new CustomError("broken"), "CustomError: broken"],
    [new TypeError(""), "TypeError: "],
    ["text", "string: text"],
    [7, "number: 7"],
    [null, "object: null"],
    [Symbol("mark"), "symbol: Symbol(mark)"],
    [{ a: 1 }, "object: [object Object]"],
  ])("%o", (cause, told) => {
    const error = new MetricsRuntimeUnexpectedError(cause);
    expect(error.message).toBe(`unexpected metrics runtime error -> ${told}`);
    expect(error.cause).toBe(cause);
  });

  test("also what has no text form", () => {
    const textless = Object.create(null) as unknown;
    const hostile = {
      toString() {
        throw new Error("no text");
      },
    };
    for (const cause of [textless, hostile]) {
      expect(new MetricsRecorderUnexpectedError(cause).message).toMatch(
        /^unexpected metrics recorder error -> object: /,
      );
    }
  });

  test("it is told in the log form, one level deep", () => {
    const inner = new MetricsRuntimeUnexpectedError(new CustomError("broken"));
    const outer = new MetricsRecorderUnexpectedError(inner);
    expect(outer.toLogPayload().cause).toEqual({
      kind: "MetricsRuntimeUnexpectedError",
      message: "unexpected metrics runtime error -> CustomError: broken",
    });
  });
});
