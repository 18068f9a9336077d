/** `npm run bench [-- --only <section>]`: see bench/README.md. */
import { parseArgs } from "node:util";
import { measureAllocation } from "./allocation.js";
import { measureExpositionUnderLoad } from "./exposition-under-load.js";
import { measureFullBlast } from "./full-blast.js";
import { measureIdle } from "./idle.js";
import { measureLoggingCost } from "./logging-cost.js";
import { describeMachine } from "./machine.js";
import { measureMemory } from "./memory.js";
import { measurePacer } from "./pacer.js";
import { measureRecordingCost } from "./recording-cost.js";
import { measureScrapes } from "./scrapes.js";

const SECTIONS = {
  cost: ["What one event costs the JavaScript thread", measureRecordingCost],
  allocation: ["What one event leaves on the JavaScript heap", measureAllocation],
  blast: ["Ten million events, full blast", measureFullBlast],
  pacer: ["One million events a second for 10 s", measurePacer],
  idle: ["A runtime at rest", measureIdle],
  logging: ["What being logged costs when nobody wants to know", measureLoggingCost],
  exposition: ["Expositions of 100 000 histograms under load", measureExpositionUnderLoad],
  scrapes: ["A day of scrapes", measureScrapes],
  memory: ["What a series and a label value occupy", measureMemory],
} as const;

function chooseSections(): readonly (keyof typeof SECTIONS)[] {
  const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  const { only = names } = values;
  for (const name of only) {
    if (!Object.hasOwn(SECTIONS, name)) {
      throw new Error(`unknown section ${JSON.stringify(name)}; known: ${names.join(", ")}`);
    }
  }
  return names.filter((name) => only.includes(name));
}

try {
  const chosen = chooseSections();
  console.log(describeMachine());
  for (const name of chosen) {
    const [title, run] = SECTIONS[name];
    console.log(`\n## ${title}\n`);
    await run();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
