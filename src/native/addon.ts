/** Finds and loads the native addon: the one place that does. */
import { join } from "node:path";
import nodeGypBuild from "node-gyp-build";
import { MetricsRuntimeUnexpectedError } from "../runtime/errors.js";
import type { NativeAddon } from "./boundary.js";

/** This file is `dist/native/addon.js` in the package. */
const PACKAGE_ROOT = join(__dirname, "..", "..");

let loaded: NativeAddon | undefined;

/**
 * The addon, loaded once for each JavaScript environment.
 *
 * @throws {@link MetricsRuntimeUnexpectedError} when there is no addon for this platform or it
 * cannot be loaded. `details`: `file` (or `searched`), `platform`, `howToBuild`.
 */
export function addon(): NativeAddon {
  loaded ??= load();
  return loaded;
}

function load(): NativeAddon {
  let file: string | undefined;
  try {
    file = nodeGypBuild.path(PACKAGE_ROOT);
    return nodeGypBuild(PACKAGE_ROOT) as NativeAddon;
  } catch (cause) {
    throw unavailable(file, cause);
  }
}

function unavailable(file: string | undefined, cause: unknown): MetricsRuntimeUnexpectedError {
  const platform = describePlatform();
  const howToBuild = `cd ${JSON.stringify(PACKAGE_ROOT)} && npx node-gyp rebuild`;
  const searched = [
    join(PACKAGE_ROOT, "build", "Release", "*.node"),
    join(PACKAGE_ROOT, "prebuilds", `${process.platform}-${process.arch}`, "*.node"),
  ];
  const what =
    file === undefined
      ? `no native addon for ${platform}: looked for ${searched.join(" and ")}`
      : `the native addon ${file} cannot be loaded on ${platform}`;
  const why = cause instanceof Error ? cause.message.trim() : String(cause);
  const told = new Error(
    `${what} (${why}). To build it (needs python3, make and a C++20 compiler): ${howToBuild}`,
    { cause },
  );
  return new MetricsRuntimeUnexpectedError(
    told,
    file === undefined ? { searched, platform, howToBuild } : { file, platform, howToBuild },
  );
}

function describePlatform(): string {
  const { platform, arch, versions } = process;
  return `${platform}-${arch}${platform === "linux" ? ` ${libc()}` : ""}, Node ${versions.node}`;
}

/** glibc names its version in Node's report; musl does not. */
function libc(): string {
  const report = process.report?.getReport() as
    | { readonly header?: { readonly glibcVersionRuntime?: string } }
    | undefined;
  const version = report?.header?.glibcVersionRuntime;
  return version === undefined ? "musl" : `glibc ${version}`;
}
