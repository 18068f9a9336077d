/** Runs one target, and tells what came of it. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./targets.mjs";

/** Of one input. */
const SECONDS_OF_AN_INPUT = 10;
const MOST_MEGABYTES = 2_048;
/** Longer inputs find nothing that shorter ones do not, and each takes its time. */
const LONGEST_INPUT = 2_048;
/** After its time, for the last input and the statistics. */
const MOST_SECONDS_TO_END = 60;

const ENVIRONMENT = {
  // What is allocated where is only asked for in a failure.
  ASAN_OPTIONS: "malloc_context_size=8:quarantine_size_mb=64",
  UBSAN_OPTIONS: "print_stacktrace=1",
  ASAN_SYMBOLIZER_PATH: "/usr/bin/llvm-symbolizer-16",
  UBSAN_SYMBOLIZER_PATH: "/usr/bin/llvm-symbolizer-16",
};

/** @typedef {import("./targets.mjs").Target} Target */

/**
 * @typedef {object} Outcome
 * @property {number} executions
 * @property {number} corpus as many inputs are known
 * @property {number} seconds
 * @property {string | undefined} failure one line
 * @property {string | undefined} input the file that it fails with
 * @property {string} log the file with all that it said
 */

/**
 * Runs the target for so many seconds, from the corpus of the repository and what earlier runs have found.
 *
 * @param {Target} target @param {number} seconds @returns {Promise<Outcome>}
 */
export async function fuzz(target, seconds) {
  for (const folder of [target.grown, target.failures]) mkdirSync(folder, { recursive: true });
  const dictionary = target.dictionary === undefined ? [] : [`-dict=${target.dictionary}`];
  const began = performance.now();
  const { log, text, ended } = await run(target, MOST_SECONDS_TO_END + seconds, [
    ...[target.grown, target.corpus, ...dictionary],
    ...[`-max_total_time=${seconds}`, "-print_final_stats=1", `-max_len=${LONGEST_INPUT}`],
    // Which input is rare takes libFuzzer as long to reckon as a run takes: a third more of them without.
    ...["-entropic=0", "-reload=0", "-len_control=20", `-artifact_prefix=${target.failures}/`],
  ]);
  return {
    executions: Number(text.match(/stat::number_of_executed_units: (\d+)/)?.[1] ?? 0),
    corpus: readdirSync(target.grown).length,
    seconds: Math.round((performance.now() - began) / 1_000),
    failure: ended === "" ? undefined : failureOf(text, ended),
    input: text.match(/Test unit written to (\S+)/)?.[1],
    log,
  };
}

/** Runs the target on one input. @param {Target} target @param {string} input */
export async function fuzzOnce(target, input) {
  const { text, ended } = await run(target, MOST_SECONDS_TO_END, [input]);
  process.stdout.write(text);
  return ended === "" ? undefined : failureOf(text, ended);
}

/**
 * Puts into `into`, an empty folder, the fewest inputs that reach all that those of `from` reach.
 *
 * @param {Target} target @param {string} into @param {readonly string[]} from
 */
export async function merge(target, into, from) {
  const mostSeconds = 600;
  const { text, ended } = await run(target, mostSeconds, [
    ...["-set_cover_merge=1", "-use_counters=0", into, ...from],
  ]);
  if (ended !== "")
    throw new Error(`fuzz ${target.name} does not merge: ${failureOf(text, ended)}`);
}

/** What it said, and how it ended: "" is well. */
async function run(target, mostSeconds, args) {
  const log = join(dirname(target.grown), "log.txt");
  mkdirSync(dirname(log), { recursive: true });
  // No pipe: Node.js makes those of its own output non-blocking, and libFuzzer loses what does not fit.
  const file = openSync(log, "w");
  const child = spawn(
    target.program,
    [...args, `-timeout=${SECONDS_OF_AN_INPUT}`, `-rss_limit_mb=${MOST_MEGABYTES}`],
    {
      cwd: root,
      env: { ...process.env, ...ENVIRONMENT, ...target.environment },
      stdio: ["ignore", file, file],
      timeout: mostSeconds * 1_000,
      killSignal: "SIGKILL",
    },
  );
  closeSync(file);
  const ended = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? "" : `ended by ${signal ?? code}`));
  });
  return { log, text: readFileSync(log, "utf8"), ended };
}

/** The line that names what broke: of an oracle, of a sanitizer, of JavaScript, of libFuzzer. */
function failureOf(text, ended) {
  const line =
    text.match(/^oracle: .*/m)?.[0] ??
    text.match(/^.*runtime error: .*/m)?.[0] ??
    text.match(/^SUMMARY: (?!libFuzzer: deadly signal).*/m)?.[0] ??
    text.match(/^\w*Error\b.*/m)?.[0] ??
    text.match(/^SUMMARY: .*/m)?.[0] ??
    text.trimEnd().split("\n").at(-1) ??
    "";
  return `${line.replaceAll(`${root}/`, "").replace(/^SUMMARY: /, "")} (${ended})`;
}

/** @param {string} file */
export const fromHere = (file) => relative(process.cwd(), file);
