/** What series occupy, each subject in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { MemoryReading } from "./memory-subject.js";
import { OURS, type Peer } from "./operations.js";
import { ratio } from "./ratios.js";
import type { MemoryFigure } from "./report.js";

const PROGRAM = fileURLToPath(new URL("./memory-program.js", import.meta.url));
const KINDS = ["counter", "histogram of 11 buckets"] as const;
const SERIES = [10_000, 100_000];
const REFERENCE = `${OURS}, literal`;
const OUR_WAYS = [REFERENCE, `${OURS}, held`];
/** The others keep no series by labels. */
const PEERS_WITH_SERIES: readonly Peer[] = ["prom-client", "prometheus-io", "opentelemetry"];

/** So that garbage which waits to be collected is no part of what a series occupies. */
const SMALL_YOUNG = ["--max-semi-space-size=1"];

const run = promisify(execFile);

/** @param peers that load here */
export async function measureMemory(peers: readonly Peer[]): Promise<readonly MemoryFigure[]> {
  const subjects = [...OUR_WAYS, ...PEERS_WITH_SERIES.filter((peer) => peers.includes(peer))];
  const figures: MemoryFigure[] = [];
  for (const kind of KINDS) {
    for (const series of SERIES) {
      let ours: MemoryReading | undefined;
      for (const subject of subjects) {
        const reading = await readOne(subject, kind, series);
        if (subject === REFERENCE) ours = reading;
        const isOurs = OUR_WAYS.includes(subject);
        figures.push({
          kind,
          series,
          subject,
          ...reading,
          timesOursHeap: isOurs ? undefined : ratio(reading.heapBytes, ours?.heapBytes),
          timesOursTogether: isOurs ? undefined : ratio(together(reading), together(ours)),
        });
      }
    }
  }
  return figures;
}

function together(reading: MemoryReading | undefined): number | undefined {
  return reading === undefined ? undefined : reading.heapBytes + reading.outsideBytes;
}

async function readOne(subject: string, kind: string, series: number): Promise<MemoryReading> {
  const args = [...process.execArgv, ...SMALL_YOUNG, PROGRAM, subject, kind, String(series)];
  const { stdout } = await run(process.execPath, args);
  return JSON.parse(stdout) as MemoryReading;
}
