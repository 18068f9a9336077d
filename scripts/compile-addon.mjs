// `npm run compile`: the addon from its sources, for a platform that has no prebuilt one. It is shipped, and
// looks for what compiling needs before it touches anything.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { env, execPath, platform } = process;

// What the addon asks of a compiler and its library: the standard, and doubles as text.
const PROBE =
  "#include <charconv>\nchar text[32];\nauto end = std::to_chars(text, text + 32, 1.5);\n";

/** As node-gyp and make choose them. */
const compilers = { c: env.CC ?? "cc", cxx: env.CXX ?? (platform === "darwin" ? "c++" : "g++") };
const pythons = [env.npm_config_python, env.NODE_GYP_FORCE_PYTHON, env.PYTHON, "python3", "python"];

/** @param command may have arguments, such as `ccache g++` */
function works(command, input = "") {
  return (
    spawnSync(command, { shell: true, input, stdio: ["pipe", "ignore", "ignore"] }).status === 0
  );
}

function hasPython() {
  const check = "import sys; sys.exit(sys.version_info < (3, 6))";
  const runs = (python) => spawnSync(python, ["-c", check], { stdio: "ignore" }).status === 0;
  return pythons.some((python) => python !== undefined && runs(python));
}

/** The tools that are not there. On Windows node-gyp looks for them, and says what it wants. */
function missingTools() {
  if (platform === "win32") return [];
  const missing = [];
  if (!hasPython()) missing.push("python3");
  if (!works(`${env.MAKE ?? "make"} --version`)) missing.push("make");
  if (!works(`${compilers.c} -fsyntax-only -x c -`)) missing.push(`a C compiler (${compilers.c})`);
  if (!works(`${compilers.cxx} -std=c++20 -fsyntax-only -x c++ -`, PROBE)) {
    missing.push(`a C++20 compiler (${compilers.cxx}; GCC 11 or Clang 14 or later)`);
  }
  return missing;
}

/** Those of `--nodedir`, or beside this Node; `undefined`: node-gyp fetches them. */
function headersFolder() {
  const told = env.npm_config_nodedir;
  const folder = told ?? dirname(dirname(execPath));
  // Both: beside a Node that was built with the system's libuv there is no uv.h, and another might be taken.
  const missing = ["node_api.h", "uv.h"].find(
    (name) => !existsSync(join(folder, "include", "node", name)),
  );
  if (missing === undefined) return folder;
  if (told !== undefined)
    fail(`npm_config_nodedir is ${told}, where there is no include/node/${missing}`);
  return undefined;
}

function fail(why) {
  console.error(`metrics-runtime cannot be compiled: ${why}`);
  process.exit(1);
}

const nodeGyp = env.npm_config_node_gyp;
if (nodeGyp === undefined) fail("run it as `npm run compile`, which brings node-gyp");
const missing = missingTools();
if (missing.length > 0) {
  fail(
    `it needs ${missing.join(", ")}. To get all of it: apt-get install python3 make g++ ` +
      "(Debian, Ubuntu), apk add python3 make g++ (Alpine), dnf install python3 make gcc-c++ (Fedora), " +
      "xcode-select --install (macOS)",
  );
}
const headers = headersFolder();
try {
  accessSync(root, constants.W_OK);
} catch {
  fail(`${root} cannot be written to`);
}

try {
  createRequire(import.meta.url).resolve("node-addon-api");
} catch {
  fail(
    "it needs node-addon-api, which is not installed where it looks; with Yarn's PnP: yarn exec npm run compile …",
  );
}

// In a checkout it is there; in an installed package it would have it compiled at every install, and by some
// package managers where there is a prebuilt binary too. So it goes however this ends.
const buildFile = join(root, "binding.gyp");
if (!existsSync(join(root, "CMakeLists.txt"))) {
  writeFileSync(buildFile, '{ "includes": ["native/addon.gypi"] }\n');
  process.on("exit", () => rmSync(buildFile, { force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
}

const begin = performance.now();
const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`];
const compiling = spawn(execPath, [nodeGyp, "rebuild", ...nodedir], {
  cwd: root,
  stdio: "inherit",
  // On all processors, unless it is told on how many.
  env: { JOBS: "max", ...env },
});
const [status] = await once(compiling, "exit");
if (status !== 0) fail("node-gyp failed; what it says is above");
const seconds = ((performance.now() - begin) / 1000).toFixed(1);

const addon = join(root, "build", "Release", "metrics_runtime.node");
try {
  createRequire(import.meta.url)(addon);
} catch (error) {
  fail(`it was compiled, but ${addon} does not load: ${error.message}`);
}
console.log(`metrics-runtime: compiled ${addon} in ${seconds} s; it loads`);
