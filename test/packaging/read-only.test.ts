import { chmodSync, cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment, installCopy } from "../support/installed-copy.js";

const ROOT = join(import.meta.dirname, "..", "..");
const NOBODY = 65_534;
/** root may write everywhere, so it becomes somebody else. */
const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

const folder = emptyFolder(afterAll);
const own = installCopy(folder);
cpSync(join(ROOT, "scripts", "compile-addon.mjs"), join(own, "scripts", "compile-addon.mjs"));

function setWritable(writable: boolean): void {
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const one of [folder, ...folders]) chmodSync(one, writable ? 0o755 : 0o555);
}

describe.runIf(process.platform !== "win32")("where the package cannot be written to", () => {
  setWritable(false);
  afterAll(() => setWritable(true));

  test("it works", async () => {
    const program = `
      const fs = require("node:fs");
      try {
        fs.writeFileSync(${JSON.stringify(join(own, "x"))}, "");
      } catch (error) {
        console.log(error.code);
      }
      const { MetricsRuntime } = require(${JSON.stringify(own)});
      const runtime = new MetricsRuntime({ namespace: "n" });
      runtime.start();
      console.log(runtime.getStatus());
      runtime.shutdown();
    `;
    const result = await runNode(["--eval", program], {
      env: foreignEnvironment(),
      cwd: "/",
      identity,
    });
    expect(result).toMatchObject({ code: 0, stdout: "EACCES\nRUNNING\n", stderr: "" });
  });

  test("npm run compile says so", async () => {
    const script = join(own, "scripts", "compile-addon.mjs");
    const env = foreignEnvironment({ npm_config_node_gyp: "node-gyp" });
    const { code, stderr } = await runNode([script], { env, cwd: "/", identity });
    expect(code).toBe(1);
    expect(stderr).toContain(`metrics-runtime cannot be compiled: ${own}`);
    expect(stderr).toContain("cannot be written to");
  });
});
