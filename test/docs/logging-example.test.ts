import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const BLOCKS = pageOf("docs/logging.md").blocks;

test("docs/logging.md shows the example on pino, and what it prints", async () => {
  const example = readFileSync(join(ROOT, "examples", "logging-pino.ts"), "utf8");
  expect(BLOCKS[0]?.code).toBe(example);
  const { code, stdout, stderr } = await runNode(
    [join(ROOT, "out", "programs", "examples", "logging-pino.js")],
    {},
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(BLOCKS.filter(({ language }) => language === "json").map(({ code }) => code)).toEqual([
    stdout,
  ]);
});
