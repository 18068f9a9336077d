/** What we want to be true of the cost of an operation; each run says what it measured. */
import { FLOOR, FLOORS, OPERATIONS, OURS } from "./operations.js";
import { type Figure, figureFor, ratio } from "./ratios.js";

type Measured = readonly [operation: string, subject: string];

export interface Claim {
  readonly text: string;
  /** Their quotient is what the claim is about. */
  readonly numerator: Measured;
  readonly denominator: Measured;
  readonly limit: { readonly atMost: number } | { readonly atLeast: number };
}

export interface JudgedClaim {
  readonly text: string;
  readonly limit: string;
  /** `undefined`: one of the two was not measured. */
  readonly measured: number | undefined;
  /** The same of the smallest samples: nearer to what a machine that does nothing else would say. */
  readonly ofMinima: number | undefined;
  readonly reached: boolean | undefined;
}

const { counter, counterHeld, counterHeld64, counterLiteral2, histogramHeld, exponentialHeld } =
  OPERATIONS;

const notSlowerThanFloor = (operation: string, floor: string, atMost: number): Claim => ({
  text: `${operation} / ${floor}`,
  numerator: [operation, OURS],
  denominator: [floor, FLOOR],
  limit: { atMost },
});

const fasterThan = (
  subject: string,
  operation: string,
  atLeast: number,
  theirs = operation,
): Claim => ({
  text: `${subject}, ${theirs} / ours${theirs === operation ? "" : `, ${operation}`}`,
  numerator: [theirs, subject],
  denominator: [operation, OURS],
  limit: { atLeast },
});

export const CLAIMS: readonly Claim[] = [
  notSlowerThanFloor(counterHeld, FLOORS.slot, 3),
  notSlowerThanFloor(counterHeld64, FLOORS.slots64, 3),
  fasterThan("prom-client", counterHeld, 50),
  fasterThan("prom-client", counterHeld64, 50),
  fasterThan("prom-client", counter, 5),
  fasterThan("prom-client", counterLiteral2, 7),
  fasterThan("opentelemetry", counterLiteral2, 25),
  fasterThan("prom-client", histogramHeld, 25),
  fasterThan("prom-client", exponentialHeld, 25, histogramHeld),
];

export function judge(claims: readonly Claim[], figures: readonly Figure[]): JudgedClaim[] {
  return claims.map(({ text, numerator, denominator, limit }) => {
    const above = figureFor(figures, ...numerator);
    const below = figureFor(figures, ...denominator);
    const measured = ratio(above?.median, below?.median);
    const atMost = "atMost" in limit;
    return {
      text,
      limit: atMost ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`,
      measured,
      ofMinima: ratio(above?.min, below?.min),
      reached:
        measured === undefined
          ? undefined
          : atMost
            ? measured <= limit.atMost
            : measured >= limit.atLeast,
    };
  });
}
