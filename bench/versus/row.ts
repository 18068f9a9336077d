import type { Floor, Operation } from "./operations.js";

/** Operations in one timed sample. */
export const SAMPLE_OPERATIONS = 4_096;

/** One operation as one subject does it. */
export interface Row {
  readonly operation: Operation | Floor;
  readonly subject: string;
  /** Does so many operations on each of several targets: series, instruments. */
  readonly warmUp: (operations: number) => void;
  /** Does so many on one of them; the sum keeps the engine from leaving them out. */
  readonly run: (operations: number) => number;
  /** Waits for room in what is written to; called before each sample, outside of what is timed. */
  readonly ready?: () => void;
}

/** What one subject brings to a run. */
export interface Subject {
  readonly rows: readonly Row[];
  /** Lines that say what could not be measured, and why. */
  readonly skipped: readonly string[];
  /** Gives the event loop to what was sent; called between rows, outside of what is timed. */
  readonly settle?: () => Promise<void>;
  readonly close: () => void | Promise<void>;
}

/**
 * @param targets several of each kind, so that the loop's code is compiled for any of them: with a single
 * one the engine would take it, and what it is made of, for a constant
 * @param loop written out for each row: through a shared one the engine would see a dozen different
 * callees and inline none
 */
export function row<Target>(
  operation: Operation | Floor,
  subject: string,
  targets: readonly [Target, ...Target[]],
  loop: (target: Target, operations: number) => number,
): Row {
  const [measured] = targets;
  return {
    operation,
    subject,
    warmUp: (operations) => {
      for (const target of targets) loop(target, operations);
    },
    run: (operations) => loop(measured, operations),
  };
}
