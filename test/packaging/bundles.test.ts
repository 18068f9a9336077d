import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment, installCopy } from "../support/installed-copy.js";
import { pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const folder = emptyFolder(afterAll);
const own = installCopy(folder);
const source = join(folder, "app.mjs");
writeFileSync(
  source,
  `
    import { isMainThread, Worker, workerData } from "node:worker_threads";
    import { count, defineMetric, defineMetricEvent, MetricsRuntime } from "metrics-runtime";
    const Tick = defineMetricEvent("tick", {});
    if (isMainThread) {
      const runtime = new MetricsRuntime({ namespace: "n" });
      runtime.start();
      const recorder = runtime.createRecorder("main");
      recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
      recorder.registerEvent(Tick());
      const worker = new Worker(process.argv[1], { workerData: runtime.share() });
      worker.on("exit", () => {
        console.log(recorder.getMetricSnapshots().ticks.dimensions.total);
        try {
          runtime.createRecorder("main");
        } catch ({ name }) {
          console.log(name);
        }
        runtime.shutdown();
      });
    } else {
      MetricsRuntime.attach(workerData).getRecorder("main").registerEvent(Tick());
    }
  `,
);

const BLOCK = String(
  pageOf("docs/installing.md").blocks.find(({ code }) => code.includes("await build("))?.code,
);

/** Bundles the application into a folder of its own below which nothing is installed. */
async function bundle(name: string, options: BuildOptions): Promise<string> {
  const outfile = join(emptyFolder(), name);
  await build({
    entryPoints: [source],
    bundle: true,
    platform: "node",
    keepNames: true,
    outfile,
    absWorkingDir: folder,
    logLevel: "error",
    ...options,
  });
  return outfile;
}

function run(file: string, env: NodeJS.ProcessEnv = {}) {
  return runNode([file], { env: foreignEnvironment(env) });
}

const WORKS = { code: 0, stdout: "2\nMetricsRuntimeRecorderAlreadyExistsError\n", stderr: "" };

describe("in a bundle", () => {
  test("the addons are found beside it", async () => {
    const file = await bundle("app.cjs", { format: "cjs" });
    cpSync(join(own, "prebuilds"), join(file, "..", "prebuilds"), { recursive: true });
    expect(await run(file)).toMatchObject(WORKS);
  });

  test("the addons are found beside it also where it lies as the package's own file does", async () => {
    const file = await bundle(join("dist", "native", "addon.js"), { format: "cjs" });
    cpSync(join(own, "prebuilds"), join(file, "..", "prebuilds"), { recursive: true });
    expect(await run(file)).toMatchObject(WORKS);
  });

  test("of ESM too, made as docs/installing.md says", async () => {
    const project = emptyFolder();
    installCopy(project);
    const modules = join(project, "node_modules");
    symlinkSync(join(ROOT, "node_modules", "esbuild"), join(modules, "esbuild"), "junction");
    copyFileSync(source, join(project, "app.ts"));
    writeFileSync(join(project, "build.mjs"), BLOCK);
    const built = await runNode([join(project, "build.mjs")], { cwd: project });
    expect(built).toMatchObject({ code: 0, stderr: "" });
    cpSync(join(own, "prebuilds"), join(project, "out", "prebuilds"), { recursive: true });
    rmSync(modules, { recursive: true });
    expect(await run(join(project, "out", "app.mjs"))).toMatchObject(WORKS);
  });

  test("the addons are found where METRICS_RUNTIME_PREBUILD says", async () => {
    const file = await bundle("app.cjs", { format: "cjs" });
    expect(await run(file, { METRICS_RUNTIME_PREBUILD: own })).toMatchObject(WORKS);
  });

  test("the error says what to do when they are not", async () => {
    const file = await bundle("app.cjs", { format: "cjs" });
    const { code, stderr } = await run(file);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `In a bundle: copy prebuilds/ of the package to ${join(file, "..", "prebuilds")}, ` +
        "or leave the package external.",
    );
  });

  test.each(["cjs", "esm"] as const)(
    "of %s that leaves the package external nothing is to be done",
    async (format) => {
      const outfile = join(folder, "out", format === "cjs" ? "app.cjs" : "app.mjs");
      mkdirSync(join(folder, "out"), { recursive: true });
      await bundle("unused", { format, outfile, external: ["metrics-runtime"] });
      expect(await run(outfile)).toMatchObject(WORKS);
    },
  );
});
