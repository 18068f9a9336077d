/** The platform in words, as it decides which addon fits. */
import { readFileSync } from "node:fs";

export function describePlatform(): string {
  const { platform, arch, versions } = process;
  return `${[`${platform}-${arch}`, libc()].filter(Boolean).join(" ")}, Node ${versions.node}`;
}

/**
 * The C library of this process, by what it has loaded: Node's report, which names the version too, asks the name
 * server about every open socket and waits for every worker.
 *
 * @returns `undefined` elsewhere than on Linux, and where that must not be read
 */
export function libc(): "glibc" | "musl" | undefined {
  try {
    return readFileSync("/proc/self/maps", "latin1").includes("/ld-musl-") ? "musl" : "glibc";
  } catch {
    return undefined;
  }
}
