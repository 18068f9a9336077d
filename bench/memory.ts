/** What a series, a label value and a key cost: resident memory, each row in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { markdownTable } from "./markdown-table.js";
import { MEMORY_SUBJECTS, type MemoryReading } from "./memory-subjects.js";

const MEASURE = fileURLToPath(new URL("./memory-subjects.js", import.meta.url));

const run = promisify(execFile);

export async function measureMemory(): Promise<void> {
  const rows: string[][] = [];
  for (const subject of Object.keys(MEMORY_SUBJECTS)) {
    const { stdout } = await run(process.execPath, [...process.execArgv, MEASURE, subject]);
    const { items, bytes } = JSON.parse(stdout) as MemoryReading;
    rows.push([subject, String(items), (bytes / items).toFixed(0)]);
  }
  console.log(markdownTable(["what", "how many", "bytes each"], rows));
}
