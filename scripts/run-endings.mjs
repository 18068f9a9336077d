// Runs the programs of test/endings and writes what came of them into docs/reliability.md.
// `node scripts/run-endings.mjs [node binary…]`: on this Node.js and on those; `--nodes`: and on the versions
// that come after it in scripts/nodes/. Needs a build.
import { spawn } from "node:child_process";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isInstalled, NODES } from "./nodes/nodes.mjs";

const { values, positionals } = parseArgs({
  options: { nodes: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [ownMajor] = process.versions.node.split(".");
const later = NODES.filter(
  (node) => node.arch === process.arch && Number(node.version) > Number(ownMajor),
);
if (values.nodes && !later.every(isInstalled)) {
  throw new Error("not there: node scripts/install-dependencies-of.mjs scripts/nodes");
}

const root = join(import.meta.dirname, "..");
const nodes = [...positionals, ...(values.nodes ? later.map(({ command }) => command[0]) : [])].map(
  (node) => resolve(node),
);
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const LIMIT_MS = 600_000 * (1 + nodes.length);

const run = spawn(
  process.execPath,
  [vitest, "run", "--project", "behaviour", "--typecheck.enabled=false", "test/endings"],
  {
    cwd: root,
    stdio: "inherit",
    timeout: LIMIT_MS,
    env: {
      ...process.env,
      METRICS_RUNTIME_NODES: nodes.join(delimiter),
      METRICS_RUNTIME_ENDINGS_PAGE: join(root, "docs", "reliability.md"),
    },
  },
);
run.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
