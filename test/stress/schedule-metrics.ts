/** What must be true of the metrics of one recorder: declared ones, and those of single threads. */
import { type BurstResult, newTally, type Tally } from "../fixtures/schedule/events.mjs";

/** Of a custom metric: the events of its thread since it was registered, in their order. */
export interface Sequence {
  count: number;
  checksum: number;
}

/** What a thread has registered under a name; a declared metric has no sequence. */
export interface OwnMetric {
  readonly sequence: Sequence | undefined;
}

interface Declared {
  readonly name: string;
  readonly owner?: undefined;
  readonly variant: number;
  readonly tally: Tally;
}

interface Custom {
  readonly name: string;
  /** The thread; only its identity counts. */
  readonly owner: object;
}

type Place = Declared | Custom;

/** Of all threads, in the order of registration. */
export class ModelMetrics {
  #places: Place[] = [];

  registerDeclared(name: string, variant: number): void {
    const known = this.#places.find((place) => place.name === name);
    if (known?.owner === undefined && known?.variant === variant) return;
    const made = { name, variant, tally: newTally() };
    this.#put(made, (place) => place.name === name);
  }

  registerCustom(name: string, owner: object): void {
    const meets = (place: Place) => place.owner === undefined || place.owner === owner;
    this.#put({ name, owner }, (place) => place.name === name && meets(place));
  }

  /** The thread has ended. */
  forget(owner: object): void {
    this.#places = this.#places.filter((place) => place.owner !== owner);
  }

  add(tally: Tally): void {
    for (const place of this.#places) if (place.owner === undefined) addTally(place.tally, tally);
  }

  has(name: string, owner: object): boolean {
    return this.#places.some((place) => place.name === name && place.owner === owner);
  }

  /** As `owner` sees them in a snapshot. */
  seenBy(
    owner: object,
    own: ReadonlyMap<string, OwnMetric>,
  ): (readonly [name: string, dimensions: Record<string, unknown>])[] {
    return this.#places.flatMap((place) => {
      if (place.owner === undefined) return [[place.name, dimensionsOf(place)] as const];
      const sequence = own.get(place.name)?.sequence;
      // Perhaps registered through an object that it has no more.
      if (place.owner !== owner || sequence === undefined) return [];
      return [[place.name, { ...sequence }] as const];
    });
  }

  #put(made: Place, isReplaced: (place: Place) => boolean): void {
    const at = this.#places.findIndex(isReplaced);
    const left = this.#places.filter((place, index) => index === at || !isReplaced(place));
    if (at < 0) left.push(made);
    else left[at] = made;
    this.#places = left;
  }
}

/** After another burst of the same thread. */
export function extend(sequence: Sequence, { accepted, order }: BurstResult): void {
  sequence.count += accepted;
  sequence.checksum = (Math.imul(sequence.checksum, order.power) + order.checksum) | 0;
}

function addTally(to: Tally, more: Tally): void {
  for (const key of ["total", "sum", "xTotal", "xSum", "ticks", "tickSum"] as const) {
    to[key] += more[key];
  }
  for (const [who, number] of Object.entries(more.who)) {
    to.who[who] = (to.who[who] ?? 0) + number;
  }
}

/** The dimensions of a metric of that variant: `VARIANTS` in test/fixtures/schedule/events.mjs. */
function dimensionsOf({ variant, tally }: Declared): Record<string, unknown> {
  if (variant === 0) return { total: tally.total, sum: tally.sum };
  if (variant === 1) return { x_total: tally.xTotal, x_sum: tally.xSum, by_who: tally.who };
  return { ticks: tally.ticks, tick_sum: tally.tickSum, total: tally.total };
}
