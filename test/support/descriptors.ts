/** The open files of this process as Linux sees them. */
import { readdirSync } from "node:fs";

export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
