/**
 * Events on their way to the metrics that run in this thread: delivered when a signal from the
 * runtime thread brings a turn of this thread's loop, and before every call that blocks, so that
 * nobody whom the call waits for waits for this thread.
 */
import { unwatchTurns, watchTurns } from "../native/turns.js";
import { insideUserCode } from "./user-code.js";

/** Somebody who may have events to deliver. Nothing of it throws. */
export interface Deliverer {
  /** How many there are now. */
  readonly due: number;
  /** Hands on so many at most; returns how many it was. */
  deliver(most: number): number;
  /** Blocks until events are not withheld any more, where this thread has to come to that itself. */
  settle(): void;
}

/** Events may bring about others, without end: so many come at once, and the rest the next time. */
export const MOST_BROUGHT_ABOUT = 10_000;

const deliverers = new Set<Deliverer>();

/** On a turn. */
export function deliverDueEvents(): void {
  if (deliverers.size === 0 || insideUserCode()) return;
  let left = MOST_BROUGHT_ABOUT;
  for (const { due } of deliverers) left += due;
  for (let handed = 1; handed > 0; ) {
    handed = 0;
    for (const deliverer of [...deliverers]) handed += deliverer.deliver(left - handed);
    left -= handed;
  }
}

/** Before a call that blocks. */
export function deliverBeforeBlocking(): void {
  if (deliverers.size === 0 || insideUserCode()) return;
  for (const deliverer of [...deliverers]) deliverer.settle();
  deliverDueEvents();
}

export function beginDelivering(deliverer: Deliverer): void {
  watchTurns(deliverDueEvents);
  deliverers.add(deliverer);
}

export function endDelivering(deliverer: Deliverer): void {
  deliverers.delete(deliverer);
  if (deliverers.size === 0) unwatchTurns(deliverDueEvents);
}
