// dist/: the CommonJS core by tsc, and beside it an ESM face that re-exports it by name, so that
// `import` and `require` share one copy of the state. Built aside and moved into place when whole.
import { spawnSync } from "node:child_process";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);

const dist = join(root, "dist");
const fresh = join(root, "dist.new");

rmSync(fresh, { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const arguments_ = [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", fresh];
const { status } = spawnSync(process.execPath, arguments_, { stdio: "inherit" });
if (status !== 0) process.exit(1);
writeFileSync(join(fresh, "package.json"), '{ "type": "commonjs" }\n');

const names = Object.keys(require(join(fresh, "index.js"))).sort();
writeFileSync(
  join(fresh, "index.mjs"),
  `export {\n${names.map((name) => `  ${name},\n`).join("")}} from "./index.js";\n`,
);
writeFileSync(join(fresh, "index.d.mts"), 'export * from "./index.js";\n');

rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
