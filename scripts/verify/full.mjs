// `npm run verify:full`: every check that is too long for CI, one after the other, and what came of them as figures
// on docs/reliability.md. `-- --only models,fuzz`: those alone, and the figures on the page stay; `-- --resume`: without
// those that this commit has passed already, or one that differs from it in documents alone. The output of each is in
// out/verify/.
import { execFileSync, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHECKS } from "./checks.mjs";
import { root, run } from "./command.mjs";
import { readFigures } from "./figures.mjs";
import { writePage } from "./page.mjs";

/** @typedef {{ name: string, minutes: number, figures: [string, string][], failures: string[] }} Result */

const { values } = parseArgs({
  options: { only: { type: "string" }, resume: { type: "boolean", default: false } },
});
const only = values.only?.split(",");
for (const name of only ?? []) {
  if (!CHECKS.some((check) => check.name === name)) {
    throw new Error(
      `no check "${name}"; there are ${CHECKS.map((check) => check.name).join(", ")}`,
    );
  }
}

const folder = join(root, "out", "verify");
const file = join(folder, "results.json");
mkdirSync(folder, { recursive: true });
const commit = commitOf();
/** @type {Map<string, Result>} of this commit, by the names of the checks */
const results = new Map(values.resume || only !== undefined ? earlierResults() : []);
const passed = (/** @type {string} */ name) => results.get(name)?.failures.length === 0;
const chosen = CHECKS.filter(
  ({ name }) => only?.includes(name) ?? !(values.resume && passed(name)),
);

const { ok, how } = await run(["npm", "run", "--silent", "build"], { quiet: true });
if (!ok) throw new Error(`npm run build: ${how}`);
for (const check of chosen) {
  results.set(check.name, await perform(check));
  writeFileSync(file, `${JSON.stringify({ commit, results: [...results] }, undefined, 2)}\n`);
}

const failures = chosen.flatMap(({ name }) => results.get(name)?.failures ?? []);
if (commitOf() !== commit) failures.push("FAILED verify: the tree has changed meanwhile");
for (const failure of failures) console.log(failure);
console.log(`${chosen.length} checks run, ${failures.length} failures`);
if (failures.length > 0) process.exitCode = 1;
else if (CHECKS.every(({ name }) => passed(name)) && only === undefined) {
  const inOrder = CHECKS.flatMap(({ name }) => results.get(name) ?? []);
  writePage(join(root, "docs", "reliability.md"), commit, inOrder);
}

/** @param {import("./checks.mjs").Check} check @returns {Promise<Result>} */
async function perform({ name, command, env, limitMinutes }) {
  console.log(`=== ${name}: ${command.join(" ")}`);
  const log = createWriteStream(join(folder, `${name}.log`));
  const begun = performance.now();
  const { figures, failures, line } = readFigures(name);
  const { ok, how } = await run(command, {
    // Nothing is skipped that is not there.
    env: { CI: "true", ...env },
    limitMs: limitMinutes * 60_000,
    quiet: true,
    onLine(text) {
      log.write(`${text}\n`);
      line(text);
    },
  });
  log.end();
  if (failures.length === 0) {
    const see = `see out/verify/${name}.log`;
    if (!ok) failures.push(`FAILED ${name}: ${how}; ${see}`);
    else if (figures.length === 0)
      failures.push(`FAILED ${name}: it has looked at nothing; ${see}`);
  }
  const minutes = (performance.now() - begun) / 60_000;
  for (const [what, value] of figures) console.log(`    ${what}: ${value}`);
  const ended = failures.length === 0 ? "passed" : "failed";
  console.log(`--- ${name}: ${ended}, ${minutes.toFixed(1)} min`);
  return { name, minutes, figures, failures };
}

/** @returns {[string, Result][]} */
function earlierResults() {
  if (!existsSync(file)) return [];
  const earlier = JSON.parse(readFileSync(file, "utf8"));
  return earlier.commit === commit || isSameCode(earlier.commit) ? earlier.results : [];
}

/** Whether only documents have changed since that commit. */
function isSameCode(/** @type {string} */ earlier) {
  const changes = ["diff", "--quiet", earlier, commit, "--", ".", ":!docs", ":!*.md"];
  return spawnSync("git", changes, { cwd: root }).status === 0;
}

function commitOf() {
  // The page is what this writes.
  const changed = git("status", "--porcelain", "--", ".", ":!docs/reliability.md") !== "";
  return git("rev-parse", "--short", "HEAD") + (changed ? " and changes to it" : "");
}

function git(/** @type {string[]} */ ...args) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
}
