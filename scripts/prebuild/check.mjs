// `npm run check:prebuilds`: what each binary in prebuilds/ weighs, and what it wants of the system; an error
// when that is not what is promised. `-- --all`: also when one of platforms.json is missing; `-- --in FOLDER`:
// another folder than prebuilds/.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { prebuilds } from "./platforms.mjs";
import { holdToPromises } from "./promises.mjs";

const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    in: { type: "string", default: join(import.meta.dirname, "..", "..", "prebuilds") },
  },
});

const there = existsSync(values.in)
  ? readdirSync(values.in, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".node"))
      .map((file) => file.replaceAll(sep, "/"))
      .sort()
  : [];
const missing = values.all ? prebuilds.filter((file) => !there.includes(file)) : [];
const problems = missing.map((file) => `${file}: missing`);
if (there.length === 0) problems.push(`no binary in ${values.in}: npm run prebuildify`);

for (const file of there) {
  const path = join(values.in, file);
  const { wants, problems: broken } = holdToPromises(file, path);
  problems.push(...broken);
  const bytes = readFileSync(path);
  const packed = gzipSync(bytes, { level: 9 });
  console.log(`${file}: ${inKiB(bytes)}, gzipped ${inKiB(packed)}; wants ${wants}`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function inKiB(bytes) {
  return `${Math.round(bytes.length / 1024)} KiB`;
}
