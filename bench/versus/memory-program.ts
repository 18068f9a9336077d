/** `memory-program.js <subject> <kind> <series>`: what so many series of three labels occupy, as JSON. */
import { argv } from "node:process";
import { VALUE_MASK, VALUES } from "./inputs.js";
import { openOurMemory } from "./memory-ours.js";
import { openOpenTelemetryMemory, openPrometheusMemory } from "./memory-peers.js";
import type { MemoryReading, OpenedMemory, Write } from "./memory-subject.js";
import { PEERS } from "./operations.js";
import { threeLabels } from "./three-labels.js";

const VALUES_PER_SERIES = 3;
const OTHER_SERIES = 1_000;
const OTHER_ROUNDS = 100;

const OPEN: Readonly<
  Record<string, (kind: string, series: number) => OpenedMemory | Promise<OpenedMemory>>
> = {
  "metrics-runtime, literal": (kind, series) => openOurMemory("literal", kind, series),
  "metrics-runtime, held": (kind, series) => openOurMemory("held", kind, series),
  "prom-client": (kind) => openPrometheusMemory(PEERS["prom-client"], kind),
  "prometheus-io": (kind) => openPrometheusMemory(PEERS["prometheus-io"], kind),
  opentelemetry: openOpenTelemetryMemory,
};

async function measure(subject: string, kind: string, series: number): Promise<MemoryReading> {
  const open = OPEN[subject];
  if (open === undefined) throw new Error(`no such subject: ${subject}`);
  const labelsOf = threeLabels(series);
  const fill = (write: Write, count: number, rounds: number): void => {
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < count; index++) {
        write(labelsOf(index), VALUES[(index * 7 + round) & VALUE_MASK] ?? 0);
      }
    }
  };
  // What is loaded and compiled is not asked. It stays, so that nothing takes the place of its series.
  const other = await open(kind, OTHER_SERIES);
  fill(other.write, OTHER_SERIES, OTHER_ROUNDS);
  const measured = await open(kind, series);
  const before = await readMemory();
  fill(measured.write, series, VALUES_PER_SERIES);
  const after = await readMemory();
  await measured.close();
  await other.close();
  return {
    heapBytes: after.heapBytes - before.heapBytes,
    outsideBytes: after.outsideBytes - before.outsideBytes,
    residentBytes: after.residentBytes - before.residentBytes,
  };
}

async function readMemory(): Promise<MemoryReading> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("run with node --expose-gc");
  for (let time = 0; time < 3; time++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, outsideBytes: rss - heapTotal, residentBytes: rss };
}

const [, , subject = "", kind = "", series = ""] = argv;
if (subject in OPEN) console.log(JSON.stringify(await measure(subject, kind, Number(series))));
