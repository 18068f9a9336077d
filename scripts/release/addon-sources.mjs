// Which sources a prebuilt binary is of: a hash over both, written beside the binary when it is built
// (`metrics-runtime.glibc.node.sources`). So a binary of other sources, or another binary, is found.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** To be called when `prebuild` has been built of what is in the package's folder. */
export function recordSources(prebuild) {
  writeFileSync(recordOf(prebuild), `${hashWithSources(prebuild)}\n`);
}

/** Whether `prebuild` was built of what is in the package's folder now. */
export function isOfTheseSources(prebuild) {
  const record = recordOf(prebuild);
  return existsSync(record) && readFileSync(record, "utf8").trim() === hashWithSources(prebuild);
}

function recordOf(prebuild) {
  return `${prebuild}.sources`;
}

/** The binary and all that decides what is in it: version, sources, build files, the headers compiled in. */
function hashWithSources(prebuild) {
  const hash = createHash("sha256").update(readFileSync(prebuild));
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  hash.update(packages["node_modules/node-addon-api"].integrity).update(packages[""].version);
  for (const file of ["binding.gyp", ...filesIn("native"), ...filesIn("scripts/prebuild")]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((file) => !/^native\/(test|bench|model)\/|\/node_modules\//.test(file))
    .sort();
}
