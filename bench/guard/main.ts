/**
 * `npm run bench:guard [-- --record]`: a few figures that hardly depend on the machine, beside those that
 * bench/guard/recorded.json has: instructions of the native benchmarks, and what the operations of this package
 * take of their floors in one run. A change of more than 15 % is a line of warning; nothing fails.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.js";
import { changesOf, type Rows, rounded, warningOf } from "./comparison.js";
import { measureFloorRatios } from "./floor-ratios.js";
import { measureInstructions } from "./instructions.js";

const RECORD = join("bench", "guard", "recorded.json");

interface Recorded {
  readonly machine: string;
  readonly instructions: Rows;
  readonly timesFloor: Rows;
}

async function measureAll(): Promise<Recorded> {
  return {
    machine: describeMachine(),
    instructions: rounded(await measureInstructions()),
    timesFloor: rounded(await measureFloorRatios()),
  };
}

try {
  const { values } = parseArgs({ options: { record: { type: "boolean" } } });
  const measured = await measureAll();
  if (values.record === true) {
    writeFileSync(RECORD, `${JSON.stringify(measured, null, 2)}\n`);
    console.log(`recorded in ${RECORD}`);
  } else {
    const recorded = JSON.parse(readFileSync(RECORD, "utf8")) as Recorded;
    const changes = [
      ...changesOf(recorded.instructions, measured.instructions),
      ...changesOf(recorded.timesFloor, measured.timesFloor),
    ];
    for (const change of changes) console.log(warningOf(change));
    const rows = Object.keys({ ...measured.instructions, ...measured.timesFloor }).length;
    console.log(`${rows} rows, ${changes.length} changed; recorded on ${recorded.machine}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
