// npm in the folder of the package: what it prints, or an error with its arguments; its own errors are shown.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** @param {...string} args @returns {string} */
export function npm(...args) {
  const { status, stdout, error } = spawnSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    // There it is a script, npm.cmd.
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} failed`, { cause: error });
  return stdout;
}
