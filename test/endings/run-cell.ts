import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Cell } from "./matrix.js";

const PROGRAM = join(import.meta.dirname, "..", "fixtures", "endings-matrix", "program.mjs");
const DEADLINE_MS = 10_000;
/** From a program's word that it is ready: then it does what it said. */
const SIGNAL_AFTER_MS = 50;

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TimedEnd {
  readonly end: End;
  readonly ms: number;
}

export interface Surroundings {
  readonly node: string;
  readonly cwd: string;
  /** Folders of whole packages, each with an addon of its own. */
  readonly copies: readonly string[];
}

/** Runs one program to its end; fails when that does not come in time. */
export function runCell(
  { way, state, where }: Cell,
  variant: "with" | "without",
  { node, cwd, copies }: Surroundings,
): Promise<TimedEnd> {
  const env: NodeJS.ProcessEnv = { ...process.env, ENDINGS_COPIES: copies.join(",") };
  delete env.NODE_OPTIONS;
  // It would name one addon for both.
  if (way.name === "two-copies") delete env.METRICS_RUNTIME_PREBUILD;
  const args = [PROGRAM, variant, way.name, state, where];
  const begin = performance.now();
  const child = spawn(node, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  let signalled = false;
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (way.signal === undefined || signalled || !stdout.includes("ready")) return;
    signalled = true;
    setTimeout(() => child.kill(way.signal), SIGNAL_AFTER_MS);
  });
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${args.join(" ")} did not end in ${DEADLINE_MS} ms: ${stdout}${stderr}`));
    }, DEADLINE_MS);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(tooLate);
      const ms = Math.round(performance.now() - begin);
      resolve({ end: { code, signal, stdout, stderr }, ms });
    });
  });
}

/** Lets so many run at a time, in the order in which they asked. */
export function limited(most: number): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
