/** The addon itself, for floors that the public API has no way to: not for applications. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { NativeAddon } from "../dist/native/boundary.js";

const require = createRequire(import.meta.url);

export function loadAddon(): NativeAddon {
  const packageRoot = dirname(require.resolve("metrics-runtime/package.json"));
  const internal: { addon(): NativeAddon } = require(
    join(packageRoot, "dist", "native", "addon.js"),
  );
  return internal.addon();
}
