import { existsSync } from "node:fs";
import { join } from "node:path";
import { prebuilds } from "../../scripts/prebuild/platforms.mjs";

const ROOT = join(import.meta.dirname, "..", "..");
export const PREBUILDS = join(ROOT, "prebuilds");

/** The binaries that `npm run prebuildify` makes on Linux with glibc, where tests run them. */
export const GLIBC_PREBUILDS = prebuilds
  .filter((file) => file.includes(".glibc."))
  .map((file) => ({ file, path: join(PREBUILDS, file), arch: file.match(/-(\w+)\//)?.[1] ?? "" }));

/** What to do before there are all of them; undefined when they are there. */
export function missingPrebuilds(): string | undefined {
  const isThere = GLIBC_PREBUILDS.every(({ path }) => existsSync(path));
  return isThere ? undefined : "npm run prebuildify, on Linux with glibc on x64";
}
