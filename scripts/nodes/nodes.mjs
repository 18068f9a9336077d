// The versions of Node.js that the prebuilt binaries are tried on, as npm packages under out/nodes/.
// `node scripts/nodes.mjs` installs those that are missing, some 50 MB each.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(import.meta.dirname, "..", "out", "nodes");
const platform = process.platform === "win32" ? "win" : process.platform;

/** Release lines, on this machine's architecture. */
export const VERSIONS = ["20", "22", "24", "26"];
/** The oldest and the newest of long-term support, under emulation (Linux on x64). */
const EMULATED = process.platform === "linux" && process.arch === "x64" ? ["20", "24"] : [];

/** Each with the command that runs it. @type {readonly { arch: string, version: string, command: string[] }[]} */
export const NODES = [
  ...VERSIONS.map((version) => ({
    arch: process.arch,
    version,
    command: [binary(process.arch, version)],
  })),
  ...EMULATED.map((version) => ({
    arch: "arm64",
    version,
    command: ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", binary("arm64", version)],
  })),
];

/** @param {{ command: readonly string[] }} node */
export function isInstalled({ command }) {
  return existsSync(command.at(-1) ?? "");
}

function prefix(arch, version) {
  return join(folder, `${arch}-${version}`);
}

function binary(arch, version) {
  const program = platform === "win" ? "node.exe" : "node";
  const name = `node-${platform}-${arch}`;
  return join(prefix(arch, version), "node_modules", name, "bin", program);
}

async function install({ arch, version }) {
  const name = `node-${platform}-${arch}@${version}`;
  mkdirSync(prefix(arch, version), { recursive: true });
  // Forced: the one to be emulated is not for this machine.
  const options = ["--no-save", "--ignore-scripts", "--force", "--no-audit", "--no-fund"];
  const npm = spawn("npm", ["install", ...options, "--prefix", prefix(arch, version), name], {
    stdio: "inherit",
    shell: platform === "win",
  });
  const [status] = await once(npm, "exit");
  if (status !== 0) throw new Error(`npm install ${name} failed`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all(NODES.filter((one) => !isInstalled(one)).map(install));
}
