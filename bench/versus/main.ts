/** `npm run bench:versus [-- --only cost --rows literal --peers prom-client --rounds 5 --json report.json]` */
import { writeFileSync } from "node:fs";
import { describeMachine } from "../machine.js";
import { measureAllocation } from "./allocation.js";
import { CLAIMS, judge } from "./claims.js";
import { measureCost } from "./cost.js";
import { measureCpu } from "./cpu.js";
import { measureMemory } from "./memory.js";
import { PEERS, type Peer } from "./operations.js";
import { type Options, parseOptions } from "./options.js";
import { overviewTable } from "./overview.js";
import { loadPackage, manifestOf } from "./peers/load.js";
import { compare } from "./ratios.js";
import {
  claimTable,
  figureTable,
  headOf,
  memoryTable,
  type PeerVersion,
  type Report,
  winsOf,
} from "./report.js";
import { openSubjects, whyNot } from "./subjects.js";

/** Less than this is what looking at the heap leaves on it. */
const LEAST_BYTES = 1;
/** Less than this is lost in what the pacing itself takes. */
const LEAST_PERCENT = 0.5;

async function findPeers(peers: readonly Peer[]) {
  const found: Peer[] = [];
  const versions: PeerVersion[] = [];
  const skipped: string[] = [];
  for (const peer of peers) {
    const packageName = PEERS[peer];
    try {
      if (packageName !== undefined) {
        await loadPackage(packageName);
        versions.push({ peer, ...manifestOf(packageName) });
      }
      found.push(peer);
    } catch (error) {
      skipped.push(whyNot(peer, error));
    }
  }
  return { found, versions, skipped };
}

async function run(asked: Options): Promise<Report> {
  const { found, versions, skipped } = await findPeers(asked.peers);
  const options: Options = { ...asked, peers: found };
  const subjects = await openSubjects(options);
  let report: Report = {
    machine: describeMachine(),
    startedAt: new Date().toISOString(),
    rounds: options.rounds,
    peers: versions,
    skipped: [...skipped, ...subjects.skipped],
  };
  console.log(headOf(report));
  for (const section of options.sections) {
    if (section === "cost") {
      const nanoseconds = compare(await measureCost(subjects, options.rounds));
      const claims = judge(CLAIMS, nanoseconds);
      const events = subjects.offeredAndDropped();
      report = { ...report, cost: { nanoseconds, claims, events } };
      print("What one operation costs", winsOf(nanoseconds), overviewTable("ns", nanoseconds, 1));
      print("Claims", claimTable(claims), events);
      print("Every row", figureTable("ns", nanoseconds, 2));
    } else if (section === "allocation") {
      const bytes = compare(await measureAllocation(options), LEAST_BYTES);
      report = { ...report, allocation: { bytes } };
      const table = overviewTable("bytes", bytes, 1);
      print("What one operation leaves on the JavaScript heap", winsOf(bytes), table);
    } else if (section === "memory") {
      const memory = await measureMemory(found);
      report = { ...report, memory };
      print("What a series occupies", memoryTable(memory));
    } else {
      const percentOfOneCore = compare(await measureCpu(subjects), LEAST_PERCENT);
      report = { ...report, cpu: { percentOfOneCore } };
      print("500 000 operations a second", figureTable("% of a core", percentOfOneCore, 2));
    }
  }
  await subjects.close();
  return report;
}

function print(title: string, ...parts: readonly string[]): void {
  console.log([`\n## ${title}`, ...parts].join("\n\n"));
}

try {
  const options = parseOptions(process.argv.slice(2));
  const report = await run(options);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
