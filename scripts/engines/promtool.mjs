/**
 * `promtool` (Debian's `prometheus`):
 *
 *     curl -s 127.0.0.1:9464/metrics | node scripts/engines/promtool.mjs
 */
import { text } from "node:stream/consumers";
import { runProgram } from "./run-program.mjs";

/**
 * What promtool thinks of names that the application has chosen, not we. All else is a failure.
 */
const NOT_OURS = [
  // duration_ms, in_flight_count, cpu_percent: what is counted, and in which unit, is in the name.
  /^\S+ use base unit ".+" instead of ".+"$/,
  /^\S+ metric names should not contain abbreviated units$/,
  // Definitions may have no help.
  /^\S+ no help text$/,
];

/**
 * `promtool check metrics`: reads the text format 0.0.4 and looks for bad practice.
 *
 * @param {string} exposition
 * @param {{ strict?: boolean }} options strict: what the application has chosen counts too
 * @returns {Promise<{ code: number | null, problems: string[] }>} no problems, when it is good
 */
export async function checkMetrics(exposition, { strict = false } = {}) {
  const { code, stderr } = await runProgram("promtool", ["check", "metrics"], {
    input: exposition,
  });
  const told = stderr.split("\n").filter((line) => line !== "");
  const problems = told.filter((line) => strict || !NOT_OURS.some((known) => known.test(line)));
  // 3: it told of bad practice. Any other end without a word is a problem too.
  if (code !== 0 && told.length === 0) problems.push(`promtool ended with ${code}`);
  return { code, problems };
}

/** `promtool test rules`. @param {string} file of the tests */
export function testRules(file) {
  return runProgram("promtool", ["test", "rules", file]);
}

/** `promtool check rules`. @param {string} file */
export function checkRules(file) {
  return runProgram("promtool", ["check", "rules", file]);
}

/** `promtool check config`, with the rules that it names. @param {string} file */
export function checkConfig(file) {
  return runProgram("promtool", ["check", "config", file]);
}

if (process.argv[1] === import.meta.filename) {
  const { problems } = await checkMetrics(await text(process.stdin));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
