/** Finds the packages of the peers in bench/versus/node_modules, from wherever this was compiled to. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** From out/versus/bench/versus/peers/. */
const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));
const require = createRequire(join(ROOT, "bench", "versus", "package.json"));

/** @throws when it is not installed or does not load here */
export async function loadPackage(name: string): Promise<unknown> {
  return await import(pathToFileURL(require.resolve(name)).href);
}

export interface Manifest {
  readonly version: string;
  /** For which Node.js it is made, in its own words. */
  readonly engines: string | undefined;
}

/** @throws when it is not installed */
export function manifestOf(name: string): Manifest {
  let folder = dirname(require.resolve(name));
  // The nearest package.json may be one that only says "commonjs".
  for (; dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, "package.json"));
    if (manifest?.name === name && manifest.version !== undefined) {
      return { version: manifest.version, engines: manifest.engines?.node };
    }
  }
  throw new Error(`${name} has no package.json`);
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly engines?: { readonly node?: string };
}

function readManifest(path: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PackageJson;
  } catch {
    return undefined;
  }
}
