/** The addon itself and the layout of its rings, for floors that the public API has no way to: not for applications. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { NativeAddon } from "../dist/native/boundary.js";
import type * as RingLayout from "../dist/native/ring-layout.js";

const require = createRequire(import.meta.url);

const nativeFolder = join(
  dirname(require.resolve("metrics-runtime/package.json")),
  "dist",
  "native",
);

export function loadAddon(): NativeAddon {
  const internal: { addon(): NativeAddon } = require(join(nativeFolder, "addon.js"));
  return internal.addon();
}

export function loadRingLayout(): typeof RingLayout {
  return require(join(nativeFolder, "ring-layout.js"));
}
