import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "..", "..", ".github", "workflows");

export interface Step {
  readonly run?: string;
  readonly uses?: string;
}

export interface Job {
  readonly needs?: string | readonly string[];
  /** Of a job that is another workflow. */
  readonly uses?: string;
  readonly if?: string;
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Matrix };
  readonly steps?: readonly Step[];
}

export interface Matrix {
  readonly node?: readonly number[];
  readonly prebuild?: readonly string[];
  readonly include?: readonly Readonly<Record<string, string>>[];
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function workflows(): readonly Workflow[] {
  return readdirSync(FOLDER).map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
  });
}

export function workflow(file: string): Workflow {
  const found = workflows().find((one) => one.file === file);
  if (found === undefined) throw new Error(`there is no ${file} in ${FOLDER}`);
  return found;
}

export function job(file: string, name: string): Job {
  const found = workflow(file).jobs[name];
  if (found === undefined) throw new Error(`${file} has no job ${name}`);
  return found;
}
