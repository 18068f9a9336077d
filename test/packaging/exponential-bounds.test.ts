import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runNode } from "../support/child-process.js";

const ROOT = join(import.meta.dirname, "..", "..");
const COMMITTED = readFileSync(
  join(ROOT, "native", "core", "aggregation", "exponential_bounds.inc"),
  "utf8",
);

test("generating the exponential bounds again gives the committed bytes", async () => {
  const result = await runNode([join(ROOT, "scripts", "make-exponential-bounds.mjs")]);
  expect(result).toEqual({ code: 0, signal: null, stdout: COMMITTED, stderr: "" });
});

test("each exponential bound is the last mantissa that is not above 2^(j/256)", () => {
  const bounds = (COMMITTED.match(/0x[0-9a-f]+/g) ?? []).map(BigInt);
  const wrong = bounds.filter((bound, j) => {
    // Both sides to the power of 256, so that they are integers.
    const power = 1n << BigInt(52 * 256 + j);
    const mantissa = (1n << 52n) + bound;
    return !(mantissa ** 256n <= power && power < (mantissa + 1n) ** 256n);
  });
  expect(bounds).toHaveLength(256);
  expect(wrong).toEqual([]);
});
