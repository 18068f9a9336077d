/**
 * Events on their way to the metrics that run in this thread: delivered when a signal from the
 * runtime thread brings a turn of this thread's loop, and before every call that blocks, so that
 * nobody whom the call waits for waits for this thread.
 */
import { unwatchTurns, watchTurns } from "../native/turns.js";
import { insideUserCode } from "./user-code.js";

/** Somebody who may have events to deliver. Does not throw. */
type Deliver = () => void;

const deliverers = new Set<Deliver>();

export function deliverDueEvents(): void {
  if (deliverers.size === 0 || insideUserCode()) return;
  for (const deliver of [...deliverers]) deliver();
}

export function beginDelivering(deliver: Deliver): void {
  watchTurns(deliverDueEvents);
  deliverers.add(deliver);
}

export function endDelivering(deliver: Deliver): void {
  deliverers.delete(deliver);
  if (deliverers.size === 0) unwatchTurns(deliverDueEvents);
}
