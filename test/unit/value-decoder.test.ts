import { describe, expect, test } from "vitest";
import { ValueDecoder } from "../../dist/native/value-decoder.js";

/** Encodes by the grammar in native/core/value_writer.h. */
const u32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);
const f64 = (value: number) => new Uint8Array(new Float64Array([value]).buffer);
const text = (value: string) => {
  const bytes = new TextEncoder().encode(value);
  return [u32(bytes.length), bytes];
};
const NULL = [Uint8Array.of(0)];
const number = (value: number) => [Uint8Array.of(1), f64(value)];
const string = (value: string) => [Uint8Array.of(2), ...text(value)];
const array = (...values: Uint8Array[][]) => [
  Uint8Array.of(3),
  u32(values.length),
  ...values.flat(),
];
const object = (...entries: [string, Uint8Array[]][]) => [
  Uint8Array.of(4),
  u32(entries.length),
  ...entries.flatMap(([name, value]) => [...text(name), ...value]),
];
const decode = (parts: Uint8Array[]) => {
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new ValueDecoder(bytes.buffer).value();
};

describe("decodes", () => {
  test.each([[0], [-0], [1.5], [-1e300], [Number.MAX_SAFE_INTEGER], [Number.POSITIVE_INFINITY]])(
    "the number %d",
    (value) => {
      expect(decode(number(value))).toBe(value);
    },
  );

  test.each([
    ["empty", ""],
    ["ASCII", "a"],
    ["of several bytes a character", "größe 😀"],
    ["with a NUL", "a\u0000b"],
    ["with a byte order mark in front", "\ufeffa"],
    ["of 100 000 characters", "x".repeat(100_000)],
  ])("text %s", (_, value) => {
    expect(decode(string(value))).toBe(value);
  });

  test("null, and values inside values", () => {
    expect(decode(NULL)).toBe(null);
    expect(decode(array())).toEqual([]);
    expect(decode(object())).toEqual({});
    const nested = object(["a", array(number(1), NULL, object(["b", string("c")]))], ["d", NULL]);
    expect(decode(nested)).toEqual({ a: [1, null, { b: "c" }], d: null });
  });

  test("entries in their order, whatever they are called", () => {
    const decoded = decode(object(["__proto__", number(1)], ["b", number(2)], ["a", number(3)]));
    expect(Object.entries(decoded as object)).toEqual([
      ["__proto__", 1],
      ["b", 2],
      ["a", 3],
    ]);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });
});

test("bytes that no writer writes are an error, not nonsense", () => {
  expect(() => decode([Uint8Array.of(9)])).toThrow("unknown tag 9 at byte 0");
  expect(() => decode([])).toThrow(RangeError);
  expect(() => decode([Uint8Array.of(1, 0)])).toThrow(RangeError);
  const decoder = new ValueDecoder(Uint8Array.of(0).buffer);
  expect(() => decoder.entries(() => 0)).toThrow("tag 0 at byte 0 is no object");
});
