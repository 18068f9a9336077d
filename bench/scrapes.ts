/** A day of scrapes, one every 15 s, in a row and in a process of its own: whether anything is left behind. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { markdownTable } from "./markdown-table.js";
import type { ScrapesReading } from "./scrapes-program.js";
import { median } from "./statistics.js";

const PROGRAM = fileURLToPath(new URL("./scrapes-program.js", import.meta.url));
const RENDERS = 5_760;
const SAMPLE_EVERY = 288;
const MEASURES = ["rss", "heapUsed", "external"] as const;
/** What the median of the last third may be above that of the first. */
const MOST_BYTES = 2 * 2 ** 20;

const run = promisify(execFile);

export async function measureScrapes(): Promise<void> {
  const args = [...process.execArgv, PROGRAM, String(RENDERS), String(SAMPLE_EVERY)];
  const { stdout } = await run(process.execPath, args);
  const { samples, seconds } = JSON.parse(stdout) as ScrapesReading;
  const third = Math.floor(samples.length / 3);
  const rows = MEASURES.map((measure) => {
    const values = samples.map((sample) => sample[measure]);
    const first = median(values.slice(0, third));
    const last = median(values.slice(-third));
    return { measure, first, last, grown: last - first, most: Math.max(...values) };
  });
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2);
  console.log(
    `${RENDERS} renders in ${seconds.toFixed(1)} s, ${samples.length} samples; medians, MiB\n`,
  );
  console.log(
    markdownTable(
      ["after a collection", "first third", "last third", "grown by", "most"],
      rows.map(({ measure, first, last, grown, most }) => [
        measure,
        ...[first, last, grown, most].map(mebibytes),
      ]),
    ),
  );
  const reached = rows.every(({ grown }) => grown <= MOST_BYTES);
  const most = mebibytes(MOST_BYTES);
  console.log(`\nclaim: none grown by more than ${most} MiB: ${reached ? "" : "not "}reached.`);
}
