/**
 * The failed tests of a vitest JSON report, and the first lines of their errors.
 *
 *     node scripts/failed-tests.mjs report.json
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const LINES_OF_AN_ERROR = 12;

const { testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const file of testResults) {
  const name = relative(process.cwd(), file.name);
  // A file that could not be loaded has a message and no tests.
  const failed = file.assertionResults.filter(({ status }) => status === "failed");
  if (failed.length === 0 && file.status === "failed") {
    print(name, [file.message]);
  }
  for (const { fullName, failureMessages } of failed) {
    print(`${name}: ${fullName}`, failureMessages);
  }
}

/** @param {string} title @param {string[]} messages */
function print(title, messages) {
  const lines = messages.join("\n").split("\n").slice(0, LINES_OF_AN_ERROR);
  process.stdout.write(`test: ${title}\n${lines.map((line) => `    ${line}\n`).join("")}`);
}
