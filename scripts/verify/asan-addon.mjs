// An addon with AddressSanitizer and UndefinedBehaviorSanitizer, and what loads it into an ordinary Node.js.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root, run } from "./command.mjs";

const folder = join(root, "out", "sanitized", "addon");

/** No program of the tests ends with that code. */
const UBSAN = { halt_on_error: "1", print_stacktrace: "1", exitcode: "99" };

/** @returns {Promise<boolean>} */
export async function buildAsanAddon() {
  const sanitize = "--CDMETRICS_RUNTIME_SANITIZE=address,undefined";
  const addon = ["npx", "cmake-js", "build", "--out", join(folder, "build"), sanitize];
  for (const command of [addon, ["npm", "run", "-s", "build:library"]]) {
    if (!(await run(command)).ok) return false;
  }
  return true;
}

/**
 * The environment of a Node.js that loads it. Its options are those of ASAN_OPTIONS.
 *
 * @param {Record<string, string>} options
 */
export function inAsan(options) {
  const library = execFileSync("gcc", ["-print-file-name=libasan.so"], { encoding: "utf8" });
  return {
    LD_PRELOAD: library.trim(),
    // Memory that there is not is refused, as without it.
    ASAN_OPTIONS: optionsOf({
      detect_stack_use_after_return: "0",
      allocator_may_return_null: "1",
      ...options,
    }),
    UBSAN_OPTIONS: optionsOf({ ...UBSAN, ...(options.log_path && { log_path: options.log_path }) }),
    METRICS_RUNTIME_PREBUILD: folder,
  };
}

function optionsOf(/** @type {Record<string, string>} */ options) {
  return Object.entries(options)
    .map((option) => option.join("="))
    .join(":");
}
