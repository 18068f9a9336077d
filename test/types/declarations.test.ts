import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runNode } from "../support/child-process.js";

const ROOT = join(import.meta.dirname, "..", "..");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

test("what is published has no error for a user who checks the declarations of libraries too", async () => {
  mkdirSync(join(ROOT, "out"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "out", "declarations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const settings = {
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      module: "nodenext",
      target: "es2022",
      lib: ["ES2022", "ESNext.Disposable"],
      types: ["node"],
      noEmit: true,
    },
    files: ["index.d.ts", "index.d.mts"].map((file) => join(ROOT, "dist", file)),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const result = await runNode([TSC, "-p", folder], { deadlineMs: 20_000 });
  expect(result).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
});
