// `npm run bench:versus`: installs the packages that it measures against, unless they are there. Without
// them it goes on: what does not load is skipped, and the report says so.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "bench", "versus");
const { devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const missing = Object.keys(devDependencies).filter(
  (name) => !existsSync(join(folder, "node_modules", name)),
);
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
