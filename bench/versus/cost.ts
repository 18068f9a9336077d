/** Nanoseconds for one operation, all rows in one process and interleaved: each round measures every row once. */
import { measure } from "mitata";
import { figureOf } from "./ratios.js";
import { type Row, SAMPLE_OPERATIONS } from "./row.js";
import type { Subjects } from "./subjects.js";

const WARM_UP_PASSES = 20;
const WARM_UP_OPERATIONS = 1_024;
/**
 * Of one row in one round. Never batched: a batch of the slowest would take seconds. Garbage is collected
 * when the engine thinks it is time, as in an application: a collection that is forced before each row also
 * throws away what the engine knows about objects that live shortly, and with it compiled code.
 */
const SAMPLING = {
  min_cpu_time: 20e6,
  min_samples: 5,
  warmup_samples: 1,
  batch_threshold: 0,
  gc: false,
};

const nothing = (): void => {};

export async function measureCost(subjects: Subjects, rounds: number) {
  await warmUp(subjects);
  const samples = new Map<Row, number[]>(subjects.rows.map((row) => [row, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [row, nanoseconds] of samples) {
      // mitata calls a parameter before each sample, outside of what is timed.
      const sampling = { ...SAMPLING, params: { 0: row.ready ?? nothing } };
      const { p50 } = await measure(() => row.run(SAMPLE_OPERATIONS), sampling);
      nanoseconds.push(p50 / SAMPLE_OPERATIONS);
      await subjects.settle();
    }
  }
  return [...samples].map(([row, nanoseconds]) => figureOf(row, nanoseconds));
}

/**
 * Every row, chosen or not, on all its targets, by turns: before anything is timed, each library's code has
 * seen several instruments of each kind and several sets of labels, and was compiled for them. With a few
 * rows only, the engine would make for each side what no application gets.
 */
export async function warmUp(subjects: Subjects): Promise<void> {
  for (let pass = 0; pass < WARM_UP_PASSES; pass++) {
    for (const row of subjects.all) row.warmUp(WARM_UP_OPERATIONS);
    await subjects.settle();
  }
}
