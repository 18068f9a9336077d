/** The error for an addon that is not there or does not load: what happened, why, and what to do. */
import { join } from "node:path";
import { MetricsRuntimeUnexpectedError } from "../runtime/errors.js";
import { flagAdvice } from "./node-flags.js";
import { describePlatform } from "./platform.js";

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
    join(folder, "prebuilds", `${process.platform}-${process.arch}`, "*.node"),
  ];
  const what =
    file === undefined
      ? `no native addon for ${platform}: looked for ${searched.join(" and ")}`
      : `the native addon ${file} cannot be loaded on ${platform}`;
  const why = cause instanceof Error ? cause.message.trim() : String(cause);
  const howToBuild = compileCommand(packageFolder ?? join("node_modules", "metrics-runtime"));
  const remedy = flagAdvice(folder, cause) ?? [...advice(failed), build(howToBuild)].join(". ");
  return new MetricsRuntimeUnexpectedError(
    new Error(`${what} (${why}). ${remedy}`, { cause }),
    file === undefined ? { searched, platform, howToBuild } : { file, platform, howToBuild },
  );
}

/** What may help sooner than to compile. */
function advice({ packageFolder, folder, file }: FailedLoad): string[] {
  if (file !== undefined) return ["If the file is damaged, install the package again"];
  if (packageFolder !== undefined) return [];
  const beside = join(folder, "prebuilds");
  return [
    `In a bundle: copy prebuilds/ of the package to ${beside}, or leave the package external`,
  ];
}

function build(howToBuild: string): string {
  return `To build it (needs python3, make and a C++20 compiler): ${howToBuild}`;
}

function compileCommand(packageFolder: string): string {
  return `npm run compile --prefix ${JSON.stringify(packageFolder)}`;
}
