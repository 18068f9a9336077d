/** From measured samples to what is said about them. */
import { median, quantile } from "../statistics.js";
import { FLOOR, FLOOR_OF, type Operation, OURS } from "./operations.js";

/** One row of a section, in the section's unit. */
export interface Figure {
  readonly operation: string;
  readonly subject: string;
  readonly median: number;
  readonly min: number;
  readonly p90: number;
}

export interface ComparedFigure extends Figure {
  /** How many times the floor of the operation. */
  readonly timesFloor?: number;
  /** Of a peer's row: how many times ours. */
  readonly timesOurs?: number;
}

export function figureOf(
  { operation, subject }: { readonly operation: string; readonly subject: string },
  samples: readonly number[],
): Figure {
  return {
    operation,
    subject,
    median: median(samples),
    min: Math.min(...samples),
    p90: quantile(samples, 0.9),
  };
}

export function figureFor<Known extends Figure>(
  figures: readonly Known[],
  operation: string,
  subject: string,
): Known | undefined {
  return figures.find((figure) => figure.operation === operation && figure.subject === subject);
}

/** `undefined` where one of the two was not measured, or there is nothing to divide by: no more than `least`. */
export function ratio(
  numerator: number | undefined,
  denominator: number | undefined,
  least = 0,
): number | undefined {
  if (numerator === undefined || denominator === undefined || denominator <= least) {
    return undefined;
  }
  return numerator / denominator;
}

/**
 * Each with its ratio to the floor of its operation and, where it is a peer's, to ours.
 *
 * @param least what is no more than this is as good as nothing, and no ratio is made of it
 */
export function compare(figures: readonly Figure[], least = 0): readonly ComparedFigure[] {
  return figures.map((figure) => {
    const { operation, subject } = figure;
    if (subject === FLOOR) return figure;
    const floor = FLOOR_OF[operation as Operation];
    const timesFloor = ratio(figure.median, figureFor(figures, floor, FLOOR)?.median, least);
    const timesOurs =
      subject === OURS
        ? undefined
        : ratio(figure.median, figureFor(figures, operation, OURS)?.median, least);
    return {
      ...figure,
      ...(timesFloor === undefined ? {} : { timesFloor }),
      ...(timesOurs === undefined ? {} : { timesOurs }),
    };
  });
}

/** Rows in which a peer took less than we did. */
export function peerWins(figures: readonly ComparedFigure[]): readonly ComparedFigure[] {
  return figures.filter(({ timesOurs }) => timesOurs !== undefined && timesOurs < 1);
}
