import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChildResult, runNode } from "../support/child-process.js";
import { pathOf } from "../support/doctored-path.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment } from "../support/installed-copy.js";
import { installPackage, packPackage, useBuiltAddon } from "../support/packed-package.js";

const ROOT = join(import.meta.dirname, "..", "..");
const LIMIT_MS = 60_000;
const OFFERED = { total: 3, by_outcome: 2 };

/** What every program does: it records, and reads what it recorded. */
const RECORD = `
  const Saved = defineMetricEvent("saved", { bytes: uint32(), outcome: oneOf("OK", "FAILED") });
  const runtime = new MetricsRuntime({ namespace: "shop" });
  runtime.start();
  const recorder = runtime.createRecorder("main");
  recorder.registerMetric(defineMetric("saves", {
    total: count(Saved),
    by_outcome: count(Saved, { where: { outcome: "OK" } }),
  }));
  recorder.registerEvent(Saved({ bytes: 7, outcome: "OK" }));
  const saved = recorder.emitter(Saved, ["bytes", "outcome"]);
  saved(9, "OK");
  saved(0, "FAILED");
  console.log(JSON.stringify(recorder.getMetricSnapshots().saves.dimensions));
  runtime.shutdown();
`;
const NAMES = "count, defineMetric, defineMetricEvent, MetricsRuntime, oneOf, uint32";

/** An application outside the tree, in a folder that has all that a name may have. */
const folder = emptyFolder(afterAll, "metrics runtime é 計-");
const own = join(folder, "node_modules", "metrics-runtime");
const noCompiler = pathOf([], afterAll);
let tarball: Awaited<ReturnType<typeof packPackage>>;
let installed: ChildResult & { readonly seconds: number };

beforeAll(async () => {
  tarball = await packPackage(folder);
  installed = await install(folder);
  console.log(`npm install of the tarball without a compiler: ${installed.seconds.toFixed(1)} s`);
  useBuiltAddon(own);
}, LIMIT_MS);

/** Where there is neither a compiler nor make nor python3. */
async function install(into: string, ...flags: readonly string[]) {
  const begin = performance.now();
  const told = ["--foreground-scripts", ...flags];
  const result = await installPackage(tarball, into, { PATH: noCompiler }, told);
  return { ...result, seconds: (performance.now() - begin) / 1000 };
}

/** Runs a program of the application. */
async function run(name: string, code: string, nodeArguments: readonly string[] = []) {
  const file = join(folder, name);
  writeFileSync(file, code);
  const { stdout, ...ended } = await runNode([...nodeArguments, file], {
    cwd: folder,
    env: foreignEnvironment(),
  });
  expect(ended).toEqual({ code: 0, signal: null, stderr: "" });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe.runIf(process.platform !== "win32")(
  "npm install of the tarball without a compiler",
  () => {
    test("succeeds, runs no script and compiles nothing", () => {
      expect(installed.code, installed.stderr).toBe(0);
      expect(installed.stdout).toMatch(/added 3 packages/);
      // npm shows a script that it runs behind this mark.
      expect(installed.stdout + installed.stderr).not.toMatch(/^> /m);
      expect(readdirSync(own)).not.toContain("build");
    });

    test("with --ignore-scripts succeeds too, and what it gives works", {
      timeout: LIMIT_MS,
    }, async () => {
      const other = emptyFolder();
      expect(await install(other, "--ignore-scripts")).toMatchObject({ code: 0 });
      useBuiltAddon(join(other, "node_modules", "metrics-runtime"));
      const file = join(other, "requires.cjs");
      writeFileSync(file, `const { ${NAMES} } = require("metrics-runtime"); ${RECORD}`);
      const { code, stdout } = await runNode([file], { cwd: other, env: foreignEnvironment() });
      expect({ code, told: JSON.parse(stdout) }).toEqual({ code: 0, told: OFFERED });
    });
  },
);

describe("the installed package records and reads", () => {
  test("for import", async () => {
    const code = `import { ${NAMES} } from "metrics-runtime"; ${RECORD}`;
    expect(await run("imports.mjs", code)).toEqual([OFFERED]);
  });

  test("for require", async () => {
    const code = `const { ${NAMES} } = require("metrics-runtime"); ${RECORD}`;
    expect(await run("requires.cjs", code)).toEqual([OFFERED]);
  });

  test("with one state for both", async () => {
    const code = `
      import * as imported from "metrics-runtime";
      import { createRequire } from "node:module";
      const required = createRequire(import.meta.url)("metrics-runtime");
      const names = Object.keys(imported);
      console.log(JSON.stringify(names.length === Object.keys(required).length));
      console.log(JSON.stringify(names.filter((name) => imported[name] !== required[name])));
    `;
    expect(await run("both.mjs", code)).toEqual([true, []]);
  });

  test("in a worker that shares the runtime", async () => {
    const code = `
      import { isMainThread, Worker, workerData } from "node:worker_threads";
      import { count, defineMetric, defineMetricEvent, MetricsRuntime } from "metrics-runtime";
      const Tick = defineMetricEvent("tick", {});
      if (isMainThread) {
        const runtime = new MetricsRuntime({ namespace: "shop" });
        runtime.start();
        const recorder = runtime.createRecorder("main");
        recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
        recorder.registerEvent(Tick());
        const worker = new Worker(new URL(import.meta.url), { workerData: runtime.share() });
        worker.on("exit", () => {
          console.log(JSON.stringify(recorder.getMetricSnapshots().ticks.dimensions));
          runtime.shutdown();
        });
      } else {
        MetricsRuntime.attach(workerData).getRecorder("main").registerEvent(Tick());
      }
    `;
    expect(await run("worker.mjs", code)).toEqual([{ total: 2 }]);
  });

  test("where code must not be made from strings", async () => {
    const code = `import { ${NAMES} } from "metrics-runtime"; ${RECORD}`;
    const flags = ["--disallow-code-generation-from-strings"];
    expect(await run("no-strings.mjs", code, flags)).toEqual([OFFERED]);
  });
});

describe("the installed package has types, checked with everything that it declares,", () => {
  const STRICT = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2022",
    types: ["node"],
  };
  const CODE = `import { ${NAMES} } from "metrics-runtime"; ${RECORD.replace(".dimensions", "?.dimensions")}`;
  /** Of what is right, and what is not: types that are all \`any\` would let it pass. */
  const WRONG = `${CODE} saved("9", "OK");\n`;

  beforeAll(() => {
    mkdirSync(join(folder, "node_modules", "@types"));
    const types = join("node_modules", "@types", "node");
    symlinkSync(join(ROOT, types), join(folder, types), "junction");
  });

  test.each([
    ["nodenext", { module: "nodenext", moduleResolution: "nodenext" }, ["a.cts", "a.mts"]],
    ["bundler", { module: "esnext", moduleResolution: "bundler" }, ["a.ts"]],
  ])("for a program with %s resolution", { timeout: LIMIT_MS }, async (name, resolution, files) => {
    const project = join(folder, name);
    mkdirSync(project);
    for (const file of files) {
      writeFileSync(join(project, file), CODE);
      writeFileSync(join(project, `wrong-${file}`), WRONG);
    }
    const compilerOptions = { ...STRICT, ...resolution };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await runNode([tsc, "-p", project], { cwd: project, deadlineMs: LIMIT_MS });
    const told = stdout.trim().split("\n").sort();
    expect(told).toEqual(
      files.map((file) => expect.stringMatching(new RegExp(`^wrong-${file}.*TS2345`))),
    );
  });
});
