/** What was measured now beside what was recorded before. */

/** Rows by name: instructions for one item, or how many times the floor. */
export type Rows = Readonly<Record<string, number>>;

export interface Change {
  readonly row: string;
  /** `undefined`: the row is new. */
  readonly recorded: number | undefined;
  /** `undefined`: the row was not measured. */
  readonly measured: number | undefined;
}

/** As a share of what was recorded, in either direction. */
export const MOST_CHANGE = 0.15;

/** Rows that are there once only, or differ by more than `MOST_CHANGE`. */
export function changesOf(recorded: Rows, measured: Rows): readonly Change[] {
  const rows = [...new Set([...Object.keys(recorded), ...Object.keys(measured)])];
  return rows
    .map((row) => ({ row, recorded: recorded[row], measured: measured[row] }))
    .filter(({ recorded, measured }) => {
      if (recorded === undefined || measured === undefined) return true;
      return !(Math.abs(measured - recorded) <= MOST_CHANGE * recorded);
    });
}

export function warningOf({ row, recorded, measured }: Change): string {
  if (recorded === undefined) return `warning: ${row}: not recorded, now ${shortly(measured)}`;
  if (measured === undefined) {
    return `warning: ${row}: recorded ${shortly(recorded)}, now not measured`;
  }
  const percent = 100 * (measured / recorded - 1);
  const change = `${percent > 0 ? "+" : ""}${percent.toFixed(0)} %`;
  return `warning: ${row}: ${shortly(recorded)} recorded, now ${shortly(measured)} (${change})`;
}

/** As it is recorded: what a repetition would change is left out. */
export function rounded(rows: ReadonlyMap<string, number>): Rows {
  return Object.fromEntries([...rows].map(([row, value]) => [row, Number(shortly(value))]));
}

function shortly(value: number | undefined): string {
  return String(Number((value ?? Number.NaN).toPrecision(3)));
}
