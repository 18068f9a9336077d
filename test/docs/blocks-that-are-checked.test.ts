import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Block, markdownFiles, pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");

interface Language {
  /** The test that compiles, runs or compares the blocks of this language. */
  readonly by?: string;
  /** The only pages on which it does. */
  readonly pages?: readonly string[];
  /** What may stand behind the language, at most one of them. */
  readonly marks?: readonly string[];
}

const RUN_BY = [
  "run-by=test/engines/docs-prometheus.test.ts",
  "run-by=test/packaging/bundles.test.ts",
];

/** All that may stand behind a fence. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  ts: { by: "test/docs/code-blocks.test.ts" },
  js: { by: "test/docs/code-blocks.test.ts", marks: RUN_BY },
  sh: { by: "test/docs/commands.test.ts" },
  json: { by: "test/docs/logging-example.test.ts", pages: ["docs/logging.md"], marks: ["lines"] },
  yaml: { by: "test/engines/rules.test.ts", pages: ["docs/prometheus.md"] },
  promql: {
    by: "test/engines/docs-prometheus.test.ts",
    pages: ["docs/prometheus.md"],
    marks: ["classic", "native"],
  },
  // A picture: nothing in it can be run.
  text: {},
};

const BLOCKS = markdownFiles().flatMap((file) =>
  pageOf(file).blocks.map((block) => ({ ...block, file })),
);

function faultsOf({ file, language, marks }: Block & { readonly file: string }): string[] {
  const known = LANGUAGES[language];
  if (known === undefined) return [`nothing checks "${language}"`];
  const { pages, marks: allowed = [] } = known;
  if (pages?.includes(file) === false) return [`${language} is only checked on ${pages}`];
  if (marks.length > 1 || marks.some((mark) => !allowed.includes(mark))) {
    return [`nobody knows the mark "${marks.join(" ")}"`];
  }
  return [];
}

test("every block of code is in a language that a test checks, or a picture", () => {
  const told = BLOCKS.flatMap((block) =>
    faultsOf(block).map((fault) => `${block.place}: ${fault}`),
  );
  expect(told).toEqual([]);
});

test("each test that is to check a language is there, and reads the pages that it is to read", () => {
  const faults = Object.values(LANGUAGES).flatMap(({ by, pages = [] }) => {
    if (by === undefined) return [];
    if (!existsSync(join(ROOT, by))) return [`there is no ${by}`];
    const source = readFileSync(join(ROOT, by), "utf8");
    return pages.filter((page) => !source.includes(page)).map((page) => `${by} reads no ${page}`);
  });
  expect(faults).toEqual([]);
});

test("a block that another test runs is on a page that this test reads", () => {
  const elsewhere = BLOCKS.filter(({ marks }) => marks[0]?.startsWith("run-by="));
  expect(elsewhere.length).toBeGreaterThan(0);
  const unread = elsewhere.filter(({ file, marks: [mark = ""] }) => {
    return !readFileSync(join(ROOT, mark.replace("run-by=", "")), "utf8").includes(file);
  });
  expect(unread.map(({ place }) => place)).toEqual([]);
});
