import { spawn } from "node:child_process";
import { join } from "node:path";
import { PATIENCE } from "./patience.js";

/** How a child process ended, and what it wrote. */
export interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly nodeArguments?: readonly string[];
  readonly deadlineMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** As whom it runs; only root may choose. */
  readonly identity?: { readonly uid?: number; readonly gid?: number };
  /** Called with everything written to stdout so far; may signal the child. */
  readonly onStdout?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void;
}

const FIXTURES = join(import.meta.dirname, "..", "fixtures");

/** Runs `test/fixtures/<fixture>` with Node; fails when it has not ended by the deadline (5 s). */
export function runFixture(
  fixture: string,
  args: readonly string[] = [],
  options: ChildOptions = {},
): Promise<ChildResult> {
  const nodeArguments = options.nodeArguments ?? [];
  return runNode([...nodeArguments, join(FIXTURES, fixture), ...args], options);
}

export function runNode(args: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  return runProgram(process.execPath, args, options);
}

/** As `runFixture`, with room for so many open files only. Not on Windows. */
export function runFixtureWithFiles(most: number, fixture: string): Promise<ChildResult> {
  const command = `ulimit -n ${most} && exec "$0" "$@"`;
  return runProgram("/bin/sh", ["-c", command, process.execPath, join(FIXTURES, fixture)]);
}

export function runProgram(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildResult> {
  const { deadlineMs = 5_000, env = process.env, cwd, identity, onStdout } = options;
  const child = spawn(command, args, { env, cwd, ...identity, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    onStdout?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => {
      child.kill("SIGKILL");
      const what = `${args.join(" ")} did not end within ${deadlineMs} ms`;
      reject(new Error(`${what}; stdout: ${stdout}; stderr: ${stderr}`));
    }, PATIENCE * deadlineMs);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(tooLate);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
