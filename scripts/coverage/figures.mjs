// What of each folder runs, as a table for readers and as figures.
import { dirname } from "node:path";
import { figure } from "../verify/command.mjs";

/**
 * @typedef {object} CoveredFile
 * @property {string} file from the root of the project
 * @property {Map<number, number>} lines how often each line that holds code has run
 * @property {number[]} branches how often each was taken
 * @property {number[]} functions how often each was called
 */
const KINDS = ["lines", "functions", "branches"];

/** @param {readonly CoveredFile[]} files */
function counted(files) {
  return KINDS.map((kind) => {
    const counts = files.flatMap((file) => [...file[kind].values()]);
    return { kind, covered: counts.filter((count) => count > 0).length, all: counts.length };
  });
}

/** @param {{ covered: number, all: number }} counts */
function share({ covered, all }) {
  // Rounded down: 100 % is all of them.
  return all === 0 ? "-" : `${(Math.floor((covered / all) * 1_000) / 10).toFixed(1)} %`;
}

/** @param {string} language @param {readonly CoveredFile[]} files */
export function printFigures(language, files) {
  const folders = new Set(files.map(({ file }) => dirname(file)));
  const row = (cells) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(10))).join(""));
  console.log(`\ncoverage of ${language}`);
  row(["", ...KINDS]);
  for (const folder of [...folders].sort()) {
    row([folder, ...counted(files.filter(({ file }) => dirname(file) === folder)).map(share)]);
  }
  for (const counts of counted(files)) {
    const { kind, covered, all } = counts;
    figure(`coverage, ${language}`, kind, `${share(counts)} (${covered} of ${all})`);
  }
}
