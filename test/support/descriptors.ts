/** The open files of this process as Linux sees them. */
import { readdirSync, readlinkSync } from "node:fs";

const OPEN = "/proc/self/fd";

export function openDescriptors(): number {
  return readdirSync(OPEN).length;
}

/** How many there are of each kind: a path, or what stands in its place. */
export function descriptorKinds(): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const name of readdirSync(OPEN)) {
    const kind = kindOf(name);
    if (kind !== undefined) kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

/** `undefined`: it was that of reading the folder. */
function kindOf(name: string): string | undefined {
  try {
    return readlinkSync(`${OPEN}/${name}`).replace(/:\[\d+\]$/, "");
  } catch {
    return undefined;
  }
}
