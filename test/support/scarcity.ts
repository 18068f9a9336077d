/** Takes one call through every allocation that it makes: each is refused once. */
import { MetricsRecorderError, MetricsRuntimeError } from "metrics-runtime";
import { expect } from "vitest";
import { withScarceMemory } from "./fault-points.js";

const MOST_ALLOCATIONS = 1_000;
/** A container that grows now and then moves the refusal past the next allocation. */
const PASSES = 3;

export interface Sweep<Subject> {
  /** What the call is made on, new for each attempt. */
  readonly prepare: () => Subject;
  readonly call: (subject: Subject) => unknown;
  /** All that a failed call must leave as it is. */
  readonly look: (subject: Subject) => unknown;
  /** Of a call that has failed. Default: it was not made, and succeeds when it is made again. */
  readonly failed?: (subject: Subject, thrown: unknown) => void;
  /** Of a call that has succeeded, however much was refused to it. */
  readonly succeeded?: (subject: Subject) => void;
}

/**
 * Makes the call with memory for 0, 1, 2, … allocations, until it is refused none. Each call succeeds
 * or throws an error of ours.
 *
 * @returns what the calls have thrown
 */
export function sweepMemory<Subject>(sweep: Sweep<Subject>): Error[] {
  const errors: Error[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    for (let granted = 0, refused = true; refused; granted++) {
      expect(granted, "allocations of one call").toBeLessThan(MOST_ALLOCATIONS);
      refused = attempt(sweep, granted, errors);
    }
  }
  return errors;
}

/** Whether memory was refused. */
function attempt<Subject>(sweep: Sweep<Subject>, granted: number, errors: Error[]): boolean {
  const subject = sweep.prepare();
  const before = sweep.look(subject);
  const outcome = withScarceMemory(granted, () => sweep.call(subject));
  if (!("thrown" in outcome)) {
    sweep.succeeded?.(subject);
    return outcome.refusals > 0;
  }
  const { thrown } = outcome;
  const what = `with memory for ${granted} allocations`;
  expect.soft(ours(thrown), `${what}: ${String(thrown)}`).toBe(true);
  errors.push(thrown as Error);
  if (sweep.failed !== undefined) {
    sweep.failed(subject, thrown);
    return true;
  }
  expect.soft(sweep.look(subject), what).toEqual(before);
  expect.soft(() => sweep.call(subject), `the call after that ${what}`).not.toThrow();
  sweep.succeeded?.(subject);
  return true;
}

function ours(error: unknown): boolean {
  return error instanceof MetricsRuntimeError || error instanceof MetricsRecorderError;
}
