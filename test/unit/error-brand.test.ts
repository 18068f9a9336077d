import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { ERRORS } from "../support/error-table.js";
import { copyPackage, loadCopy } from "../support/package-copy.js";

const ERROR_NAMES = [...new Set(ERRORS.map(({ name }) => name))];

describe("instanceof, within one copy and between two loaded copies of the package", () => {
  test("holds for exactly the class and its bases", () => {
    const copy = loadCopy(copyPackage());
    expect(copy.MetricsRuntimeError).not.toBe(library.MetricsRuntimeError);
    for (const { make, name, bases } of ERRORS) {
      const expected = [name, ...bases].sort();
      for (const [maker, asker] of [
        [library, library],
        [library, copy],
        [copy, library],
      ] as const) {
        const error = make(maker);
        expect(classesOf(error, asker), name).toEqual(expected);
        expect(error instanceof Error).toBe(true);
      }
    }
  });

  test("does not hold for what only looks like an error of the package", () => {
    const lookAlike = Object.assign(new Error("queue overflow"), {
      name: "MetricsRecorderQueueOverflowError",
      code: "ERR_METRICS_RECORDER_QUEUE_OVERFLOW",
      details: { queueMaxSize: 1 },
    });
    for (const value of [lookAlike, {}, null, undefined, "x", 1, library.MetricsRuntimeError]) {
      expect(classesOf(value, library)).toEqual([]);
    }
  });

  test("stays prototype-based for classes that users derive", () => {
    class MyError extends library.MetricsRuntimeError {}
    const mine = new MyError("x");
    expect(mine.name).toBe("MyError");
    expect(mine instanceof MyError).toBe(true);
    expect(mine instanceof library.MetricsRuntimeError).toBe(true);
    expect(new library.MetricsRuntimeError("x") instanceof MyError).toBe(false);
  });
});

function classesOf(value: unknown, from: typeof library): string[] {
  return ERROR_NAMES.filter((name) => {
    const errorClass = from[name] as unknown as new () => unknown;
    return value instanceof errorClass;
  }).sort();
}
