import { copyFileSync, cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { builtAddon } from "./built-addon.js";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * Puts the package, its addon and what it needs at run time under `folder`, as npm would, and faster.
 *
 * @returns the package's folder
 */
export function installCopy(folder: string): string {
  const installed = join(folder, "node_modules", "metrics-runtime");
  for (const part of ["dist", "package.json"]) {
    cpSync(join(ROOT, part), join(installed, part), { recursive: true });
  }
  cpSync(
    join(ROOT, "node_modules", "node-gyp-build"),
    join(folder, "node_modules", "node-gyp-build"),
    { recursive: true, dereference: true },
  );
  const file = prebuildIn(installed);
  mkdirSync(join(file, ".."), { recursive: true });
  copyFileSync(builtAddon(), file);
  return installed;
}

/** Where the copy has its addon. */
export function prebuildIn(packageFolder: string): string {
  const { platform, arch } = process;
  return join(packageFolder, "prebuilds", `${platform}-${arch}`, "metrics-runtime.node");
}

/** The environment without what would lead a child to the addon of this checkout. */
export function foreignEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { METRICS_RUNTIME_PREBUILD: _, ...env } = process.env;
  return { ...env, ...more };
}
