// Two things no compiler sees: native/sources.gypi lists every source exactly once, and includes
// point only downwards through the layers core <- runtime <- binding.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const root = join(import.meta.dirname, "..");
const LAYERS = {
  core: { mayInclude: ["core"], forbidden: ["uv.h", "napi.h", "node_api.h"] },
  runtime: { mayInclude: ["core", "runtime"], forbidden: ["napi.h", "node_api.h"] },
  binding: { mayInclude: ["core", "runtime", "binding"], forbidden: [] },
};
const problems = [];

/** What is listed in native/sources.gypi under `key` and what there is, each once. */
function compare(key, sources) {
  const listed = variables[key];
  for (const [index, file] of listed.entries()) {
    if (!sources.includes(file)) problems.push(`native/sources.gypi: ${file} does not exist`);
    if (listed.indexOf(file) !== index) problems.push(`native/sources.gypi: ${file} twice`);
  }
  for (const file of sources) {
    if (!listed.includes(file)) problems.push(`native/sources.gypi: ${file} is not listed`);
  }
}

function filesIn(...folder) {
  return readdirSync(join(root, ...folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

const { variables } = JSON.parse(readFileSync(join(root, "native", "sources.gypi"), "utf8"));
for (const [layer, { mayInclude, forbidden }] of Object.entries(LAYERS)) {
  const files = filesIn("native", layer);
  compare(
    `metrics_runtime_${layer}_sources`,
    files.filter((file) => file.endsWith(".cc")),
  );
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    for (const [, included] of text.matchAll(/^#include ["<]([^">]+)[">]/gm)) {
      const [directory] = included.split("/");
      const upwards = directory in LAYERS && !mayInclude.includes(directory);
      if (upwards || forbidden.includes(included)) {
        problems.push(`${file}: ${layer} must not include ${included}`);
      }
    }
  }
}

compare(
  "metrics_runtime_zlib_sources",
  filesIn("native", "third_party", "zlib").filter((file) => file.endsWith(".c")),
);
compare("metrics_runtime_glibc_floor_sources", filesIn("native", "portability"));

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
