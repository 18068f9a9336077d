import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChildResult, runNode } from "../support/child-process.js";
import { type Block, markdownFiles, pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const RUN_LIMIT_MS = 30_000;

const BLOCKS = markdownFiles()
  .flatMap((file) => pageOf(file).blocks)
  .filter(({ language }) => language === "ts" || language === "js");
/** Inside the package, so that the blocks find it by its name, as a user's program does. */
let folder: string;
let compiled: ChildResult;

beforeAll(async () => {
  mkdirSync(join(ROOT, "out"), { recursive: true });
  folder = mkdtempSync(join(ROOT, "out", "doc-blocks-"));
  for (const block of BLOCKS) {
    // `export {}` makes a module of a block that has no import.
    const code = isCommonJs(block)
      ? block.code
      : `${block.code}export {};
`;
    writeFileSync(join(folder, sourceOf(block)), code);
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(COMPILER_SETTINGS));
  compiled = await runNode([TSC, "-p", folder], { cwd: folder, deadlineMs: RUN_LIMIT_MS });
}, RUN_LIMIT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The project's own rules, apart from those about unused names: examples may show what they make. */
const COMPILER_SETTINGS = {
  extends: join(ROOT, "tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    noEmitOnError: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    rootDir: ".",
    outDir: "js",
    allowJs: true,
    paths: {},
  },
  include: ["*.ts", "*.js", "*.cjs"],
};

test.each(["README.md", "docs/getting-started.md"])("%s shows code", (file) => {
  expect(BLOCKS.filter(({ place }) => place.startsWith(`${file}:`)).length).toBeGreaterThan(0);
});

describe("the blocks of the documentation", () => {
  test("compile", () => {
    const named = BLOCKS.reduce(
      (told, block) => told.replaceAll(sourceOf(block), `${block.place} (${sourceOf(block)})`),
      compiled.stdout,
    );
    expect(named).toBe("");
    expect(compiled.code).toBe(0);
  });

  // Any other mark names the test that runs it: see blocks-that-are-checked.test.ts.
  test.each(BLOCKS.filter(({ marks }) => marks.length === 0))(
    "$place runs as a program of its own",
    async (block) => {
      const file = join(folder, "js", sourceOf(block).replace(/\.ts$/, ".js"));
      const result = await runNode([file], { cwd: folder, deadlineMs: RUN_LIMIT_MS });
      const shown = `${readFileSync(file, "utf8")}\n${result.stdout}\n${result.stderr}`;
      expect(result.signal ?? result.code, shown).toBe(0);
    },
    RUN_LIMIT_MS,
  );
});

function sourceOf(block: Block): string {
  const extension = isCommonJs(block) ? "cjs" : block.language;
  return `${block.place.replaceAll(/[^A-Za-z0-9]+/g, "-")}.${extension}`;
}

function isCommonJs({ language, code }: Block): boolean {
  return language === "js" && /\brequire\(/.test(code) && !/^import /m.test(code);
}
