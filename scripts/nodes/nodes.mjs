// The versions of Node.js that the prebuilt binaries are tried on (Linux on x64): those of package.json beside this,
// which `node scripts/install-dependencies-of.mjs scripts/nodes` installs. Those for arm64 run under emulation.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const EMULATOR = ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"];

const { devDependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

/** @type {readonly { arch: string, version: string, command: string[] }[]} `node-x64-22` is 22, with its program */
export const NODES = Object.keys(devDependencies).map((name) => {
  const [, arch, version] = name.split("-");
  const program = join(here, "node_modules", name, "bin", "node");
  return { arch, version, command: arch === "arm64" ? [...EMULATOR, program] : [program] };
});

/** @param {{ command: readonly string[] }} node */
export function isInstalled({ command }) {
  return existsSync(command.at(-1) ?? "");
}
