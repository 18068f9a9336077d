import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contractRowsIn, problemsOf } from "../support/contract-rows.js";

const ROOT = join(import.meta.dirname, "..", "..");

function read(file: string): string | undefined {
  const path = join(ROOT, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

describe("docs/contract.md", () => {
  const file = "docs/contract.md";
  const rows = contractRowsIn(read(file) ?? "", file);

  test("has a hundred statements and more", () => {
    expect(rows.length).toBeGreaterThanOrEqual(100);
  });

  test("states each once, with tests that are there", () => {
    expect(problemsOf(rows, read)).toEqual([]);
  });
});

describe("a table of statements and tests", () => {
  const SOURCES: Readonly<Record<string, string>> = {
    "a.test.ts": `
      test("runs", () => {});
      test.each([
        [1, ")"],
      ])("takes %i", () => {});
      describe("while it runs", () => {
        test(
          "stops",
          () => {},
        );
      });
      describe("while it starts", () => {
        test("stops", () => {});
      });
      test.skip("flies", () => {});
      expect(x).toBe("sinks", "sinks");
    `,
    "a_test.cc": `
      TEST_CASE("a: runs") {
      TEST_CASE(
          "a: has a title that is long") {
    `,
  };
  const problems = (...lines: readonly string[]) => {
    const markdown = ["# Title", "", "| what holds | shown by |", "| --- | --- |", ...lines];
    return problemsOf(contractRowsIn(markdown.join("\n"), "x.md"), (file) => SOURCES[file]);
  };

  test("is accepted when each statement has tests that are there", () => {
    expect(
      problems(
        "| It runs. | `a.test.ts` › `runs`<br>`a_test.cc` › `a: runs` |",
        "| It takes \\| and numbers. | `a.test.ts` › ``takes %i`` |",
        "| It stops. | `a.test.ts` › `while it runs` › `stops` |",
        "| It has a title. | `a_test.cc` › `a: has a title that is long` |",
      ),
    ).toEqual([]);
  });

  test.each<[what: string, cell: string, problem: string]>([
    ["a file that does not exist", "`b.test.ts` › `runs`", "there is no b.test.ts"],
    ["a title that is not there", "`a.test.ts` › `walks`", 'a.test.ts has no "walks"'],
    ["a part of a title", "`a_test.cc` › `a: has`", 'a_test.cc has no "a: has"'],
    ["a title in another file", "`a_test.cc` › `runs`", 'a_test.cc has no "runs"'],
    ["a text that is no title", "`a.test.ts` › `sinks`", 'a.test.ts has no "sinks"'],
    ["a test that is skipped", "`a.test.ts` › `flies`", 'a.test.ts has no "flies"'],
    ["a title of several tests", "`a.test.ts` › `stops`", 'a.test.ts has "stops" more than once'],
    [
      "a title outside the group that is named",
      "`a.test.ts` › `while it runs` › `runs`",
      'a.test.ts has no "runs"',
    ],
    ["one of two that is wrong", "`a.test.ts` › `runs`<br>`c.ts` › `runs`", "there is no c.ts"],
    ["a file alone", "`a.test.ts`", "no title behind a.test.ts"],
    ["nothing", "", "names no test"],
  ])("is refused with the row, when that names %s", (_, cell, problem) => {
    const good = "| It is. | `a.test.ts` › `runs` |";
    expect(problems(good, `| It runs. | ${cell} |`)).toEqual([`x.md:6 "It runs.": ${problem}`]);
  });

  test("is refused when two rows state the same", () => {
    const cell = "`a.test.ts` › `runs`";
    expect(problems(`| \`It\` runs. | ${cell} |`, `| it runs | ${cell} |`)).toEqual([
      'x.md:6 "it runs": is what x.md:5 states',
    ]);
  });

  test.each([
    ["another header", "x.md:3", "# Title\n\n| what | where |\n| --- | --- |\n| a | `b` |"],
    ["no line below its header", "x.md:2", "| what holds | shown by |\n| a | `b` |"],
    ["a third cell", "x.md:5", "\n\n| what holds | shown by |\n| --- | --- |\n| a | `b` | c |"],
    ["a test in plain words", "x.md:3", "| what holds | shown by |\n| --- | --- |\n| a | b |"],
  ])("is not passed over when it has %s", (_, place, markdown) => {
    expect(() => contractRowsIn(markdown, "x.md")).toThrow(place);
  });
});
