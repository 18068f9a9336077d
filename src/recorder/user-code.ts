import { types } from "node:util";

/**
 * Whether this thread is inside a hook (or another callback of the user) that the library called.
 * There, what would block fails: it might wait for the very thing that waits for the callback.
 */
let depth = 0;

/** How messages end of calls that are refused for that reason. */
export const CALLED_FROM_INSIDE = " (called from inside a metric or hook)";

export function insideUserCode(): boolean {
  return depth > 0;
}

/**
 * Callbacks are synchronous: a promise that one gives is not waited for.
 *
 * @param rejected called when that promise is rejected, which would else end the process
 */
export function runUserCode<Result>(
  code: () => Result,
  rejected: (cause: unknown) => void = () => {},
): Result {
  depth++;
  try {
    const result = code();
    // Also one of another realm, whose `then` may be anything.
    if (types.isPromise(result)) Promise.prototype.then.call(result, undefined, rejected);
    return result;
  } finally {
    depth--;
  }
}
