/** How an operation that goes on after its call ends: `undefined`, or why it failed. */
export type OutcomeListener = (error: Error | undefined) => void;

/** The key of the method by which a result tells its outcome, once; at once, if it is known. */
export const observeOutcome = Symbol("metrics-runtime.observeOutcome");

/** A result of a call that is not the end of the operation: a wait handle. */
export interface Outcome {
  [observeOutcome](listener: OutcomeListener): void;
}

export function isOutcome(value: unknown): value is Outcome {
  try {
    return typeof value === "object" && value !== null && observeOutcome in value;
  } catch {
    return false; // a revoked proxy
  }
}
