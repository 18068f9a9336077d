/** Values that a program may hand in by mistake, each with a name for the title of a test. */
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, OUT_OF_RANGE } from "./thrown.js";

export type BadValue = readonly [name: string, value: unknown, expected: object];

/** Calls nothing of what it is converted with. */
const throwsOnConversion = {
  toString(): string {
    throw new Error("toString was called");
  },
  valueOf(): number {
    throw new Error("valueOf was called");
  },
  [Symbol.toPrimitive](): string {
    throw new Error("Symbol.toPrimitive was called");
  },
};

export const NO_STRINGS: BadValue[] = [
  ["undefined", undefined, INVALID_ARG_TYPE],
  ["null", null, INVALID_ARG_TYPE],
  ["a number", 7, INVALID_ARG_TYPE],
  ["NaN", Number.NaN, INVALID_ARG_TYPE],
  ["a bigint", 7n, INVALID_ARG_TYPE],
  ["true", true, INVALID_ARG_TYPE],
  ["a symbol", Symbol("running"), INVALID_ARG_TYPE],
  ["an array with the text", ["running"], INVALID_ARG_TYPE],
  ["a String object", new String("running"), INVALID_ARG_TYPE],
  ["an object with toString", { toString: () => "running" }, INVALID_ARG_TYPE],
  ["a function", () => "running", INVALID_ARG_TYPE],
  ["an object that cannot be converted", throwsOnConversion, INVALID_ARG_TYPE],
  ["an object without a prototype", Object.create(null), INVALID_ARG_TYPE],
];

export const NO_NAMES: BadValue[] = [
  ["empty", "", INVALID_ARG_VALUE],
  ["a space", " ", INVALID_ARG_VALUE],
  ["a tab and a line feed", "\t\n", INVALID_ARG_VALUE],
  ["a carriage return, a vertical tab and a form feed", "\r\v\f", INVALID_ARG_VALUE],
  ["a no-break space", "\u00a0", INVALID_ARG_VALUE],
  ["an ideographic space", "\u3000", INVALID_ARG_VALUE],
  ["a byte order mark", "\ufeff", INVALID_ARG_VALUE],
  ["a line and a paragraph separator", "\u2028\u2029", INVALID_ARG_VALUE],
  ["all of them", " \t\n\u00a0\u3000\ufeff\u2028\u2029", INVALID_ARG_VALUE],
  ["a lone high surrogate", "\ud800", INVALID_ARG_VALUE],
  ["a lone low surrogate", "running\udc00", INVALID_ARG_VALUE],
  ["surrogates in the wrong order", "\udc00\ud800", INVALID_ARG_VALUE],
  ["a lone surrogate among spaces", " \udfff ", INVALID_ARG_VALUE],
];

export const NO_QUEUE_SIZES: BadValue[] = [
  ["true", true, INVALID_ARG_TYPE],
  ["a bigint", 5n, INVALID_ARG_TYPE],
  ["text", "5", INVALID_ARG_TYPE],
  ["null", null, INVALID_ARG_TYPE],
  ["an object", {}, INVALID_ARG_TYPE],
  ["an array", [], INVALID_ARG_TYPE],
  ["an array with a number", [5], INVALID_ARG_TYPE],
  ["a symbol", Symbol("5"), INVALID_ARG_TYPE],
  ["a Number object", new Number(5), INVALID_ARG_TYPE],
  ["an object with valueOf", { valueOf: () => 5 }, INVALID_ARG_TYPE],
  ["a date", new Date(5), INVALID_ARG_TYPE],
  ["a function", () => 5, INVALID_ARG_TYPE],
  ["an object that cannot be converted", throwsOnConversion, INVALID_ARG_TYPE],
  ["an object without a prototype", Object.create(null), INVALID_ARG_TYPE],
  ["1.5", 1.5, OUT_OF_RANGE],
  ["0", 0, OUT_OF_RANGE],
  ["-0", -0, OUT_OF_RANGE],
  ["-1", -1, OUT_OF_RANGE],
  ["2 ** 24 + 1", 2 ** 24 + 1, OUT_OF_RANGE],
  ["2 ** 32 + 5, which 32 bits make 5", 2 ** 32 + 5, OUT_OF_RANGE],
  ["2 ** 53", 2 ** 53, OUT_OF_RANGE],
  ["the least number above 1", 1 + Number.EPSILON, OUT_OF_RANGE],
  ["NaN", Number.NaN, OUT_OF_RANGE],
  ["Infinity", Number.POSITIVE_INFINITY, OUT_OF_RANGE],
  ["-Infinity", Number.NEGATIVE_INFINITY, OUT_OF_RANGE],
];

export const NO_POLICIES: BadValue[] = [
  ["null", null, INVALID_ARG_TYPE],
  ["a number", 0, INVALID_ARG_TYPE],
  ["true", true, INVALID_ARG_TYPE],
  ["a symbol", Symbol("DROP"), INVALID_ARG_TYPE],
  ["a String object", new String("DROP"), INVALID_ARG_TYPE],
  ["an array", ["DROP"], INVALID_ARG_TYPE],
  ["other letters", "drop", INVALID_ARG_VALUE],
  ["with a space", "DROP ", INVALID_ARG_VALUE],
  ["empty", "", INVALID_ARG_VALUE],
  ["an unknown one", "BLOCK", INVALID_ARG_VALUE],
  ["an inherited name", "toString", INVALID_ARG_VALUE],
  ["__proto__", "__proto__", INVALID_ARG_VALUE],
];

/** What stands where an options object should. */
export const NO_OPTIONS: BadValue[] = [
  ["null", null, INVALID_ARG_TYPE],
  ["an empty array", [], INVALID_ARG_TYPE],
  ["an array of options", [{}], INVALID_ARG_TYPE],
  ["a function", () => ({}), INVALID_ARG_TYPE],
  ["a class", class Options {}, INVALID_ARG_TYPE],
  ["text", "options", INVALID_ARG_TYPE],
  ["empty text", "", INVALID_ARG_TYPE],
  ["a number", 7, INVALID_ARG_TYPE],
  ["0", 0, INVALID_ARG_TYPE],
  ["a bigint", 7n, INVALID_ARG_TYPE],
  ["false", false, INVALID_ARG_TYPE],
  ["a symbol", Symbol("options"), INVALID_ARG_TYPE],
];

const unreadable: PropertyDescriptor = {
  enumerable: true,
  get() {
    throw new Error("an unknown option was read");
  },
};

/** Objects with keys that no call knows, and the key that the error names. */
export const UNKNOWN_KEYS: (readonly [name: string, extra: object, named: string])[] = [
  ["one", { nonsense: 1 }, "nonsense"],
  ["one that is undefined", { nonsense: undefined }, "nonsense"],
  ["several: the first is named", { zebra: 1, ape: 2, nonsense: 3 }, "zebra"],
  ["an own __proto__", { ["__proto__"]: { nonsense: 1 } }, "__proto__"],
  ["constructor", { constructor: Object }, "constructor"],
  ["toString", { toString: () => "" }, "toString"],
  ["an empty one", { "": 1 }, ""],
  ["an index", { 0: 1 }, "0"],
  ["a getter, which is not called", Object.defineProperty({}, "nonsense", unreadable), "nonsense"],
];
