/**
 * `npm run bench:native [-- --no-instructions]`: what the runtime thread pays for one event, by aggregation
 * and number of series, and for one series in a snapshot and in an exposition; in nanoseconds and, where valgrind is installed, in
 * instructions.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.js";
import { markdownTable } from "../markdown-table.js";
import { countInstructions, hasCallgrind } from "./callgrind.js";
import { measureNanoseconds, pathOf } from "./programs.js";

const BUILD = join("out", "native-tests");
const DRAIN = pathOf(BUILD, "drain_bench");
const SNAPSHOT = pathOf(BUILD, "snapshot_bench");
const RENDER = pathOf(BUILD, "render_bench");
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

/** Of one series: what it is, and what it takes. */
async function seriesTable(what: string, program: string, counts: boolean): Promise<string> {
  const nanoseconds = await measureNanoseconds(program);
  const instructions = counts ? await countInstructions(program) : undefined;
  return markdownTable(
    [what, "ns", "instructions"],
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
  console.log("\n## One series in a snapshot, two threads\n");
  console.log(await seriesTable("instrument", SNAPSHOT, counts));
  console.log("\n## One series in an exposition\n");
  console.log(await seriesTable("of 10 000 with three labels", RENDER, counts));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
