/** What each of several threads does at the same time: names, sizes, and how a producer is run. */
import { FLOOR } from "../operations.js";

export const PRODUCERS = {
  floor: `${FLOOR}: f64[k] += 1, own slot`,
  counterHeld: "counter, held series of 2 labels",
  counterLiteral: "counter, literal of 2 labels",
  emitter: "event emitter, 2 fields",
  promClient: "prom-client, a registry for each thread: literal of 2 labels",
} as const;
export type ProducerName = keyof typeof PRODUCERS;
export const PRODUCER_NAMES = Object.keys(PRODUCERS) as ProducerName[];

export const RECORDER = "threads";
/** Takes all events of a batch, so that none is dropped whoever gets a processor when. */
export const QUEUE_EVENTS = 2 ** 18;

export const BATCHES = 6;
/** Of one thread between two barriers: 6 to 13 ms each, where it has a processor. */
export const BATCH_OPERATIONS: Readonly<Record<ProducerName, number>> = {
  floor: 2 ** 21,
  counterHeld: 2 ** 20,
  counterLiteral: 2 ** 17,
  emitter: QUEUE_EVENTS,
  promClient: 2 ** 15,
};

const WARM_UP_PASSES = 10;
/** Of one pass, at most. Ten are more events than fit the memory of their queue: all was touched then. */
const WARM_UP_OPERATIONS = 2 ** 18;

export interface Producer {
  /** On each of several targets; the sum of what was counted. */
  readonly warmUp: () => number;
  /** A batch on one of them; the sum of what was counted. */
  readonly run: () => number;
}

/**
 * @param targets several, so that the loop is compiled for any of them, as in `row.ts`
 * @param loop written out for each; gives the sum of what was counted
 */
export function producer<Target>(
  name: ProducerName,
  targets: readonly [Target, ...Target[]],
  loop: (target: Target, operations: number) => number,
): Producer {
  const [measured] = targets;
  const each = Math.min(WARM_UP_OPERATIONS, BATCH_OPERATIONS[name]) / targets.length;
  return {
    warmUp: () => {
      let sum = 0;
      for (let pass = 0; pass < WARM_UP_PASSES; pass++) {
        for (const target of targets) sum += loop(target, each);
      }
      return sum;
    },
    run: () => loop(measured, BATCH_OPERATIONS[name]),
  };
}
