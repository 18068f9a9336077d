// Arguments as programs give them, and as they should not: which of them, the input says.

/** What getters and traps throw here, so that it is known from the errors of the library. */
export const boom = new Error("boom");

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  0.5,
  15,
  16,
  160,
  1_000,
  4_096,
  1e-4,
  1e-5,
  0.999,
  2 ** 20,
  2 ** 20 + 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  1e308,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const TEXTS = [
  "",
  " ",
  "a",
  "A",
  "_",
  "1",
  "a.b",
  "le",
  "quantile",
  "recorder",
  "entity",
  "__proto__",
  "constructor",
  "toString",
  "__reserved",
  "metrics_overflow",
  "<overflow>",
  "s",
  "By",
  "1",
  "%",
  "{note}",
  "seconds",
  "total",
  "a_total",
  "a_bucket",
  "a_sum",
  "a_count",
  "a_created",
  "\ud800",
  "\udc00x",
  "\0",
  "\n",
  '"',
  "\\",
  "é",
  "😀",
  "x".repeat(1_024),
  "x".repeat(1_025),
];

export const number = (input) => input.pickValue(NUMBERS);

export function text(input) {
  if (input.consumeIntegralInRange(0, 3) > 0) return input.pickValue(TEXTS);
  return input.consumeString(input.consumeIntegralInRange(0, 20));
}

const refuse = () => {
  throw boom;
};

/** Anything at all. */
export function anything(input, depth = 0) {
  const nested = () => (depth < 2 ? anything(input, depth + 1) : undefined);
  switch (input.consumeIntegralInRange(0, 15)) {
    case 0:
      return undefined;
    case 1:
      return null;
    case 2:
      return input.consumeBoolean();
    case 3:
    case 4:
      return number(input);
    case 5:
      return BigInt(input.consumeIntegral(4));
    case 6:
      return Symbol("s");
    case 7:
      return refuse;
    case 8:
    case 9:
      return Array.from({ length: input.consumeIntegralInRange(0, 3) }, nested);
    case 10:
      return { [text(input)]: nested() };
    case 11:
      return new Proxy({}, { get: refuse, ownKeys: refuse });
    case 12:
      return new Proxy([], { get: refuse });
    case 13:
      return Object.defineProperty({}, text(input), { enumerable: true, get: refuse });
    case 14:
      return Object.create(null);
    default:
      return text(input);
  }
}

/** An own property, whatever it is called: an assignment to "__proto__" would make none. */
export function put(object, name, value) {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Mostly what `good` makes. */
export function mostly(input, good) {
  return input.consumeIntegralInRange(0, 15) === 0 ? anything(input) : good();
}

/**
 * An object of these properties: mostly of those that it is about, now and then of the others, so that few are
 * wrong at a time. Now and then one is unknown, or throws.
 */
export function options(input, own, others = {}) {
  const made = {};
  for (const [name, make] of Object.entries(own)) {
    if (input.consumeIntegralInRange(0, 7) > 0) put(made, name, mostly(input, make));
  }
  for (const [name, make] of Object.entries(others)) {
    if (input.consumeIntegralInRange(0, 3) === 0) put(made, name, mostly(input, make));
  }
  if (input.consumeIntegralInRange(0, 31) === 0) put(made, text(input), anything(input));
  if (input.consumeIntegralInRange(0, 31) === 0) {
    const name = input.pickValue([...Object.keys(own), ...Object.keys(others), "unknown"]);
    Object.defineProperty(made, name, { enumerable: true, configurable: true, get: refuse });
  }
  return made;
}

/** A list of numbers, half of the time in their order. */
export function numbers(input) {
  const made = several(input, 5, () => mostly(input, () => number(input)));
  const sortable = made.every((one) => typeof one === "number");
  return sortable && input.consumeBoolean() ? [...new Set(made)].sort((a, b) => a - b) : made;
}

export function several(input, most, make) {
  return Array.from({ length: input.consumeIntegralInRange(0, most) }, make);
}
