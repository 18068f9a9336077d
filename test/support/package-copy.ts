import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CleanUp, emptyFolder } from "./empty-folder.js";

const ROOT = join(import.meta.dirname, "..", "..");
/** What an installed package consists of, without an addon. */
const PARTS = ["dist", "package.json"];

export type PackageExports = typeof import("metrics-runtime");

/** The package in a folder of its own, as if installed a second time. */
export function copyPackage(cleanUp?: CleanUp): string {
  const folder = emptyFolder(cleanUp);
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

/** Where node-gyp-build first looks for an addon in a package folder. */
export function addonPlace(folder: string): string {
  mkdirSync(join(folder, "build", "Release"), { recursive: true });
  return join(folder, "build", "Release", "metrics_runtime.node");
}

/** Loads the copy in this process, besides the package that is loaded already. */
export function loadCopy(folder: string): PackageExports {
  return createRequire(join(folder, "package.json"))(
    join(folder, "dist", "index.js"),
  ) as PackageExports;
}
