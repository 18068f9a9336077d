/** Instructions, counted by callgrind: the same whatever else the machine is doing. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { itemsOf } from "./programs.js";

const ITERATIONS = 4;
const DUMP = /^desc: Trigger: Client Request: (.*)$[\s\S]*^totals: (\d+)$/m;

const run = promisify(execFile);

export async function hasCallgrind(): Promise<boolean> {
  return run("valgrind", ["--version"]).then(
    () => true,
    () => false,
  );
}

/**
 * By the name of the benchmark, for one item. All benchmarks of the program in one process: each leaves a
 * dump of its own, which bears its name.
 */
export async function countInstructions(path: string): Promise<ReadonlyMap<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "callgrind-"));
  try {
    const { stdout } = await run("valgrind", [
      "--quiet",
      "--tool=callgrind",
      "--collect-atstart=no",
      `--callgrind-out-file=${join(folder, "dump")}`,
      path,
      `--fixed-iterations=${ITERATIONS}`,
      "--benchmark_format=json",
    ]);
    const collected = await readDumps(folder);
    return new Map(
      [...itemsOf(stdout)].map(([name, items]) => {
        const instructions = collected.get(name);
        if (instructions === undefined) throw new Error(`callgrind left no dump of ${name}`);
        return [name, instructions / (ITERATIONS * items)];
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readDumps(folder: string): Promise<ReadonlyMap<string, number>> {
  const collected = new Map<string, number>();
  for (const file of await readdir(folder)) {
    const [, name, total] = DUMP.exec(await readFile(join(folder, file), "utf8")) ?? [];
    if (name !== undefined) collected.set(name, Number(total));
  }
  return collected;
}
