/**
 * A stream of numbered events of two classes of one shape, in an order that is random and known: whoever
 * reads a record too early reads what stood there before, another number or another class. Two sums of each
 * class and one of both tell apart what was lost, doubled, torn or taken in another order.
 */
import { seededRandom } from "./seeded-random.js";

export type Kind = "tick" | "tock";

/**
 * The order of ticks and tocks: a sum so large that a double next to it is 1 away. A tock's 1 changes
 * its parity, a tick's 0.5 rounds it to even, and which of them comes first makes a difference.
 */
export const ORDER = { begin: 1.5 * 2 ** 52, tick: 0.5, tock: 1 } as const;

/** A prime, so that no other period of the stream meets it. */
const PATTERN_LENGTH = 4_099;

/** Which class each event is of, over and over. */
export function patternOf(seed: number): readonly Kind[] {
  const random = seededRandom(seed);
  return Array.from({ length: PATTERN_LENGTH }, () => (random() < 0.5 ? "tick" : "tock"));
}

export interface Sums {
  total: number;
  odd: number;
  sequence: number;
  negated: number;
}

/** What the events that were accepted come to. */
export class SequenceSums {
  readonly tick: Sums = { total: 0, odd: 0, sequence: 0, negated: 0 };
  readonly tock: Sums = { total: 0, odd: 0, sequence: 0, negated: 0 };
  order: number = ORDER.begin;

  accept(kind: Kind, sequence: number): void {
    const sums = this[kind];
    sums.total++;
    sums.odd += sequence & 1;
    sums.sequence += sequence;
    sums.negated -= sequence;
    this.order += ORDER[kind];
  }
}
