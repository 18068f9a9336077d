// Installs a tarball of this package in an empty folder, as users do, and counts an event with it, imported and
// required: `node scripts/release/try-tarball.mjs out/release/metrics-runtime-1.2.0.tgz`
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { npm } from "../npm.mjs";

const PROGRAM = `
  import { createRequire } from "node:module";
  import * as imported from "metrics-runtime";

  const required = createRequire(import.meta.url)("metrics-runtime");
  for (const library of [imported, required]) {
    const Tried = library.defineMetricEvent("tried", {});
    const runtime = new library.MetricsRuntime({ namespace: "tried" });
    runtime.start();
    const recorder = runtime.createRecorder("main");
    recorder.registerMetric(library.defineMetric("tries", { total: library.count(Tried) }));
    recorder.registerEvent(Tried());
    console.log(recorder.getMetricSnapshots().tries.dimensions.total);
    runtime.shutdown();
  }
`;

const [tarball] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "metrics-runtime-tarball-"));
try {
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
  npm(
    "install",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    `--prefix=${folder}`,
    resolve(tarball),
  );
  const counted = execFileSync(process.execPath, ["program.mjs"], {
    cwd: folder,
    encoding: "utf8",
    // Those of the package alone: not one that a developer has told the loader to take.
    env: { ...process.env, METRICS_RUNTIME_PREBUILD: "", PREBUILDS_ONLY: "1" },
  });
  if (counted !== "1\n1\n") throw new Error(`counted ${JSON.stringify(counted)}, not 1 and 1`);
  console.log(`${tarball} works: ${process.platform}-${process.arch}, Node.js ${process.version}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
