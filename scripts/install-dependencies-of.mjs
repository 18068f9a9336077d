// `node scripts/install-dependencies-of.mjs <folder>`: installs what that folder alone depends on (`bench/versus`,
// `scripts/fuzz`, `scripts/nodes`, `scripts/prebuild`, `scripts/reference`), unless it is there. When that fails it says so and goes on: whoever
// needs the packages knows whether there is a way without them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", process.argv[2]);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Of exact versions: one that is older than the lock file is missing too. */
const missing = Object.entries(read(join(folder, "package.json")).devDependencies)
  .filter(([name, version]) => {
    const installed = join(folder, "node_modules", name, "package.json");
    // Under another name than its own it is npm:name@version.
    return !existsSync(installed) || read(installed).version !== version.split("@").at(-1);
  })
  .map(([name]) => name);
if (missing.length > 0) {
  const args = [
    "ci",
    "--prefix",
    folder,
    "--ignore-scripts",
    "--omit=optional",
    "--no-audit",
    "--no-fund",
  ];
  const { status } = spawnSync("npm", args, {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) console.error(`npm ci failed; without ${missing.join(", ")}`);
}
