/**
 * `npm run bench:versus [-- --only cost --rows literal --peers prom-client --rounds 5]`, and where to:
 * `--json report.json --plots plots`
 */
import { writeFileSync } from "node:fs";
import { describeMachine } from "../machine.js";
import { PEERS, type Peer } from "./operations.js";
import { type Options, parseOptions } from "./options.js";
import { loadPackage, manifestOf } from "./peers/load.js";
import { plotsOf, writePlots } from "./plots/write-plots.js";
import { headOf, type PeerVersion, type Report } from "./report.js";
import { SECTION_RUNS } from "./sections.js";
import { openSubjects, whyNot } from "./subjects.js";

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
    const { figures, parts } = await SECTION_RUNS[section]({ options, subjects });
    report = { ...report, ...figures };
    console.log(parts.join("\n\n"));
  }
  await subjects.close();
  return report;
}

try {
  const options = parseOptions(process.argv.slice(2));
  const report = await run(options);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (options.plots !== undefined) {
    console.log(`\n${await writePlots(options.plots, plotsOf(report))}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
