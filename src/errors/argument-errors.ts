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

const made = new WeakSet<object>();

/** Whether the error is one of those above. */
export function isArgumentError(error: unknown): boolean {
  return typeof error === "object" && error !== null && made.has(error);
}

function coded<E extends Error>(error: E, code: string): Coded<E> {
  made.add(error);
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
      return showFunction(value);
    case "object":
      if (value === null) return "null";
      return isArray(value) ? "an array" : "an object";
    default:
      return String(value);
  }
}

// What came may be anything: a name that is no text, a proxy that was revoked.

function showFunction(value: object): string {
  try {
    const name: unknown = Reflect.get(value, "name");
    return typeof name === "string" && name !== "" ? `function ${name}` : "a function";
  } catch {
    return "a function";
  }
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
