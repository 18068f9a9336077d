/** Finds and loads the native addon: the one place that does. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { addonUnavailable } from "./addon-unavailable.js";
import type { NativeAddon } from "./boundary.js";
import { refuseTruncated } from "./elf-file.js";
import type { NodeGypBuild } from "./node-gyp-build.js";
import { VERSION } from "./version.js";

interface LoadedAddon {
  readonly native: NativeAddon;
  readonly file: string;
}

/** This file is `dist/native/addon.js` in the package, or a part of a bundle, in a folder of whatever name. */
const IS_BUNDLED =
  basename(__filename) !== "addon.js" || !existsSync(join(__dirname, "boundary.js"));
const PACKAGE_FOLDER = IS_BUNDLED ? undefined : join(__dirname, "..", "..");

let loaded: LoadedAddon | undefined;

/**
 * The addon, loaded once for each JavaScript environment.
 *
 * @throws {@link MetricsRuntimeUnexpectedError} when there is no addon for this platform or it
 * cannot be loaded. `details`: `file` (or `searched`), `platform`, `howToBuild`.
 */
export function addon(): NativeAddon {
  loaded ??= load();
  return loaded.native;
}

/** Where it lies. Two that lie in different places know nothing of each other. */
export function addonFile(): string {
  loaded ??= load();
  return loaded.file;
}

function load(): LoadedAddon {
  // node-gyp-build's own switch, read here because in a bundle it does not know whom it works for. A bundle
  // has the addons beside it.
  const folder = process.env.METRICS_RUNTIME_PREBUILD || (PACKAGE_FOLDER ?? __dirname);
  let file: string | undefined;
  try {
    // Not before it is needed: it looks at files when it is loaded, which the permission model may refuse.
    const nodeGypBuild = require("node-gyp-build") as NodeGypBuild;
    file = nodeGypBuild.path(folder);
    refuseTruncated(file);
    const native = nodeGypBuild(folder) as NativeAddon;
    refuseOtherVersion(native);
    return { native, file };
  } catch (cause) {
    throw addonUnavailable({ packageFolder: PACKAGE_FOLDER, folder, file, cause });
  }
}

/** One that was left behind, or put beside a bundle, speaks of its memory otherwise than this library; that of another
 * package, in the folder that bundles share, speaks of something else. */
function refuseOtherVersion({ version }: Partial<NativeAddon>): void {
  if (version === VERSION) return;
  const whose =
    version === undefined ? "no addon of metrics-runtime" : `of metrics-runtime ${version}`;
  throw new Error(`it is ${whose}, and this is ${VERSION}: replace it`);
}
