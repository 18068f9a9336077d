/**
 * Random steps of up to four threads on one runtime at a time, from seeds. `SEED=7 npx vitest run
 * test/stress/schedule.test.ts` repeats one; `SCHEDULE_STEPS` says of how many steps each, `SCHEDULE_SEEDS`
 * how many (of those that act at the same time, three times as many).
 */
import { describe, expect, test } from "vitest";
import { runAtOnce } from "./schedule-at-once.js";
import { ScheduleInOrder } from "./schedule-in-order.js";
import { Witness } from "./schedule-witness.js";

const ONE = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
const STEPS = Number(process.env.SCHEDULE_STEPS ?? 1_000);
const MANY = Number(process.env.SCHEDULE_SEEDS ?? 2);
const SEEDS = (from: number, seeds: number) =>
  ONE === undefined ? Array.from({ length: seeds }, (_, index) => from + index) : [ONE];
const LIMIT_MS = 60_000 + STEPS * 20;

/** Performs what a seed says; tells the last steps when that fails, or takes the process with it. */
async function witnessed(seed: number, perform: (tell: (step: string) => void) => Promise<void>) {
  const repeat = `SEED=${seed} npx vitest run test/stress/schedule.test.ts`;
  const witness = new Witness(repeat);
  try {
    await perform((step) => witness.tell(step));
  } catch (cause) {
    const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    const last = witness.last.join("\n");
    throw new Error(`${what}\n\nThe last steps (${repeat}):\n${last}`, { cause });
  } finally {
    witness.dismiss();
  }
}

describe("threads that take turns: after each step everything is as a model has it", () => {
  test.each(SEEDS(1, MANY))(
    "seed %i",
    (seed) =>
      witnessed(seed, async (tell) => {
        const schedule = new ScheduleInOrder(seed, tell);
        try {
          await schedule.run(STEPS);
          // Else it would have been a schedule of little.
          const kinds = [...schedule.performed.keys()].sort();
          if (STEPS >= 1_000) expect(kinds).toEqual(EVERY_KIND);
        } finally {
          await schedule.close();
        }
      }),
    LIMIT_MS,
  );
});

describe("threads that act at the same time: in the end everything adds up", () => {
  test.each(SEEDS(101, 3 * MANY))(
    "seed %i",
    (seed) =>
      witnessed(seed, async () => {
        expect(await runAtOnce(seed, STEPS / 4)).toBeGreaterThan(0);
      }),
    LIMIT_MS,
  );
});

const EVERY_KIND = [
  ...["attach", "burst", "create", "endWorker", "forget", "get", "list", "nextRuntime", "read"],
  ...[
    "register",
    "registerCustom",
    "remove",
    "share",
    "shutdown",
    "start",
    "startWorker",
    "stop",
    "stopRecorder",
  ],
  ...["terminateRecordingWorker", "terminateWorker", "tryGet"],
];
