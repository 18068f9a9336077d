/**
 * Bytes that one operation leaves on the JavaScript heap: in a process of its own, whose young generation
 * is so large that nothing is collected while it is looked at.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Options } from "./options.js";
import type { Figure } from "./ratios.js";

const PROGRAM = fileURLToPath(new URL("./allocation-program.js", import.meta.url));
const YOUNG_MIB = 256;
const MOST_OUTPUT = 2 ** 24;

const run = promisify(execFile);

export async function measureAllocation(options: Options): Promise<readonly Figure[]> {
  const flags = [`--min-semi-space-size=${YOUNG_MIB}`, `--max-semi-space-size=${YOUNG_MIB}`];
  const { stdout } = await run(
    process.execPath,
    [...process.execArgv, ...flags, PROGRAM, JSON.stringify(options)],
    { maxBuffer: MOST_OUTPUT },
  );
  return JSON.parse(stdout) as readonly Figure[];
}
