/** What was counted against what was served. */

export interface Tally {
  readonly requests: number;
  readonly durations: number;
  readonly sizes: number;
  readonly inFlight: number;
  /** Operations that were refused, or for which the queue had no place. */
  readonly lost: number;
}

/** What is wrong, as texts. What was lost was counted as such: where something was, nothing else can be said. */
export function faultsOf(tally: Tally, served: number): readonly string[] {
  if (tally.lost > 0) return [];
  const expected: Tally = {
    requests: served,
    durations: served,
    sizes: served,
    inFlight: 0,
    lost: 0,
  };
  const names = Object.keys(expected) as (keyof Tally)[];
  return names
    .filter((name) => tally[name] !== expected[name])
    .map((name) => `${name}: ${tally[name]} instead of ${expected[name]}`);
}
