import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** Code of others that is compiled or linked into the addon. */
export interface NativeComponent {
  readonly name: string;
  /** Not of what the image brings that builds a binary. */
  readonly version?: string;
  /** As an SPDX expression. */
  readonly license: string;
  readonly licenseFile: string;
  readonly use: string;
  /** The prebuilt binaries that it is in; without them it is in each. */
  readonly prebuilds?: readonly string[];
}

export function nativeComponents(): readonly NativeComponent[] {
  return JSON.parse(
    readFileSync(join(ROOT, "scripts", "sbom", "native-components.json"), "utf8"),
  ) as NativeComponent[];
}

/** What is installed with the package, by name: the version asked for and the one in the lock file. */
export function runTimeDependencies(): ReadonlyMap<string, { range: string; version: string }> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<
      string,
      { version: string; dev?: boolean; dependencies?: Record<string, string> }
    >;
  };
  const ranges = packages[""]?.dependencies ?? {};
  return new Map(
    Object.entries(packages)
      .filter(([path, { dev }]) => path !== "" && dev !== true)
      .map(([path, { version }]) => {
        const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
        return [name, { range: ranges[name] ?? version, version }];
      }),
  );
}
