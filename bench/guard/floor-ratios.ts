/**
 * How many times its floor each operation of this package takes: the median, over many short rounds, of what
 * the ratio was in that round. What slows the machine for longer than a round slows both.
 */
import { median } from "../statistics.js";
import { measureCost } from "../versus/cost.js";
import { FLOOR, FLOOR_OF, OPERATION_NAMES, type Operation, OURS } from "../versus/operations.js";
import { type Figure, figureFor, ratio } from "../versus/ratios.js";
import { openSubjects } from "../versus/subjects.js";

const ROUNDS = 31;

export async function measureFloorRatios(): Promise<ReadonlyMap<string, number>> {
  const subjects = await openSubjects({ peers: [], operations: OPERATION_NAMES });
  try {
    const rounds: (readonly Figure[])[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measureCost(subjects, 1));
    return new Map(
      OPERATION_NAMES.map((operation) => [
        `${operation}, x floor`,
        median(rounds.map((figures) => timesFloor(figures, operation))),
      ]),
    );
  } finally {
    await subjects.close();
  }
}

function timesFloor(figures: readonly Figure[], operation: Operation): number {
  const floor = figureFor(figures, FLOOR_OF[operation], FLOOR)?.median;
  return ratio(figureFor(figures, operation, OURS)?.median, floor) ?? Number.NaN;
}
