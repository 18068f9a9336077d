/** The footprint of the process from checkpoint to checkpoint. */
import { expectEqual } from "./expect-equal.js";
import { type Footprint, footprint } from "./footprint.js";
import { complaintOf, type Growth, growthOf, MEASURES, type Measure, NAMES } from "./growth.js";
import type { Reading } from "./trend.js";

const MIB = 2 ** 20;

export class Watch {
  readonly #readings: Readonly<Record<Measure, Reading[]>> = {
    native: [],
    heap: [],
    rss: [],
  };
  #first: Footprint | undefined;
  #last: Footprint | undefined;

  /**
   * @param elapsed seconds
   * @throws Error when there are more descriptors or threads than there were
   */
  async look(elapsed: number, when: string): Promise<void> {
    const seen = await footprint(this.#first);
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
    const grown = MEASURES.flatMap((measure) => {
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
