import { MetricsRecorderWaitHandle } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import type { BadValue } from "../support/bad-values.js";
import { expectStillWorks, refused, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE, OUT_OF_RANGE, thrownBy } from "../support/thrown.js";

const NO_LIMITS: BadValue[] = [
  ["null", null, INVALID_ARG_TYPE],
  ["text", "5", INVALID_ARG_TYPE],
  ["empty text", "", INVALID_ARG_TYPE],
  ["a bigint", 5n, INVALID_ARG_TYPE],
  ["true", true, INVALID_ARG_TYPE],
  ["false", false, INVALID_ARG_TYPE],
  ["a symbol", Symbol("5"), INVALID_ARG_TYPE],
  ["an object", {}, INVALID_ARG_TYPE],
  ["options", { timeoutMs: 5 }, INVALID_ARG_TYPE],
  ["an array", [5], INVALID_ARG_TYPE],
  ["a Number object", new Number(5), INVALID_ARG_TYPE],
  ["an object with valueOf", { valueOf: () => 5 }, INVALID_ARG_TYPE],
  ["a date", new Date(5), INVALID_ARG_TYPE],
  ["an abort signal", AbortSignal.abort(), INVALID_ARG_TYPE],
  ["a function", () => 5, INVALID_ARG_TYPE],
  ["-1", -1, OUT_OF_RANGE],
  ["1.5", 1.5, OUT_OF_RANGE],
  ["less than a millisecond", Number.MIN_VALUE, OUT_OF_RANGE],
  ["2 ** 31", 2 ** 31, OUT_OF_RANGE],
  ["2 ** 32, which 32 bits make 0", 2 ** 32, OUT_OF_RANGE],
  ["2 ** 53", 2 ** 53, OUT_OF_RANGE],
  ["NaN", Number.NaN, OUT_OF_RANGE],
  ["Infinity", Number.POSITIVE_INFINITY, OUT_OF_RANGE],
  ["-Infinity", Number.NEGATIVE_INFINITY, OUT_OF_RANGE],
];

describe("wait refuses, and changes nothing,", () => {
  test.each(NO_LIMITS)("%s as a limit", async (_, limit, expected) => {
    const before = scene();
    const handle = before.stopped.stop();
    for (let times = 0; times < 2; times++) {
      const error = refused(before, () => handle.wait(limit as never));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain('"timeoutMs"');
    }
    const result = handle.wait(0);
    expect(result).toMatchObject({ opName: "STOP", success: false });
    expect(thrownBy(() => handle.wait(limit as never))).toMatchObject(expected);
    expect(await handle).toBe(result);
    expectStillWorks(before);
  });

  test("while the operation goes on, which it does", () => {
    const { recorder } = scene();
    const handle = recorder.stop();
    for (const [, limit, expected] of NO_LIMITS) {
      expect(thrownBy(() => handle.wait(limit as never))).toMatchObject(expected);
    }
    expect(handle.wait()).toMatchObject({ opName: "STOP", success: true });
    expect(recorder.getStatus()).toBe("STOPPED");
  });

  test("and tells the range", () => {
    const { stopped } = scene();
    expect(thrownBy(() => stopped.stop().wait(-1)).message).toBe(
      'The value of "timeoutMs" is out of range. ' +
        "It must be an integer >= 0 and <= 2147483647. Received -1",
    );
  });
});

test("wait takes every limit in range, and further arguments for nothing", () => {
  const { stopped } = scene();
  const handle = stopped.stop();
  const result = handle.wait();
  for (const limit of [0, -0, 1, 2 ** 31 - 1, undefined]) {
    expect(untyped(handle.wait, handle)(limit, null, "more")).toBe(result);
  }
});

describe("then", () => {
  test.each([undefined, null, 7, "text", {}])(
    "passes the result on when given %o",
    async (value) => {
      const { stopped } = scene();
      const handle = stopped.stop();
      expect(await untyped(handle.then, handle)(value, value)).toBe(handle.wait());
    },
  );

  test("rejects with what its callback throws; the handle stays as it is", async () => {
    const { stopped } = scene();
    const handle = stopped.stop();
    const boom = new Error("boom");
    await expect(
      handle.then(() => {
        throw boom;
      }),
    ).rejects.toBe(boom);
    expect(await handle).toBe(handle.wait());
  });
});

test.each<[string, unknown[]]>([
  ["nothing", []],
  ["a name alone", ["STOP"]],
  ["something that is no operation", ["STOP", {}, "a"]],
])("a handle cannot be made of %s", (_, args) => {
  const construct = MetricsRecorderWaitHandle as unknown as new (...args: unknown[]) => unknown;
  const error = thrownBy(() => new construct(...args));
  expect(error.name).toBe("TypeError");
  expect(error.message).toMatch(/MetricsRecorder|start|stop/);
});
