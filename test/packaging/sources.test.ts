import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runNode } from "../support/child-process.js";

const ROOT = join(import.meta.dirname, "..", "..");

test("every native source is listed once and includes point downwards only", async () => {
  const result = await runNode([join(ROOT, "scripts", "check-sources.mjs")]);
  expect(result).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
});

test("the files that package.json names exist", () => {
  const { main, types, exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const named = [main, types, ...stringsIn(exports)];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.values(value as object).flatMap(stringsIn);
}
