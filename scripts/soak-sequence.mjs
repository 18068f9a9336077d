// `npm run soak:sequence -- --seconds 60`: test/soak/sequence-program.ts for so long on each Node.js of scripts/nodes/,
// its time shared by the compilers of V8. `--node 22` picks one, `--seed` repeats a run. Wants what
// `node scripts/install-dependencies-of.mjs scripts/nodes` installs, and for arm64 `npm run prebuildify`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isInstalled, NODES } from "./nodes/nodes.mjs";

const root = join(import.meta.dirname, "..");
const PROGRAM = join(root, "out", "programs", "test", "soak", "sequence-program.js");
const DEVELOPMENT_ADDON = join(root, "out", "cmake");
/** Beyond its time, for a start under emulation on a busy machine. */
const GRACE_S = 120;

/** Each by the flags that leave a hot function to it, where this Node.js has them. 20 and 22 are built without Maglev. */
const COMPILERS = [
  { name: "as Node.js runs it", flags: [] },
  { name: "interpreter", flags: ["--no-sparkplug", "--no-maglev", "--no-opt"] },
  { name: "Sparkplug", flags: ["--always-sparkplug", "--no-maglev", "--no-opt"] },
  { name: "Maglev", flags: ["--maglev", "--no-opt"] },
  { name: "TurboFan", flags: ["--opt", "--no-maglev"] },
  { name: "TurboFan at once", flags: ["--always-turbofan"] },
];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    node: { type: "string", multiple: true },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds ${values.seconds}`);

function fail(what) {
  process.exitCode = 1;
  console.log(`FAILED sequence soak: ${what}; seed ${values.seed}`);
}

function run({ command, arch }, args, limitS) {
  const [program, ...rest] = command;
  // The development build does for every Node.js on this processor.
  const own = process.env.METRICS_RUNTIME_PREBUILD ?? DEVELOPMENT_ADDON;
  return spawnSync(program, [...rest, ...args], {
    encoding: "utf8",
    timeout: Math.ceil(limitS * 1_000),
    killSignal: "SIGKILL",
    env: { ...process.env, METRICS_RUNTIME_PREBUILD: arch === process.arch ? own : root },
  });
}

/** Its report; `undefined`: it did not come to one, which has been told. */
function soakWith(node, compiler, name, share) {
  const flags = [...compiler.flags, "--allow-natives-syntax"];
  const args = [PROGRAM, "--seconds", String(share), "--seed", values.seed];
  const { status, signal, stdout, stderr } = run(node, [...flags, ...args], share + GRACE_S);
  if (status === 0) return JSON.parse(stdout);
  const told = stderr.trim().split("\n").slice(-1)[0];
  fail(`${name}, ${compiler.name}: ended with ${signal ?? `exit code ${status}`}: ${told}`);
  return undefined;
}

function soakOn(node) {
  const about =
    "JSON.stringify([process.versions.node, process.config.variables.v8_enable_maglev])";
  const [version, hasMaglev] = JSON.parse(run(node, ["-p", about], GRACE_S).stdout);
  const name = `Node ${version}${node.arch === process.arch ? "" : ` ${node.arch}, emulated`}`;
  const known = run(node, ["--v8-options"], GRACE_S).stdout;
  const has = (flag) => known.includes(`\n  --${flag.replace(/^--(no-)?/, "")} (`);
  const compilers = COMPILERS.filter(
    ({ flags }) => flags.every(has) && (hasMaglev === 1 || !flags.includes("--maglev")),
  );
  let [events, wrong] = [0, 0];
  const hot = [];
  for (const compiler of compilers) {
    const report = soakWith(node, compiler, name, seconds / compilers.length);
    if (report === undefined) continue;
    events += report.events;
    wrong += report.wrong;
    hot.push(`${compiler.name}: ${report.compiler}`);
    for (const flood of report.complaints) {
      fail(`${name}, ${compiler.name}: out of order, lost, torn or doubled: ${flood}`);
    }
  }
  console.log(`figure: sequence soak, ${name} | events | ${events}`);
  console.log(`figure: sequence soak, ${name} | flags: what was hot | ${hot.join(", ")}`);
  console.log(`figure: sequence soak, ${name} | out of order, lost, torn or doubled | ${wrong}`);
}

/** What is to be done before it can run there. */
function missing(node) {
  if (!isInstalled(node)) return "node scripts/install-dependencies-of.mjs scripts/nodes";
  if (node.arch === process.arch) return undefined;
  const binary = join(root, "prebuilds", `${process.platform}-${node.arch}`);
  return existsSync(binary) ? undefined : "npm run prebuildify";
}

const asked = NODES.filter(({ version }) => values.node?.includes(version) ?? true);
if (asked.length === 0) fail(`there is no Node ${values.node}`);
for (const node of asked) {
  const wanted = missing(node);
  if (wanted === undefined) soakOn(node);
  else if (process.env.CI) fail(`Node ${node.version} for ${node.arch} needs ${wanted}`);
  else console.log(`Node ${node.version} for ${node.arch}: skipped, it needs ${wanted}`);
}
