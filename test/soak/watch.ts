/** The footprint of the process from checkpoint to checkpoint, and whether it grows. */
import { expectEqual } from "./expect-equal.js";
import { type Footprint, footprint } from "./footprint.js";
import { type Reading, slopeOf, thirdsOf } from "./trend.js";

const KIB = 1024;
const MIB = KIB * KIB;
/** Of the readings: the engine compiles, its heaps and the allocator's get their size. */
const WARM_UP = 1 / 3;
const MEASURES = ["native", "rss"] as const;
type Measure = (typeof MEASURES)[number];
/**
 * MiB by which a process that leaks nothing may seem to grow from the first third of the readings to the last: what its
 * readings differ by, measured. More than that, by that and by the slope, is a leak.
 */
const ALLOWED: Readonly<Record<Measure, number>> = { native: 2, rss: 8 };
const NAMES: Readonly<Record<Measure, string>> = { native: "native memory", rss: "RSS" };

export interface Growth {
  readonly kibPerMinute: number;
  /** MiB. */
  readonly first: number;
  readonly last: number;
  /** What is allowed, over the minutes that were measured. */
  readonly limitKibPerMinute: number;
}

export function growthOf(measure: Measure, readings: readonly Reading[]): Growth {
  const measured = readings.slice(Math.floor(readings.length * WARM_UP));
  const [first, last] = thirdsOf(measured);
  const minutes = (measured.at(-1)?.at ?? 0) - (measured[0]?.at ?? 0);
  return {
    kibPerMinute: slopeOf(measured) / KIB,
    first: first / MIB,
    last: last / MIB,
    limitKibPerMinute: (ALLOWED[measure] * KIB) / minutes,
  };
}

/** What is wrong with it; `undefined`: it does not grow. */
export function complaintOf(measure: Measure, growth: Growth): string | undefined {
  const { kibPerMinute, first, last, limitKibPerMinute } = growth;
  if (kibPerMinute <= limitKibPerMinute || last - first <= (2 / 3) * ALLOWED[measure]) {
    return undefined;
  }
  const grew = `from ${first.toFixed(1)} to ${last.toFixed(1)} MiB`;
  const limit = `the limit is ${limitKibPerMinute.toFixed(0)}`;
  return `${NAMES[measure]} grows by ${kibPerMinute.toFixed(0)} KiB/min, ${grew}; ${limit}`;
}

export class Watch {
  readonly #readings: Readonly<Record<Measure, Reading[]>> = { rss: [], native: [] };
  #first: Footprint | undefined;
  #last: Footprint | undefined;

  /**
   * @param elapsed seconds
   * @param otherHeaps bytes of the heaps of other threads
   * @throws Error when there are more descriptors or threads than there were
   */
  async look(elapsed: number, otherHeaps: number, when: string): Promise<void> {
    const seen = await footprint(this.#first, otherHeaps);
    this.#first ??= seen;
    this.#last = seen;
    for (const measure of MEASURES) {
      this.#readings[measure].push({ at: elapsed / 60, value: seen[measure] });
    }
    expectEqual("open file descriptors", when, this.#first.kinds, seen.kinds);
    expectEqual("OS threads", when, this.#first.threads, seen.threads);
  }

  get last(): string {
    if (this.#last === undefined) return "nothing seen";
    const { fds, threads, rss, native } = this.#last;
    const mib = (bytes: number) => (bytes / MIB).toFixed(1);
    return `${mib(rss)} MiB RSS, ${mib(native)} native, ${fds} fds, ${threads} threads`;
  }

  figures(): readonly (readonly [what: string, value: string])[] {
    const grown = (["rss", "native"] as const).flatMap((measure) => {
      const { kibPerMinute, first, last, limitKibPerMinute } = this.#growth(measure);
      const thirds = `${first.toFixed(1)} and ${last.toFixed(1)}`;
      return [
        [`${NAMES[measure]}, KiB/min`, kibPerMinute.toFixed(0)],
        [`limit of ${NAMES[measure]}, KiB/min`, limitKibPerMinute.toFixed(0)],
        [`${NAMES[measure]} first and last third, MiB`, thirds],
      ] as const;
    });
    const { fds, threads } = this.#last ?? { fds: 0, threads: 0 };
    return [...grown, ["fds", String(fds)], ["threads", String(threads)]];
  }

  /** @throws Error when the process grows */
  judge(): void {
    const complaints = MEASURES.flatMap((measure) => {
      return complaintOf(measure, this.#growth(measure)) ?? [];
    });
    if (complaints.length > 0) throw new Error(complaints.join("; "));
  }

  #growth(measure: Measure): Growth {
    return growthOf(measure, this.#readings[measure]);
  }
}
