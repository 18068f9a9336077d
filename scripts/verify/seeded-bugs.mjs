// The deliberately broken builds: patches with a head that says what is broken and who must find it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.mjs";

const folder = join(root, "test", "seeded-bugs");

/**
 * @typedef {object} SeededBug
 * @property {string} name its path, without the ending
 * @property {string} file the patch, for `git apply`
 * @property {string} what is broken
 * @property {string} check the command that must fail
 * @property {RegExp} names matches the line that it must print
 */

/** @returns {SeededBug[]} */
export function seededBugs() {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".patch"))
    .sort()
    .map((path) => {
      const file = join(folder, path);
      const head = readFileSync(file, "utf8").split("\ndiff --git ", 1)[0] ?? "";
      const of = (/** @type {string} */ key) => {
        const [, value] = new RegExp(`^${key}: (.+)$`, "m").exec(head) ?? [];
        if (value === undefined) throw new Error(`${path} does not say "${key}: …"`);
        return value;
      };
      const name = path.replaceAll("\\", "/").slice(0, -".patch".length);
      return { name, file, what: of("What"), check: of("Check"), names: new RegExp(of("Names")) };
    });
}
