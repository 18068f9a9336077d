import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtAddon } from "./built-addon.js";
import { type ChildResult, runProgram } from "./child-process.js";
import { foreignEnvironment, prebuildIn } from "./installed-copy.js";

const ROOT = join(import.meta.dirname, "..", "..");
const NPM_LIMIT_MS = 60_000;

export interface PackedPackage {
  /** The tarball. */
  readonly file: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** What `npm publish` would send, into `folder`. */
export async function packPackage(folder: string): Promise<PackedPackage> {
  const { code, stdout, stderr } = await runNpm(
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    ROOT,
  );
  if (code !== 0) throw new Error(`npm pack failed: ${stderr}`);
  // One entry for each package, in a list or, of newer versions of npm, by its name.
  const [packed] = Object.values(
    JSON.parse(stdout) as Record<string, PackedPackage & { filename: string }>,
  );
  if (packed === undefined) throw new Error(`npm pack packed nothing: ${stdout}`);
  return { ...packed, file: join(folder, packed.filename) };
}

/** `npm install <tarball>` for an application of its own in `folder`. */
export function installPackage(
  { file }: PackedPackage,
  folder: string,
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): Promise<ChildResult> {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
  return runNpm(["install", ...quiet, ...flags, file], folder, env);
}

/** Where the tests run on another addon than a prebuilt one, that takes its place. */
export function useBuiltAddon(packageFolder: string): void {
  if (builtAddon().startsWith(join(ROOT, "prebuilds"))) return;
  rmSync(join(packageFolder, "prebuilds"), { recursive: true, force: true });
  const file = prebuildIn(packageFolder);
  mkdirSync(join(file, ".."), { recursive: true });
  copyFileSync(builtAddon(), file);
}

function runNpm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  return runProgram("npm", args, {
    cwd,
    env: foreignEnvironment({ npm_config_loglevel: "warn", ...env }),
    deadlineMs: NPM_LIMIT_MS,
  });
}
