/**
 * `npm run bench:native [-- --no-instructions]`: what the runtime thread pays for one event, by aggregation
 * and number of series, and for one series in a snapshot; in nanoseconds and, where valgrind is installed, in
 * instructions.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.js";
import { markdownTable } from "../markdown-table.js";
import { countInstructions, hasCallgrind } from "./callgrind.js";
import { measureNanoseconds, pathOf } from "./programs.js";

const BUILD = join("out", "native-bench");
const DRAIN = pathOf(BUILD, "drain_bench");
const SNAPSHOT = pathOf(BUILD, "snapshot_bench");
const DRAIN_CASES = ["one", "by 1", "by 10", "by 2000", "overflow"] as const;

type Figures = ReadonlyMap<string, number>;

function drainTable(figures: Figures, digits: number): string {
  const aggregations = new Set([...figures.keys()].map((name) => name.split("/")[0] ?? name));
  return markdownTable(
    ["aggregation", "one series", ...DRAIN_CASES.slice(1)],
    [...aggregations].map((aggregation) => [
      aggregation,
      ...DRAIN_CASES.map((each) => figures.get(`${aggregation}/${each}`)?.toFixed(digits) ?? ""),
    ]),
  );
}

function snapshotTable(nanoseconds: Figures, instructions: Figures | undefined): string {
  return markdownTable(
    ["instrument", "ns", "instructions"],
    [...nanoseconds].map(([name, ns]) => [
      name,
      ns.toFixed(0),
      instructions?.get(name)?.toFixed(0) ?? "",
    ]),
  );
}

try {
  const { values } = parseArgs({ options: { "no-instructions": { type: "boolean" } } });
  const counts = values["no-instructions"] !== true && (await hasCallgrind());
  console.log(describeMachine());
  console.log("\n## Nanoseconds for one event, medians\n");
  console.log(drainTable(await measureNanoseconds(DRAIN), 1));
  if (counts) {
    console.log("\n## Instructions for one event (callgrind)\n");
    console.log(drainTable(await countInstructions(DRAIN), 0));
  }
  const ofSnapshots = await measureNanoseconds(SNAPSHOT);
  console.log("\n## One series in a snapshot, two threads\n");
  console.log(snapshotTable(ofSnapshots, counts ? await countInstructions(SNAPSHOT) : undefined));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
