// `npm run test:nodes -- 22 24`: `npm run test:prebuilt` on each of these release lines of Node.js; without any, on
// all. Some 5 minutes each.
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { isInstalled, NODES, VERSIONS } from "./nodes.mjs";

const tests = join(import.meta.dirname, "test-prebuilt.mjs");
const asked = process.argv.slice(2);
const wanted = asked.length > 0 ? asked : VERSIONS;

const results = wanted.map((version) => ({ version, result: testOn(version) }));
for (const { version, result } of results) console.log(`Node ${version}: ${result}`);
process.exitCode = results.every(({ result }) => result === "passed") ? 0 : 1;

function testOn(version) {
  const node = NODES.find((one) => one.version === version && one.arch === process.arch);
  if (node === undefined) return `not one of ${VERSIONS.join(", ")}`;
  if (!isInstalled(node)) return "not there: node scripts/nodes.mjs";
  const [program] = node.command;
  const { status } = spawnSync(program, [tests], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` },
  });
  return status === 0 ? "passed" : "failed";
}
