/** `allocation-program.js <options as JSON>`: prints the figures of `allocation.ts`. */
import { argv } from "node:process";
import { warmUp } from "./cost.js";
import type { Options } from "./options.js";
import { figureOf } from "./ratios.js";
import { type Row, SAMPLE_OPERATIONS } from "./row.js";
import { openSubjects } from "./subjects.js";

/** What is counted, and not timed, differs little. */
const MOST_ROUNDS = 5;
/** Together less than there is room for in the queue of our events. */
const MOST_CALLS = 14;
/** Far below what makes the young generation be collected. */
const MOST_BYTES = 64 * 2 ** 20;

const collect = globalThis.gc;
if (collect === undefined) throw new Error("run with node --expose-gc");

const options = JSON.parse(argv[2] ?? "") as Options;
const subjects = await openSubjects(options);
await warmUp(subjects);
const rounds = Math.min(options.rounds, MOST_ROUNDS);
const samples = new Map<Row, number[]>(subjects.rows.map((row) => [row, []]));
for (let round = 0; round < rounds; round++) {
  for (const [row, bytes] of samples) {
    bytes.push(bytesPerOperation(row));
    await subjects.settle();
  }
}
await subjects.close();
console.log(JSON.stringify([...samples].map(([row, bytes]) => figureOf(row, bytes))));

function bytesPerOperation(row: Row): number {
  collect?.();
  const first = heapUsed();
  row.run(SAMPLE_OPERATIONS);
  const perCall = Math.max(1, heapUsed() - first);
  const calls = Math.max(1, Math.min(MOST_CALLS, Math.floor(MOST_BYTES / perCall)));
  row.ready?.();
  collect?.();
  const before = heapUsed();
  for (let call = 0; call < calls; call++) row.run(SAMPLE_OPERATIONS);
  return (heapUsed() - before) / (calls * SAMPLE_OPERATIONS);
}

function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}
