/**
 * Errors for arguments, after Node's own convention: a `TypeError` or `RangeError` with a `code`
 * whose message names the argument and shows what came.
 */

type Coded<E extends Error> = E & { readonly code: string };

/** The argument is of the wrong type, `null`, or required and absent. */
export function invalidArgType(
  name: string,
  expected: string,
  received: unknown,
): Coded<TypeError> {
  return coded(
    new TypeError(`The "${name}" ${kindOf(name)} must be ${expected}. Received ${show(received)}`),
    "ERR_INVALID_ARG_TYPE",
  );
}

/** The argument is of the right type but not acceptable: blank, unknown, unsorted. */
export function invalidArgValue(name: string, reason: string, received: unknown): Coded<TypeError> {
  return coded(
    new TypeError(`The "${name}" ${kindOf(name)} ${reason}. Received ${show(received)}`),
    "ERR_INVALID_ARG_VALUE",
  );
}

/** The number is not an integer, not finite, or out of range. */
export function outOfRange(name: string, range: string, received: unknown): Coded<RangeError> {
  return coded(
    new RangeError(
      `The value of "${name}" is out of range. It must be ${range}. Received ${show(received)}`,
    ),
    "ERR_OUT_OF_RANGE",
  );
}

function coded<E extends Error>(error: E, code: string): Coded<E> {
  return Object.defineProperty(error, "code", { value: code, enumerable: true }) as Coded<E>;
}

function kindOf(name: string): string {
  return name.includes(".") ? "property" : "argument";
}

const SHOWN_CHARACTERS = 40;

function show(value: unknown): string {
  switch (typeof value) {
    case "string": {
      const cut = value.length > SHOWN_CHARACTERS;
      return JSON.stringify(cut ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value);
    }
    case "bigint":
      return `${value}n`;
    case "function":
      return value.name === "" ? "a function" : `function ${value.name}`;
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "an array" : "an object";
    default:
      return String(value);
  }
}
