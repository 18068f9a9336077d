/**
 * The share of one core, of all threads of the process, that a paced stream of operations takes: a timer
 * of 5 ms, at each turn what is due. The same timer with an empty loop is measured too, and taken off.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { warmUp } from "./cost.js";
import { FLOOR, FLOORS, OPERATIONS } from "./operations.js";
import { type Figure, figureOf } from "./ratios.js";
import type { Row } from "./row.js";
import type { Subjects } from "./subjects.js";

const OPERATIONS_PER_MS = 500;
const TURN_MS = 5;
const SLICES = 5;
const SLICE_MS = 1_000;
/** What a long gap held back is not made up for beyond this; the queue of events has room for it. */
const MOST_PER_TURN = 32_768;

const PACED: readonly string[] = [OPERATIONS.counterHeld64, OPERATIONS.emitter];

/** Percent of one core; the slices of all rows are interleaved, each has an empty one before it. */
export async function measureCpu(subjects: Subjects): Promise<readonly Figure[]> {
  await warmUp(subjects);
  const empty = subjects.rows.find((row) => row.operation === FLOORS.empty);
  if (empty === undefined) throw new Error("no empty loop");
  const paced = subjects.rows.filter((row) => PACED.includes(row.operation));
  const samples = new Map<Row, number[]>(paced.map((row) => [row, []]));
  const emptySamples: number[] = [];
  for (let slice = 0; slice < SLICES; slice++) {
    emptySamples.push(await paceOnce(empty));
    for (const [row, percents] of samples) {
      percents.push(await paceOnce(row));
      await subjects.settle();
    }
  }
  const nothing = figureOf({ operation: "paced empty loop", subject: FLOOR }, emptySamples);
  const ofRows = [...samples].map(([row, percents]) =>
    figureOf(
      row,
      percents.map((percent) => percent - nothing.median),
    ),
  );
  return [nothing, ...ofRows];
}

async function paceOnce(row: Row): Promise<number> {
  const usedBefore = process.cpuUsage();
  const begin = performance.now();
  let done = 0;
  for (;;) {
    await sleep(TURN_MS);
    const passed = performance.now() - begin;
    const due = Math.min(MOST_PER_TURN, Math.floor(passed * OPERATIONS_PER_MS) - done);
    row.run(due);
    done += due;
    if (passed >= SLICE_MS) break;
  }
  const { user, system } = process.cpuUsage(usedBefore);
  const passedUs = (performance.now() - begin) * 1_000;
  return (100 * (user + system)) / passedUs;
}
