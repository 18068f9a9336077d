// The programs that measuring coverage starts. What each prints is in out/coverage/, in a file of its name.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failed, root, run } from "../verify/command.mjs";

export const out = join(root, "out", "coverage");

const LIMIT_MS = 30 * 60_000;

/**
 * Runs a command and says how long it took.
 * @param {string} name @param {readonly string[]} command @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ ok: boolean, how: string, lines: string[] }>}
 */
export async function perform(name, command, env = {}) {
  const begin = performance.now();
  const lines = [];
  const onLine = (line) => lines.push(line);
  const { ok, how } = await run(command, { env, limitMs: LIMIT_MS, onLine, quiet: true });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${name}.log`), lines.join("\n"));
  console.log(`${name}: ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
  return { ok, how, lines };
}

/** Of a command without which there is nothing to measure. @type {typeof perform} */
export async function succeed(name, command, env) {
  const result = await perform(name, command, env);
  if (!result.ok) giveUp(`${name}: ${result.how}: ${result.lines.slice(-20).join("\n")}`);
  return result;
}

/** @param {string} why @returns {never} */
export function giveUp(why) {
  failed("coverage", why);
  process.exit();
}

/** How Node.js runs the program of a package. @param {string} script in node_modules */
export function program(script, ...args) {
  return [process.execPath, join(root, "node_modules", script), ...args];
}
