import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment, installCopy } from "../support/installed-copy.js";

/** Its name depends on the version of Node. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";
const ALPINE_MARK = "/etc/alpine-release";

const PROGRAM = `
  const { MetricsRuntime } = require("metrics-runtime");
  console.log("imported");
  try {
    const runtime = new MetricsRuntime({ namespace: "n" });
    runtime.start();
    if (process.argv.includes("worker")) {
      const code = 'require("metrics-runtime").MetricsRuntime.attach(require("worker_threads").workerData)';
      const { Worker } = require("node:worker_threads");
      const worker = new Worker(code, { eval: true, workerData: runtime.share() });
      worker.on("exit", (code) => console.log("worker", code));
    } else {
      runtime.shutdown();
    }
    console.log("started");
  } catch (error) {
    console.log(error.name, error.message);
  }
`;

const folder = emptyFolder(afterAll);
const own = installCopy(folder);
const file = join(folder, "program.cjs");
writeFileSync(file, PROGRAM);

/** Runs the program under the permission model; every line that it wrote. */
async function run(flags: readonly string[], ...args: readonly string[]) {
  const { code, stdout, stderr } = await runNode(
    ["--no-warnings", PERMISSION, ...flags, file, ...args],
    { cwd: folder, env: foreignEnvironment() },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim().split("\n");
}

const readable = (...places: readonly string[]) =>
  places.map((place) => `--allow-fs-read=${place}`);

describe("under Node's permission model the package", () => {
  test("works with --allow-addons and leave to read itself", async () => {
    const flags = ["--allow-addons", ...readable(join(folder, "*"), ALPINE_MARK)];
    expect(await run(flags)).toEqual(["imported", "started"]);
  });

  test("works in workers with --allow-worker", async () => {
    const flags = ["--allow-addons", "--allow-worker", "--allow-fs-read=*"];
    expect(await run(flags, "worker")).toEqual(["imported", "started", "worker 0"]);
  });

  test("without --allow-addons names that flag", async () => {
    const [imported, error] = await run(["--allow-fs-read=*"]);
    expect(imported).toBe("imported");
    expect(error).toMatch(/^MetricsRuntimeUnexpectedError .*Start Node with --allow-addons$/);
  });

  test.runIf(process.platform === "linux")(
    "without leave to read what tells the C library names the flag; it can be imported",
    async () => {
      const flags = ["--allow-addons", ...readable(join(folder, "*"))];
      const [imported, error] = await run(flags);
      expect(imported).toBe("imported");
      expect(error).toMatch(
        /^MetricsRuntimeUnexpectedError .*Start Node with --allow-fs-read=\/etc\/alpine-release$/,
      );
    },
  );

  test("without leave to read its addons names the flag, and not only that there are none", async () => {
    const modules = join(folder, "node_modules");
    const lines = await run([
      "--allow-addons",
      ...readable(
        file,
        join(folder, "package.json"),
        join(modules, "node-gyp-build", "*"),
        join(own, "package.json"),
        join(own, "dist", "*"),
        ALPINE_MARK,
      ),
    ]);
    expect(lines.join("\n")).toContain(`Start Node with --allow-fs-read=${join(own, "*")}`);
  });
});

test("with --no-addons the error names that flag", async () => {
  const { stdout } = await runNode(["--no-addons", file], { env: foreignEnvironment() });
  expect(stdout).toMatch(/MetricsRuntimeUnexpectedError .*Start Node without --no-addons$/m);
});
