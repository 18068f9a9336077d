// Runs the programs of test/endings and writes what came of them into docs/reliability.md.
// `node scripts/run-endings.mjs [node binary…]`: on this Node.js and on those. Needs a build.
import { spawn } from "node:child_process";
import { delimiter, join, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const nodes = process.argv.slice(2).map((node) => resolve(node));
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
