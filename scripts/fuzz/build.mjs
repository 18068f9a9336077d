/** Builds what the targets run on. */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { build, root } from "./targets.mjs";

const CLANG = "16";

/** @param {readonly import("./targets.mjs").Target[]} targets */
export function buildTargets(targets) {
  const native = targets.filter((target) => target.native).map(({ name }) => name);
  const inJavaScript = targets.some((target) => !target.native);
  if (inJavaScript) {
    run("node", "scripts/install-dependencies-of.mjs", "scripts/fuzz");
    run("npm", "run", "-s", "build:library");
  }
  if (targets.some((target) => target.addon)) run("npm", "run", "-s", "build:native");
  const headers = join(root, "scripts", "fuzz", "node_modules", "node-api-headers", "include");
  run(
    "cmake",
    ...["-S", root, "-B", build, "-DMETRICS_RUNTIME_FUZZERS=ON"],
    ...[`-DCMAKE_C_COMPILER=clang-${CLANG}`, `-DCMAKE_CXX_COMPILER=clang++-${CLANG}`],
    ...(inJavaScript ? [`-DMETRICS_RUNTIME_NODE_API_HEADERS=${headers}`] : []),
  );
  run(
    "cmake",
    ...["--build", build, "--parallel", String(availableParallelism())],
    ...["--target", ...native, ...(inJavaScript ? ["libfuzzer"] : [])],
  );
}

/** Its output is shown when it fails, and not else; then this is the end. */
function run(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status === 0) return;
  process.stdout.write(`${stdout ?? ""}${stderr ?? ""}`);
  const reason = error?.message ?? `ended with ${status}`;
  console.log(`FAILED fuzz: ${program} ${args.slice(0, 3).join(" ")} … ${reason}`);
  process.exit(1);
}
