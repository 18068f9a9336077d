// `npm run test:nodes -- 22 24`: all of vitest's tests with the prebuilt binary of this platform, on each of these
// release lines of Node.js; without any, on all. Some 6 minutes each.
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { isInstalled, NODES, VERSIONS } from "./nodes.mjs";

const root = join(import.meta.dirname, "..");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
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
  const { status } = spawnSync(program, [vitest, "run"], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${dirname(program)}${delimiter}${process.env.PATH}`,
      METRICS_RUNTIME_PREBUILD: root,
    },
  });
  return status === 0 ? "passed" : "failed";
}
