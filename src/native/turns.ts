/** Brings native operations that have settled back to this thread, on a turn of its own loop. */
import { addon } from "./addon.js";
import type { NativeOperation } from "./boundary.js";

/** Who is to be told, for each operation that was asked about. Callbacks do not throw. */
const waiting = new Map<NativeOperation, () => void>();
let listening = false;

/**
 * Calls back on a later turn, once the operation has settled; one callback for each operation. It
 * does not keep the process alive.
 *
 * @throws when the system refuses what that needs
 */
export function whenSettled(operation: NativeOperation, callback: () => void): void {
  if (!listening) {
    addon().onSignal(callSettled);
    listening = true;
  }
  operation.signalWhenSettled();
  waiting.set(operation, callback);
}

function callSettled(): void {
  for (const [operation, callback] of [...waiting]) {
    if (operation.wait(0) === false || !waiting.delete(operation)) continue;
    callback();
  }
}
