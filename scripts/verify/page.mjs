// The figures of a full run, on a page between two markers.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { CHECKS } from "./checks.mjs";

const BEGIN = "<!-- figures: made by npm run verify:full -->";
const END = "<!-- figures: end -->";

/**
 * @param {string} file
 * @param {string} commit
 * @param {readonly { name: string, minutes: number, figures: readonly [string, string][] }[]} results
 */
export function writePage(file, commit, results) {
  const page = readFileSync(file, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the figures`);
  const text = [heading(commit), ...results.map(section)].join("\n\n");
  writeFileSync(file, `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`);
}

function heading(/** @type {string} */ commit) {
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${memory} GiB, ${process.platform}-${process.arch}`;
  return `Commit ${commit}, ${day}; ${machine}; Node.js ${process.versions.node}. No check failed.`;
}

function section({ name, minutes, figures }) {
  const about = CHECKS.find((check) => check.name === name)?.about;
  const rows = figures.map(([what, value]) => `| ${cell(what)} | ${cell(value)} |`);
  const title = `**${name}**: ${about}; ${minutes.toFixed(0)} min.`;
  return [title, ["| | |", "| --- | --- |", ...rows].join("\n")].join("\n\n");
}

function cell(/** @type {string} */ text) {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
