// dist/: the CommonJS core by tsc, and beside it an ESM face that re-exports it by name, so that
// `import` and `require` share one copy of the state.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);

rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
writeFileSync(join(root, "dist", "package.json"), '{ "type": "commonjs" }\n');

const names = Object.keys(require("../dist/index.js")).sort();
writeFileSync(
  join(root, "dist", "index.mjs"),
  `export {\n${names.map((name) => `  ${name},\n`).join("")}} from "./index.js";\n`,
);
writeFileSync(join(root, "dist", "index.d.mts"), 'export * from "./index.js";\n');
