/** Brings what the native side has done back to this thread, on a turn of its own loop. */
import { addon } from "./addon.js";
import type { NativeOperation } from "./boundary.js";

/** Who is to be told, for each operation that was asked about. Callbacks do not throw. */
const waiting = new Map<NativeOperation, () => void>();
/** Who looks for himself each time. They do not throw. */
const watching = new Set<() => void>();
let listening = false;

/**
 * Calls back on a later turn, once the operation has settled; one callback for each operation. It
 * does not keep the process alive.
 *
 * @throws when the system refuses what that needs
 */
export function whenSettled(operation: NativeOperation, callback: () => void): void {
  listen();
  operation.signalWhenSettled();
  waiting.set(operation, callback);
}

/**
 * Calls back on each turn that a recorder's stop, an operation's end, events for this thread's own
 * metrics or a thread that waits for this one to observe bring; until `unwatchTurns`.
 */
export function watchTurns(callback: () => void): void {
  listen();
  watching.add(callback);
}

export function unwatchTurns(callback: () => void): void {
  watching.delete(callback);
}

function listen(): void {
  if (listening) return;
  addon().onSignal(onSignal);
  listening = true;
}

function onSignal(): void {
  for (const [operation, callback] of [...waiting]) {
    if (operation.wait(0) === false || !waiting.delete(operation)) continue;
    callback();
  }
  for (const callback of [...watching]) callback();
}
