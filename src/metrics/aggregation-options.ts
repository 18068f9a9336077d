import { checkOptions } from "../errors/argument-checks.js";
import type { EventFields } from "../events/event-definition.js";
import type { GroupBy } from "./group-by.js";
import type { Where } from "./where.js";

/** What every aggregation takes. */
export interface AggregationOptions<
  Fields extends EventFields,
  By extends GroupBy<Fields> = GroupBy<Fields>,
> {
  /** Only events for which every condition holds. */
  readonly where?: Where<Fields> | undefined;
  /** One series for each combination of these fields' values, in place of one for all events. */
  readonly by?: By;
  /**
   * With `by`: as many series as there may be, 1 … 2^20, default 2 000. What comes beyond goes to one
   * overflow series and is counted in `getStats().seriesOverflowed`.
   */
  readonly maxSeries?: number | undefined;
  /** What it tells, for people who read an exposition. No part of the definition: the first one is shown. */
  readonly help?: string | undefined;
  /** In which unit, such as `"seconds"` or `"bytes"`; it becomes a part of the name in expositions. */
  readonly unit?: string | undefined;
}

const COMMON = ["where", "by", "maxSeries", "help", "unit"] as const;

/** Not yet checked, apart from unknown keys. */
export interface UncheckedOptions {
  readonly where?: unknown;
  readonly by?: unknown;
  readonly maxSeries?: unknown;
  readonly help?: unknown;
  readonly unit?: unknown;
}

export function checkAggregationOptions<Own extends string = never>(
  value: unknown,
  own: readonly Own[] = [],
): UncheckedOptions & { readonly [Key in Own]?: unknown } {
  return checkOptions("options", value, [...COMMON, ...own]);
}
