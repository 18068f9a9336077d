// What is not covered, beside test/coverage/uncovered.json, which has a reason for each such line.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../verify/command.mjs";

const LIST = join(root, "test", "coverage", "uncovered.json");

/**
 * @typedef {object} Place lines of a file, one after the other, which do not run
 * @property {string} file
 * @property {string[]} [after] the lines before them, where theirs alone are there more than once
 * @property {string[]} code the lines, without the spaces around them
 * @property {boolean} [sometimes] they run, and not each time
 */

/** @returns {{ reason: string, places: Place[] }[]} */
const readList = () => JSON.parse(readFileSync(LIST, "utf8"));

/** The text of each line of a file, of line 1 at 1; none of one that is not there. @param {string} file */
function textOf(file) {
  const path = join(root, file);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return ["", ...lines.map((line) => line.trim())];
}

/** Where the lines are, each time they are. @param {string[]} text @param {string[]} wanted */
function placesOf(text, wanted) {
  return [...text.keys()].filter((at) => wanted.every((line, i) => text[at + i] === line));
}

/**
 * What the list and the counts say of each other.
 * @param {readonly import("./figures.mjs").CoveredFile[]} files
 * @param {string} folder what was measured, the beginning of a path
 * @returns {{ missed: number, problems: string[] }} how many lines are not covered
 */
export function compareWithList(files, folder) {
  const problems = [];
  const listed = new Set();
  const counts = new Map(files.map(({ file, lines }) => [file, lines]));
  const places = readList().flatMap((group) => group.places);
  const measured = places.filter(({ file }) => file.startsWith(folder));
  for (const { file, after = [], code, sometimes = false } of measured) {
    const found = placesOf(textOf(file), [...after, ...code]);
    if (found.length !== 1) {
      problems.push(`${file}: listed, and is there ${found.length} times: ${code[0]}`);
      continue;
    }
    const first = found[0] + after.length;
    for (const [i, text] of code.entries()) {
      const line = first + i;
      listed.add(`${file}:${line}`);
      const count = counts.get(file)?.get(line);
      if (count > 0 && !sometimes) problems.push(`${file}:${line}: listed but covered: ${text}`);
    }
    if (!code.some((_, i) => counts.get(file)?.has(first + i))) {
      problems.push(`${file}:${first}: listed, and no code: ${code[0]}`);
    }
  }
  let missed = 0;
  for (const { file, lines } of files) {
    for (const [line, count] of [...lines].sort(([a], [b]) => a - b)) {
      if (count > 0) continue;
      ++missed;
      if (listed.has(`${file}:${line}`)) continue;
      problems.push(`${file}:${line}: not covered and not listed: ${textOf(file)[line]}`);
    }
  }
  return { missed, problems };
}
