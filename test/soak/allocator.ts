/** The C library's allocator of this process, by the addon in native/test/allocator/, which the development build has. */
import { createRequire } from "node:module";

export interface Allocator {
  /** Bytes that are given out. */
  inUse(): number;
  /** What is free goes back to the system. */
  giveBack(): void;
}

const PROBE = "../../../cmake/build/probe/allocator_probe.node";

/** @throws Error where there is none: see CMakeLists.txt */
export function allocator(): Allocator {
  return createRequire(import.meta.url)(PROBE) as Allocator;
}
