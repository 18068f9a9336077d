/** What `call` throws. Throws itself when `call` returns, and says what was returned. */
export function thrownBy(call: () => unknown): Error & { readonly code?: unknown } {
  let returned: unknown;
  try {
    returned = call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`something that is no Error was thrown: ${String(error)}`);
  }
  throw new Error(`nothing was thrown; returned ${String(returned)}`);
}

export const INVALID_ARG_TYPE = { name: "TypeError", code: "ERR_INVALID_ARG_TYPE" };
export const INVALID_ARG_VALUE = { name: "TypeError", code: "ERR_INVALID_ARG_VALUE" };
export const OUT_OF_RANGE = { name: "RangeError", code: "ERR_OUT_OF_RANGE" };
