// `npm run test:nodes -- 22 24`: `npm run test:prebuilt` on each of these versions of Node.js in scripts/nodes/;
// without any, on each that vitest runs on. Some 5 minutes each.
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { isInstalled, NODES } from "./nodes/nodes.mjs";

const tests = join(import.meta.dirname, "test-prebuilt.mjs");
const native = NODES.filter(({ arch }) => arch === process.arch);
const asked = process.argv.slice(2);
/** Vitest wants a later release of the oldest line. */
const wanted = asked.length > 0 ? asked : ["20", "22", "24", "26"];

const results = wanted.map((version) => ({ version, result: testOn(version) }));
for (const { version, result } of results) console.log(`Node ${version}: ${result}`);
process.exitCode = results.every(({ result }) => result === "passed") ? 0 : 1;

function testOn(version) {
  const node = native.find((one) => one.version === version);
  if (node === undefined) return `not one of ${native.map((one) => one.version).join(", ")}`;
  if (!isInstalled(node)) {
    return "not there: node scripts/install-dependencies-of.mjs scripts/nodes";
  }
  const [program] = node.command;
  console.log(`=== Node ${version}`);
  const { status } = spawnSync(program, [tests], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` },
  });
  return status === 0 ? "passed" : "failed";
}
