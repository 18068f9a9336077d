import { describe, expect, test } from "vitest";
import { ValueDecoder } from "../../dist/native/value-decoder.js";

const u32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);
const f64 = (value: number) => new Uint8Array(new Float64Array([value]).buffer);

type Encodable = null | number | string | readonly Encodable[] | Map<string, Encodable>;

/** By the grammar in native/core/value_writer.h; `texts` are those that came before. */
function encode(value: Encodable, texts: string[] = []): Uint8Array[] {
  const text = (value: string) => {
    const number = texts.indexOf(value);
    if (number >= 0) return [u32(number)];
    const bytes = new TextEncoder().encode(value);
    return [u32(texts.push(value) - 1), u32(bytes.length), bytes];
  };
  if (value === null) return [Uint8Array.of(0)];
  if (typeof value === "number") return [Uint8Array.of(1), f64(value)];
  if (typeof value === "string") return [Uint8Array.of(2), ...text(value)];
  const encoded: Uint8Array[] = [u32(value instanceof Map ? value.size : value.length)];
  if (value instanceof Map) {
    for (const [name, inner] of value) encoded.push(...text(name), ...encode(inner, texts));
    return [Uint8Array.of(4), ...encoded];
  }
  for (const inner of value) encoded.push(...encode(inner, texts));
  return [Uint8Array.of(3), ...encoded];
}

function decode(parts: readonly Uint8Array[]) {
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new ValueDecoder(bytes.buffer).value();
}

const object = (entries: Record<string, Encodable>) => new Map(Object.entries(entries));

describe("decodes", () => {
  test.each([[0], [-0], [1.5], [-1e300], [Number.MAX_SAFE_INTEGER], [Number.POSITIVE_INFINITY]])(
    "the number %d",
    (value) => {
      expect(decode(encode(value))).toBe(value);
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
    expect(decode(encode(value))).toBe(value);
  });

  test("null, and values inside values", () => {
    expect(decode(encode(null))).toBe(null);
    expect(decode(encode([]))).toEqual([]);
    expect(decode(encode(new Map()))).toEqual({});
    const nested = object({ a: [1, null, object({ b: "c" })], d: null });
    expect(decode(encode(nested))).toEqual({ a: [1, null, { b: "c" }], d: null });
  });

  test("a text that comes again, as key and as value", () => {
    const texts: string[] = [];
    const encoded = encode([object({ a: "b" }), object({ b: "a" }), "a"], texts);
    expect(decode(encoded)).toEqual([{ a: "b" }, { b: "a" }, "a"]);
    expect(texts).toEqual(["a", "b"]);
  });

  test("arrays frozen", () => {
    const decoded = decode(encode([[1]])) as unknown[];
    expect(Object.isFrozen(decoded) && Object.isFrozen(decoded[0])).toBe(true);
  });

  test("entries in their order, whatever they are called", () => {
    const entries: [string, number][] = [
      ["__proto__", 1],
      ["b", 2],
      ["a", 3],
    ];
    const decoded = decode(encode(new Map(entries)));
    expect(Object.entries(decoded as object)).toEqual(entries);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });
});

test("bytes that no writer writes are an error, not nonsense", () => {
  expect(() => decode([Uint8Array.of(9)])).toThrow("unknown tag 9 at byte 0");
  expect(() => decode([])).toThrow(RangeError);
  expect(() => decode([Uint8Array.of(1, 0)])).toThrow(RangeError);
  expect(() => decode([Uint8Array.of(2), u32(1)])).toThrow("unknown text at byte 1");
  const decoder = new ValueDecoder(Uint8Array.of(0).buffer);
  expect(() => decoder.entries(() => 0)).toThrow("tag 0 at byte 0 is no object");
});
