/**
 * What the public API has no way to, for floors: the addon itself, the layout of its rings, methods without what logs
 * them. Not for applications.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { NativeAddon } from "../dist/native/boundary.js";
import type * as RingLayout from "../dist/native/ring-layout.js";

const require = createRequire(import.meta.url);

const dist = join(dirname(require.resolve("metrics-runtime/package.json")), "dist");

export function loadAddon(): NativeAddon {
  const internal: { addon(): NativeAddon } = require(join(dist, "native", "addon.js"));
  return internal.addon();
}

export function loadRingLayout(): typeof RingLayout {
  return require(join(dist, "native", "ring-layout.js"));
}

export function unlogged<Method extends object>(method: Method): Method {
  const internal: { unlogged(method: Method): Method } = require(
    join(dist, "logging", "log-invocation.js"),
  );
  return internal.unlogged(method);
}
