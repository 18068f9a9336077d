import { createRequire } from "node:module";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const nodeGypBuild: { path: (folder: string) => string } = createRequire(import.meta.url)(
  "node-gyp-build",
);

/** The file of the addon that the tests use: of the development build, or a prebuilt one. */
export function builtAddon(): string {
  return nodeGypBuild.path(ROOT);
}
