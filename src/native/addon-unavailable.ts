/** The error for an addon that is not there or does not load: what happened, why, and what to do. */
import { join } from "node:path";
import { MetricsRuntimeUnexpectedError } from "../runtime/errors.js";
import { flagAdvice } from "./node-flags.js";
import { describePlatform, libc } from "./platform.js";

export interface FailedLoad {
  /** `undefined` in a bundle. */
  readonly packageFolder: string | undefined;
  /** Where an addon was looked for. */
  readonly folder: string;
  /** What was found there. */
  readonly file: string | undefined;
  readonly cause: unknown;
}

export function addonUnavailable(failed: FailedLoad): MetricsRuntimeUnexpectedError {
  const { packageFolder, folder, file, cause } = failed;
  const platform = describePlatform();
  const searched = [
    join(folder, "build", "Release", "*.node"),
    join(folder, "build", "Debug", "*.node"),
    join(folder, "prebuilds", `${process.platform}-${process.arch}`, "*.node"),
  ];
  const what =
    file === undefined
      ? `no native addon for ${platform}: looked for ${searched.join(" and ")}`
      : `the native addon ${file} cannot be loaded on ${platform}`;
  const why = cause instanceof Error ? cause.message.trim() : String(cause);
  const howToBuild = compileCommand(packageFolder ?? join("node_modules", "metrics-runtime"));
  const remedy =
    flagAdvice(folder, cause) ?? [...advice(failed), build(failed, howToBuild)].join(". ");
  return new MetricsRuntimeUnexpectedError(
    new Error(`${what} (${why}). ${remedy}`, { cause }),
    file === undefined ? { searched, platform, howToBuild } : { file, platform, howToBuild },
  );
}

/** What may help sooner than to compile. */
function advice({ packageFolder, folder, file }: FailedLoad): string[] {
  const beside = join(folder, "prebuilds");
  const bundle = `In a bundle: copy prebuilds/ of the package to ${beside}, or leave the package external`;
  if (file === undefined) return packageFolder === undefined ? [bundle] : [];
  const own = libc();
  const wants = /\.(glibc|musl)\.node$/.exec(file)?.[1];
  if (own !== undefined && wants !== undefined && own !== wants) {
    return [`The file is for ${wants}: set the environment variable LIBC=${own}`];
  }
  return ["If the file is damaged, install the package again"];
}

function build({ packageFolder, folder }: FailedLoad, howToBuild: string): string {
  const told = `To build it (needs python3, make and a C++20 compiler): ${howToBuild}`;
  return packageFolder === undefined
    ? `${told}, and copy its build/ to ${join(folder, "build")}`
    : told;
}

function compileCommand(packageFolder: string): string {
  return `npm run compile --prefix ${JSON.stringify(packageFolder)}`;
}
