// `npm run test:prebuilt`: the tests of behaviour on the binary in prebuilds/ and on nothing else, with the Node.js
// that runs this. Needs dist/ and the binary, no compiler; what follows `--` goes to vitest.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const modules = join(root, "node_modules");

if (existsSync(join(root, "build"))) {
  console.error("what is in build/ would be taken instead of prebuilds/: remove it");
  process.exit(1);
}
run(join(modules, "typescript", "bin", "tsc"), "-p", "tsconfig.programs.json");
run(join(modules, "vitest", "vitest.mjs"), "run", "--project=behaviour", ...process.argv.slice(2));

function run(...args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, METRICS_RUNTIME_PREBUILD: root },
  });
  if (status !== 0) process.exit(status ?? 1);
}
