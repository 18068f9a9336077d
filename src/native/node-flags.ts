/** With which flags Node must be started, or not, to let a program have its addon. */
import { join } from "node:path";

/** How node-gyp-build knows Alpine's C library. */
const ALPINE_MARK = "/etc/alpine-release";

/**
 * @param folder where the addon is looked for
 * @returns a sentence; `undefined`: the failure has nothing to do with flags
 */
export function flagAdvice(folder: string, cause: unknown): string | undefined {
  const isRefused = (cause as { readonly code?: unknown } | null)?.code === "ERR_DLOPEN_DISABLED";
  // Only there when Node was started with its permission model.
  const permission = process.permission as typeof process.permission | undefined;
  if (permission === undefined) return isRefused ? "Start Node without --no-addons" : undefined;
  if (isRefused) return "Start Node with --allow-addons";
  // What cannot be read looks to node-gyp-build as if it were not there.
  const looks = process.platform === "linux" && !process.env.LIBC;
  const read = looks ? [folder, ALPINE_MARK] : [folder];
  const unreadable = read.filter((place) => !permission.has("fs.read", place));
  if (unreadable.length === 0) return undefined;
  const flags = unreadable.map(
    (place) => `--allow-fs-read=${place === folder ? join(folder, "*") : place}`,
  );
  return `Start Node with ${flags.join(" ")}`;
}
