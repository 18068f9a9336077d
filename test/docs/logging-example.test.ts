import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { blocksOf } from "../support/doc-blocks.js";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGE = join("docs", "logging.md");

test("docs/logging.md shows the example on pino, and what it prints", async () => {
  const example = readFileSync(join(ROOT, "examples", "logging-pino.ts"), "utf8");
  expect(blocksOf(PAGE)[0]?.code).toBe(example);
  const { code, stdout, stderr } = await runNode(
    [join(ROOT, "out", "programs", "examples", "logging-pino.js")],
    {},
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const printed = /```json lines\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, PAGE), "utf8"))?.[1];
  expect(stdout).toBe(printed);
});
