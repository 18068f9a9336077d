/** `program.js <subject> <kind> <series>`: what one exposition of so many series takes, as JSON. */
import { argv } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { watchLoop } from "../../loop-watch.js";
import { median } from "../../statistics.js";
import { VALUE_MASK, VALUES } from "../inputs.js";
import { answer } from "../scaling/answer.js";
import { threeLabels } from "../three-labels.js";
import type { ExpositionMeasure } from "./figures.js";
import { type ExpositionSubject, type Kind, type OpenExposition, SAMPLES } from "./subject.js";
import { OUR_WAYS, PEER_WAYS } from "./subjects.js";

/** To warm up with: what is loaded and compiled is not asked. */
const OTHER_SERIES = 1_000;
const OTHER_EXPOSITIONS = 20;
const VALUES_PER_SERIES = 3;
/** Of expositions that nobody watches, and again of watched ones: one of the largest, many of the small. */
const LEAST_MS = 500;
/** Of a loop that only watches itself. */
const MOST_IDLE_MS = 1_000;

const WAYS: Readonly<Record<string, OpenExposition | undefined>> = { ...OUR_WAYS, ...PEER_WAYS };

async function measure(
  name: string,
  kind: Kind,
  series: number,
): Promise<Record<ExpositionMeasure, number>> {
  const open = WAYS[name];
  if (open === undefined) throw new Error(`no such subject: ${name}`);
  const other = await open(kind, OTHER_SERIES);
  fill(other, OTHER_SERIES);
  for (let time = 0; time < OTHER_EXPOSITIONS; time++) await other.expose();
  await other.close();
  const subject = await open(kind, series);
  fill(subject, series);
  const bytes = await checkedBytes(subject, series * SAMPLES[kind]);
  globalThis.gc?.();
  const { wallMs, cpuMs } = await unwatched(subject);
  const stalls = await watched(subject, wallMs);
  await subject.close();
  return { wallMs, cpuMs, ...stalls, bytes };
}

function fill({ write }: ExpositionSubject, series: number): void {
  const labelsOf = threeLabels(series);
  for (let round = 0; round < VALUES_PER_SERIES; round++) {
    for (let index = 0; index < series; index++) {
      write(labelsOf(index), VALUES[(index * 7 + round) & VALUE_MASK] ?? 0);
    }
  }
}

/** Of an exposition that has what it should. */
async function checkedBytes(subject: ExpositionSubject, expected: number): Promise<number> {
  const exposition = await subject.expose();
  const samples = subject.countSamples(exposition);
  if (samples !== expected) throw new Error(`${samples} samples in the output, not ${expected}`);
  return Buffer.byteLength(exposition);
}

/** The loop sleeps where it can. The processor time is that of all threads. */
async function unwatched({ expose }: ExpositionSubject) {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (const begin = performance.now(); performance.now() - begin < LEAST_MS; ) {
    const usedBefore = process.cpuUsage();
    const before = performance.now();
    await expose();
    wall.push(performance.now() - before);
    const { user, system } = process.cpuUsage(usedBefore);
    cpu.push((user + system) / 1_000);
  }
  return { wallMs: median(wall), cpuMs: median(cpu) };
}

/** By turns: the loop with an exposition, and the loop alone for as long as that takes. */
async function watched({ expose }: ExpositionSubject, wallMs: number) {
  const stalls: number[] = [];
  const held: number[] = [];
  const monitored: number[] = [];
  const idle: number[] = [];
  for (const begin = performance.now(); performance.now() - begin < LEAST_MS; ) {
    idle.push((await stallDuring(() => sleep(Math.min(wallMs, MOST_IDLE_MS)))).longestMs);
    const { longestMs, longestHeldMs, monitorMs } = await stallDuring(expose);
    stalls.push(longestMs);
    held.push(longestHeldMs);
    monitored.push(monitorMs);
  }
  return {
    stallMs: median(stalls),
    worstStallMs: Math.max(...stalls),
    heldMs: median(held),
    worstHeldMs: Math.max(...held),
    monitorMs: median(monitored),
    idleMs: median(idle),
    worstIdleMs: Math.max(...idle),
  };
}

async function stallDuring(work: () => Promise<unknown>) {
  const end = watchLoop();
  await nextTurn(); // not what came before
  await work();
  return await end();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const [, , name = "", kind = "", series = ""] = argv;
await answer(() => measure(name, kind as Kind, Number(series)));
