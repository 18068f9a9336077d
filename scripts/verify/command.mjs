// What the checks of this folder share: a command whose output is shown and read, and the two kinds of lines
// that `npm run verify:full` looks for.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const GRACE_MS = 10_000;
/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

// With the commands that it runs: when they have ended, so does the rest of the program, which then fails.
for (const name of ["SIGINT", "SIGTERM"]) {
  process.on(name, () => {
    process.exitCode = 1;
    interrupted = true;
    for (const child of running) end(child);
  });
}
let interrupted = false;

export const root = join(import.meta.dirname, "..", "..");

/** What several builds compile alike is compiled once, also in a copy of the tree: where Debian's ccache is there. */
const CACHED = { CMAKE_C_COMPILER_LAUNCHER: "ccache", CMAKE_CXX_COMPILER_LAUNCHER: "ccache" };
const compilerCache =
  spawnSync("ccache", ["--version"]).status === 0
    ? { ...CACHED, CCACHE_BASEDIR: root, CCACHE_NOHASHDIR: "1" }
    : {};

/**
 * Runs a command in the folder of the package and shows what it prints.
 *
 * @param {readonly string[]} command
 * @param {{ env?: NodeJS.ProcessEnv, limitMs?: number, onLine?: (line: string) => void, quiet?: boolean }} [options]
 * `limitMs`: then it is ended, and has failed
 * @returns {Promise<{ ok: boolean, how: string }>} `how` it ended, in words
 */
export async function run([program, ...args], { env = {}, limitMs, onLine, quiet = false } = {}) {
  if (interrupted) return { ok: false, how: "interrupted" };
  const child = spawn(program, args, {
    cwd: root,
    env: { ...compilerCache, ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, which ends as a whole.
    detached: true,
  });
  running.add(child);
  const limit = limitMs === undefined ? undefined : setTimeout(() => end(child), limitMs);
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve({ ok: false, how: error.message }));
    child.once("close", (code, signal) =>
      resolve({
        ok: code === 0,
        how: signal === null ? `exit code ${code}` : `ended by ${signal}`,
      }),
    );
  }).finally(() => {
    clearTimeout(limit);
    running.delete(child);
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      if (!quiet) console.log(line);
      onLine?.(line);
    });
  }
  return ended;
}

/** First so that it can end what it has started itself, which is in groups of their own; then whatever it does. */
function end(/** @type {import("node:child_process").ChildProcess} */ child) {
  signal(child, "SIGTERM");
  setTimeout(() => signal(child, "SIGKILL"), GRACE_MS).unref();
}

function signal({ pid }, /** @type {NodeJS.Signals} */ name) {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** @param {string} check @param {string} what @param {string | number} value */
export function figure(check, what, value) {
  console.log(`figure: ${check} | ${what} | ${value}`);
}

/** Says what broke; the process ends with 1. @param {string} check @param {string} what */
export function failed(check, what) {
  console.log(`FAILED ${check}: ${what}`);
  process.exitCode = 1;
}
