// Git in the folder of the package: what it prints, without the last line break.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** @param {...string} args @returns {string} throws what git said when it failed */
export function git(...args) {
  const { status, stdout, stderr, error } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr?.trim() || `git ${args[0]} failed`, { cause: error });
  return stdout.trimEnd();
}

/** What a release must not hold or lack: a line for all of it, or none. */
export function uncommittedChanges() {
  const changes = git("status", "--porcelain");
  if (changes === "") return [];
  return [`there are uncommitted changes, commit or stash them first:\n${changes}`];
}
