// node --import ./scripts/use-development-addon.mjs …: load the addon that cmake-js built, unless the
// environment already names another (node-gyp-build's own switch).
import { join } from "node:path";

process.env.METRICS_RUNTIME_PREBUILD ??= join(import.meta.dirname, "..", "out", "cmake");
