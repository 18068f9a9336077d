import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment, installCopy } from "../support/installed-copy.js";
import { pageOf } from "../support/markdown.js";

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
        runtime.shutdown();
      });
    } else {
      MetricsRuntime.attach(workerData).getRecorder("main").registerEvent(Tick());
    }
  `,
);

/** What a bundle of ESM has to be given, as docs/installing.md shows it. */
const PAGE = "docs/installing.md";
const BANNER = pageOf(PAGE)
  .blocks.map(({ code }) => /const banner = `([^`]+)`/.exec(code)?.[1])
  .find((banner) => banner !== undefined);

/** Bundles the application into a folder of its own below which nothing is installed. */
async function bundle(name: string, options: BuildOptions): Promise<string> {
  const outfile = join(emptyFolder(), name);
  await build({
    entryPoints: [source],
    bundle: true,
    platform: "node",
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

const TWO = { code: 0, stdout: "2\n", stderr: "" };

describe("in a bundle", () => {
  test("the addons are found beside it", async () => {
    const file = await bundle("app.cjs", { format: "cjs" });
    cpSync(join(own, "prebuilds"), join(file, "..", "prebuilds"), { recursive: true });
    expect(await run(file)).toMatchObject(TWO);
  });

  test("of ESM too, when that has what CommonJS modules use", async () => {
    const file = await bundle("app.mjs", { format: "esm", banner: { js: String(BANNER) } });
    cpSync(join(own, "prebuilds"), join(file, "..", "prebuilds"), { recursive: true });
    expect(await run(file)).toMatchObject(TWO);
  });

  test("the addons are found where METRICS_RUNTIME_PREBUILD says", async () => {
    const file = await bundle("app.cjs", { format: "cjs" });
    expect(await run(file, { METRICS_RUNTIME_PREBUILD: own })).toMatchObject(TWO);
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
      expect(await run(outfile)).toMatchObject(TWO);
    },
  );
});
