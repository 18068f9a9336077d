import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { runNode, runProgram } from "../support/child-process.js";
import { pathOf } from "../support/doctored-path.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment } from "../support/installed-copy.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SCRIPT = join("scripts", "compile-addon.mjs");
const TOOLS = ["python3", "make", "cc", "g++"];
const NODE_GYP = join(ROOT, "node_modules", "node-gyp", "bin", "node-gyp.js");
const COMPILE_LIMIT_MS = 60_000;

/** A package with everything that takes part but for the sources, of which there is one, and small. */
const folder = emptyFolder(afterAll, "metrics runtime é 計-");
for (const part of ["package.json", SCRIPT]) {
  cpSync(join(ROOT, part), join(folder, part), { recursive: true });
}
for (const dependency of ["node-addon-api", "node-gyp-build"]) {
  const place = join("node_modules", dependency);
  cpSync(join(ROOT, place), join(folder, place), { recursive: true });
}
// What is told to the compiler and linker, and no folder of sources.
mkdirSync(join(folder, "native"));
for (const entry of readdirSync(join(ROOT, "native"), { withFileTypes: true })) {
  if (!entry.isFile()) continue;
  copyFileSync(join(ROOT, "native", entry.name), join(folder, "native", entry.name));
}
keepOneSource(join(folder, "native", "sources.gypi"));

function keepOneSource(listFile: string): void {
  const list = JSON.parse(readFileSync(listFile, "utf8"));
  for (const key of Object.keys(list.variables)) {
    if (key.endsWith("_sources")) list.variables[key] = [];
  }
  list.variables.metrics_runtime_binding_sources = ["native/small.cc"];
  writeFileSync(listFile, JSON.stringify(list));
}

function writeSource(code: string): void {
  writeFileSync(join(folder, "native", "small.cc"), code);
}

/** `npm run compile` with these environment variables changed. */
function compile(env: NodeJS.ProcessEnv) {
  return runProgram("npm", ["run", "--silent", "compile", "--prefix", folder], {
    env: foreignEnvironment({ npm_config_loglevel: "error", ...env }),
    deadlineMs: COMPILE_LIMIT_MS,
  });
}

beforeEach(() => writeSource("#include <napi.h>\nNAPI_MODULE_INIT() { return exports; }\n"));

describe.runIf(process.platform !== "win32")("npm run compile names what is missing:", () => {
  async function refused(env: NodeJS.ProcessEnv): Promise<string> {
    const { code, stdout, stderr } = await compile(env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(existsSync(join(folder, "build"))).toBe(false);
    const [line = "", ...more] = stderr.trimEnd().split("\n");
    expect(more).toEqual([]);
    expect(line).toMatch(/^metrics-runtime cannot be compiled: /);
    return line;
  }

  test.each([
    ["python3", "it needs python3."],
    ["make", "it needs make."],
    ["cc", "it needs a C compiler (cc)."],
    ["g++", "it needs a C++20 compiler (g++; GCC 11 or Clang 14 or later)."],
  ])("%s", async (tool, told) => {
    const there = pathOf(TOOLS.filter((name) => name !== tool));
    expect(await refused({ PATH: there })).toContain(`${told} To get all of it: apt-get install`);
  });

  test("all of it, where there is nothing", async () => {
    const line = await refused({ PATH: pathOf([]) });
    expect(line).toContain("it needs python3, make, a C compiler (cc), a C++20 compiler (g++; ");
  });

  test("a compiler that has no C++20 library", async () => {
    const line = await refused({ CXX: "g++ -nostdinc++" });
    expect(line).toContain("it needs a C++20 compiler (g++ -nostdinc++; ");
  });

  test("Node's headers, where they were said to be", async () => {
    expect(await refused({ npm_config_nodedir: "/nowhere" })).toContain(
      "npm_config_nodedir is /nowhere, where there is no include/node/node_api.h",
    );
  });

  test("headers of which Node's libuv is no part", async () => {
    const partial = emptyFolder();
    mkdirSync(join(partial, "include", "node"), { recursive: true });
    writeFileSync(join(partial, "include", "node", "node_api.h"), "");
    expect(await refused({ npm_config_nodedir: partial })).toContain(
      `npm_config_nodedir is ${partial}, where there is no include/node/uv.h`,
    );
  });

  test("node-addon-api, where it is not to be found", async () => {
    const place = join(folder, "node_modules", "node-addon-api");
    renameSync(place, `${place}.away`);
    onTestFinished(() => renameSync(`${place}.away`, place));
    expect(await refused({})).toContain("it needs node-addon-api");
  });

  test("npm, when it is run without", async () => {
    const { npm_config_node_gyp: _, ...env } = process.env;
    const { code, stderr } = await runNode([join(folder, SCRIPT)], { env });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "metrics-runtime cannot be compiled: run it as `npm run compile`, which brings node-gyp\n",
    });
  });
});

describe.runIf(process.platform !== "win32")("npm run compile, in a folder of any name,", () => {
  const addon = join(folder, "build", "Release", "metrics_runtime.node");

  test("compiles, loads what came out and says where it is", {
    timeout: COMPILE_LIMIT_MS,
  }, async () => {
    const { code, stdout, stderr } = await compile({});
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
      /^metrics-runtime: compiled .* s; it loads$/,
    );
    expect(stdout).toContain(addon);
    expect(existsSync(addon)).toBe(true);
    // By which package managers know what to compile at every install.
    expect(existsSync(join(folder, "binding.gyp"))).toBe(false);
  });

  test("leaves no build file behind when it is ended in the midst", {
    timeout: COMPILE_LIMIT_MS,
  }, async () => {
    const buildFile = join(folder, "binding.gyp");
    const wasThere: boolean[] = [];
    const { code } = await runNode([join(folder, SCRIPT)], {
      env: foreignEnvironment({ npm_config_node_gyp: NODE_GYP }),
      deadlineMs: COMPILE_LIMIT_MS,
      onStdout: (_, kill) => {
        if (wasThere.length === 0) wasThere.push(existsSync(buildFile));
        kill("SIGTERM");
      },
    });
    expect({ code, wasThere }).toEqual({ code: 1, wasThere: [true] });
    expect(existsSync(buildFile)).toBe(false);
  });

  test("fails when it does not compile", { timeout: COMPILE_LIMIT_MS }, async () => {
    writeSource("#error not today\n");
    const { code, stderr } = await compile({});
    expect(code).toBe(1);
    expect(stderr).toContain("not today");
    expect(stderr).toContain(
      "metrics-runtime cannot be compiled: node-gyp failed; what it says is above",
    );
  });

  test("fails when what came out does not load", { timeout: COMPILE_LIMIT_MS }, async () => {
    writeSource("// no addon\n");
    const { code, stderr } = await compile({});
    expect(code).toBe(1);
    expect(stderr).toContain(`it was compiled, but ${addon} does not load: `);
  });
});
