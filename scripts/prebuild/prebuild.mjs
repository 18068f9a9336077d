// `npm run prebuildify`: the published binary of this platform, into prebuilds/. On Linux with glibc, on x64:
// that of arm64 too. `-- --arch x64` for one of them.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordSources } from "../release/addon-sources.mjs";
import { sysroot } from "./sysroot.mjs";

const root = join(import.meta.dirname, "..", "..");
const prebuildify = createRequire(import.meta.url).resolve("prebuildify/bin.js");
const isMusl = existsSync("/etc/alpine-release");
const linksOldGlibc = process.platform === "linux" && process.arch === "x64" && !isMusl;

const MACHINES = { x64: "x86_64", arm64: "aarch64" };
/** What Debian calls its compilers for the other architecture. */
const TOOLS = { x64: "", arm64: "aarch64-linux-gnu-" };

const { values } = parseArgs({ options: { arch: { type: "string", multiple: true } } });
const possible = linksOldGlibc ? Object.keys(MACHINES) : [process.arch];
for (const arch of values.arch ?? possible) {
  if (possible.includes(arch)) build(arch);
  else fail(`cannot build for ${arch} here; possible: ${possible.join(", ")}`);
}

function build(arch) {
  const options = ["--napi", "--strip", "--arch", arch, "--target", process.versions.node];
  if (process.platform === "linux") options.push("--tag-libc");
  const tools = linksOldGlibc ? toolsFor(arch) : {};
  if (linksOldGlibc) options.push("--strip-bin", `${TOOLS[arch]}strip`);
  const definitions = ["self_contained=1"];
  if (linksOldGlibc) definitions.push(`'glibc_sysroot=${sysroot(MACHINES[arch])}'`);
  const { status } = spawnSync(process.execPath, [prebuildify, ...options], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...tools, GYP_DEFINES: definitions.join(" ") },
  });
  // The loader takes what lies in build/Release rather than a prebuilt binary.
  rmSync(join(root, "build"), { recursive: true, force: true });
  if (status !== 0) fail(`no binary for ${process.platform}-${arch}`);
  recordSources(join(root, "prebuilds", `${process.platform}-${arch}`, nameOfBinary()));
}

/** As prebuildify calls it. */
function nameOfBinary() {
  if (process.platform !== "linux") return "metrics-runtime.node";
  return `metrics-runtime.${isMusl ? "musl" : "glibc"}.node`;
}

/** With the compiler launcher that CMake is told to use, if there is one. */
function toolsFor(arch) {
  const launcher = process.env.CMAKE_CXX_COMPILER_LAUNCHER;
  const command = (tool) => [launcher, `${TOOLS[arch]}${tool}`].filter(Boolean).join(" ");
  return { CC: command("gcc"), CXX: command("g++"), AR: `${TOOLS[arch]}ar` };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
