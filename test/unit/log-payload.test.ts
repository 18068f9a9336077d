import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { LogContextUnableToLogError } from "../../src/logging/errors.js";
import { plainLogPayload } from "../../src/logging/log-payload.js";

const SUMMARY = { verbosity: "SUMMARY" } as const;
const FULL = { verbosity: "FULL" } as const;
const VERBOSITIES = ["SUMMARY", "NORMAL", "FULL"] as const;

class Disk {
  readonly id = "sda";
  readonly #secret = 7;
  get secret() {
    return this.#secret;
  }
}
class Closed {
  readonly #secret = 7;
  get secret() {
    return this.#secret;
  }
}
const failing = (): never => {
  throw new RangeError("mine");
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable<Record<string, unknown>>({}, {});
  revoke();
  return proxy;
};
const around = (times: number, inner: unknown): unknown =>
  times === 0 ? inner : { in: around(times - 1, inner) };
const circle = () => {
  const self: Record<string, unknown> = { a: 1 };
  self.list = [self];
  return self;
};

test.each<[string, unknown, unknown]>([
  ["null", null, null],
  ["undefined", undefined, null],
  ["a number", 1.5, 1.5],
  ["-0", -0, 0],
  ["NaN", Number.NaN, "NaN"],
  ["Infinity", Number.POSITIVE_INFINITY, "Infinity"],
  ["-Infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
  ["a bigint", -12n, "-12n"],
  ["a bigint that nobody reads", 10n ** 5_000n, "[bigint of more than 1000 digits]"],
  ["a symbol", Symbol("mark"), "Symbol(mark)"],
  ["a function", failing, "[Function failing]"],
  ["a class", Disk, "[Function Disk]"],
  ["a function without a name", (() => () => {})(), "[Function (anonymous)]"],
  [
    "a function whose name throws",
    Object.defineProperty(() => {}, "name", { get: failing }),
    "[Function]",
  ],
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["an invalid date", new Date(Number.NaN), "Invalid Date"],
  ["a regular expression", /a+/gu, "/a+/gu"],
  ["an address", new URL("http://a.example/b"), "http://a.example/b"],
  ["a boxed string", new String("abc"), "abc"],
  ["a boxed number", new Number(Number.NaN), "NaN"],
  ["a boxed boolean", new Boolean(false), false],
  ["a boxed bigint", Object(5n), "5n"],
  ["a boxed symbol", Object(Symbol("mark")), "Symbol(mark)"],
  ["a buffer", Buffer.alloc(1_024), "[Buffer(1024 bytes)]"],
  ["an array buffer", new ArrayBuffer(8), "[ArrayBuffer(8 bytes)]"],
  ["a data view", new DataView(new ArrayBuffer(8)), "[DataView(8 bytes)]"],
  ["a promise", Promise.resolve(1), "[Promise]"],
  ["a weak map", new WeakMap(), "[WeakMap]"],
  ["a weak set", new WeakSet(), "[WeakSet]"],
  ["a weak reference", new WeakRef({}), "[WeakRef]"],
  ["an object that shows nothing of itself", new Closed(), "[Closed]"],
  ["a map", new Map<unknown, unknown>([["a", 1n]]), [["a", "1n"]]],
  ["a set", new Set(["a", undefined]), ["a", null]],
  ["a typed array", new Float64Array([1, Number.NaN]), [1, "NaN"]],
  ["an array with holes and undefined", new Array(1).concat([undefined, 1]), [null, null, 1]],
  ["undefined fields, which are left out", { a: undefined, b: null }, { b: null }],
  ["a class instance", new Disk(), { id: "sda" }],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ["symbol keys, which are left out", { [Symbol("a")]: 1 }, {}],
  ["an array of another realm", runInNewContext("[1, new Map([[1, 2]])]"), [1, [[1, 2]]]],
])("gives plain data of %s", (_, value, plain) => {
  expect(plainLogPayload(value)).toEqual(plain);
});

test("uses no generator or iterator up", () => {
  const generator = (function* () {
    yield 1;
  })();
  const iterator = new Map([[1, 2]]).keys();
  expect(plainLogPayload([generator, iterator, new Set([1]).values()])).toEqual([
    "[Generator]",
    "[Map Iterator]",
    "[Set Iterator]",
  ]);
  expect([...generator, ...iterator]).toEqual([1, 1]);
});

describe("NORMAL cuts, and says how much it left out:", () => {
  test("a text at 200 characters, never within one", () => {
    expect(plainLogPayload("x".repeat(200))).toBe("x".repeat(200));
    expect(plainLogPayload("x".repeat(207))).toBe(`${"x".repeat(200)}… (+7 characters)`);
    expect(plainLogPayload(`${"x".repeat(199)}😀`)).toBe(`${"x".repeat(199)}… (+2 characters)`);
  });

  test.each<[string, unknown]>([
    ["an array", Array.from({ length: 12 }, (_, n) => n)],
    ["a set", new Set(Array.from({ length: 12 }, (_, n) => n))],
    ["a typed array", Uint8Array.from({ length: 12 }, (_, n) => n)],
  ])("%s at 10 items", (_, value) => {
    expect(plainLogPayload(value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "… (+2 more)"]);
  });

  test("a map at 10 pairs", () => {
    const plain = plainLogPayload(new Map(Array.from({ length: 12 }, (_, n) => [n, n])));
    expect(plain).toHaveLength(11);
    expect((plain as unknown[]).slice(9)).toEqual([[9, 9], "… (+2 more)"]);
  });

  test("an object at 10 keys that have values", () => {
    const keys = Array.from({ length: 12 }, (_, n) => [`k${n}`, n === 0 ? undefined : n]);
    const plain = plainLogPayload(Object.fromEntries(keys)) as object;
    expect(Object.keys(plain)).toEqual(
      [..."1234567890"].map((n) => `k${n === "0" ? 10 : n}`).concat("…"),
    );
    expect(plain).toHaveProperty("…", "… (+1 more)");
  });

  test("the texts of keys", () => {
    expect(plainLogPayload({ ["k".repeat(300)]: 1 })).toEqual({
      [`${"k".repeat(200)}… (+100 characters)`]: 1,
    });
  });

  test("containers at the seventh within each other", () => {
    expect(plainLogPayload(around(5, { end: 1 }))).toEqual(around(5, { end: 1 }));
    expect(plainLogPayload(around(6, { end: 1 }))).toEqual(around(6, "[Object(1)]"));
    expect(plainLogPayload(around(6, new Map([[1, 1]])))).toEqual(around(6, "[Map(1)]"));
  });

  test("all of it at 1 000 values, though they are shared and so few", () => {
    let shared: unknown = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    for (let depth = 0; depth < 5; depth++) shared = new Array(10).fill(shared);
    expect(JSON.stringify(plainLogPayload(shared)).length).toBeLessThan(10_000);
  });
});

describe("FULL keeps", () => {
  test("texts, items and keys whole", () => {
    const value = {
      text: "x".repeat(1_000),
      list: Array.from({ length: 1_000 }, (_, n) => n),
      fields: Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, n])),
      deep: around(20, 1),
    };
    expect(plainLogPayload(value, FULL)).toEqual(value);
  });

  test("nothing beyond 64 containers within each other, however many there are", () => {
    expect(plainLogPayload(around(64, {}), FULL)).toEqual(around(64, "[Object(0)]"));
    let endless: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) endless = [endless];
    expect(JSON.stringify(plainLogPayload(endless, FULL))).toContain('"[Array(1)]"');
  });

  test("nothing beyond 100 000 values", () => {
    const plain = plainLogPayload(new Array(1e9), FULL) as unknown[];
    expect(plain).toHaveLength(100_000);
    expect(plain.at(-1)).toBe("… (+999900001 more)");
    const nested = plainLogPayload(new Array(1_000).fill(new Array(1_000).fill(1)), FULL);
    expect((nested as unknown[]).flat().length).toBeLessThan(100_200);
    const fields = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, n]));
    const named = Object.fromEntries(Object.keys(fields).map((key) => [key, fields]));
    const bounded = plainLogPayload(named, FULL) as object;
    expect(Object.values(bounded).flatMap(Object.keys).length).toBeLessThan(100_200);
  });
});

describe("SUMMARY keeps", () => {
  test.each<[string, unknown, unknown]>([
    ["of an array its size", [1, 2, 3], "[Array(3)]"],
    ["of a map its size", new Map([[1, 1]]), "[Map(1)]"],
    ["of a subclass of Set its name", new (class Ids extends Set {})([1]), "[Ids(1)]"],
    ["of a typed array its size", new Uint8Array(5), "[Uint8Array(5)]"],
    ["of an object how many keys it has", { a: 1, b: 2 }, "[Object(2)]"],
    ["of a class instance also the class", new Disk(), "[Disk(1)]"],
    ["what is no container", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["200 characters of a text", "x".repeat(201), `${"x".repeat(200)}… (+1 characters)`],
    [
      "the kind and message of an error",
      new TypeError("bad", { cause: new Error("inner") }),
      { kind: "TypeError", message: "bad" },
    ],
  ])("%s", (_, value, plain) => {
    expect(plainLogPayload(value, SUMMARY)).toEqual(plain);
  });

  test("what toLogPayload() would make from running", () => {
    const value = { a: 1, toLogPayload: failing };
    expect(plainLogPayload(value, SUMMARY)).toBe("[Object(2)]");
  });
});

describe("an error is told", () => {
  test("with its code and its causes", () => {
    const root = Object.assign(new Error("no entry"), { code: "ENOENT", path: "/x" });
    const error = new TypeError("bad", { cause: new RangeError("worse", { cause: root }) });
    expect(plainLogPayload({ error })).toEqual({
      error: {
        kind: "TypeError",
        message: "bad",
        cause: {
          kind: "RangeError",
          message: "worse",
          cause: { kind: "Error", message: "no entry", code: "ENOENT" },
        },
      },
    });
  });

  test("with a cause that is no error", () => {
    expect(plainLogPayload(new Error("a", { cause: [1n] }))).toHaveProperty("cause", ["1n"]);
  });

  test("with the errors that it gathers", () => {
    expect(plainLogPayload(new AggregateError([new Error("a"), 7], "all"))).toEqual({
      kind: "AggregateError",
      message: "all",
      errors: [{ kind: "Error", message: "a" }, 7],
    });
  });

  test("when it causes itself, or has causes without end", () => {
    const own = new Error("own");
    own.cause = own;
    expect(plainLogPayload(own)).toHaveProperty("cause", "[Circular]");
    let chain = new Error("first");
    for (let n = 0; n < 50_000; n++) chain = new Error(`later ${n}`, { cause: chain });
    expect(JSON.stringify(plainLogPayload(chain)).match(/kind/g)).toHaveLength(7);
    expect(JSON.stringify(plainLogPayload(chain, FULL)).match(/kind/g)).toHaveLength(65);
  });

  test("when it is of another realm, is no native one, or has odd fields", () => {
    expect(plainLogPayload(runInNewContext("new TypeError('far')"))).toEqual({
      kind: "TypeError",
      message: "far",
    });
    expect(plainLogPayload(new DOMException("gone", "AbortError"))).toMatchObject({
      kind: "AbortError",
      message: "gone",
    });
    const odd = Object.defineProperties(new Error("x".repeat(300)), {
      name: { get: failing },
      code: { value: {} },
    });
    expect(plainLogPayload(odd)).toEqual({
      kind: "[threw RangeError: mine]",
      message: `${"x".repeat(200)}… (+100 characters)`,
    });
    const numbered = Object.assign(new Error(), { name: 7, message: { a: 1n } });
    expect(plainLogPayload(numbered)).toEqual({ kind: "7", message: '{"a":"1n"}' });
  });

  test("by its toLogPayload() when it has one", () => {
    expect(plainLogPayload(new LogContextUnableToLogError(new Error("full")))).toEqual({
      reason: "ERR_METRICS_LOG_CONTEXT_UNABLE_TO_LOG",
      kind: "LogContextUnableToLogError",
      message: "unable to log event -> Error: full",
      details: {},
      cause: { kind: "Error", message: "full" },
    });
  });
});

describe("toLogPayload() of an object", () => {
  test("is used wherever it is, and what it gives is made plain", () => {
    const own = { secret: 1, toLogPayload: () => ({ big: 1n, nested: new Own() }) };
    class Own {
      readonly secret = 1;
      toLogPayload() {
        return "own text";
      }
    }
    expect(plainLogPayload([own])).toEqual([{ big: "1n", nested: "own text" }]);
  });

  test("may give the object itself, or another like it", () => {
    class Same {
      readonly a = 1;
      toLogPayload() {
        return this;
      }
    }
    class Another {
      readonly a = 1;
      toLogPayload() {
        return new Another();
      }
    }
    expect([plainLogPayload(new Same()), plainLogPayload(new Another())]).toEqual([
      { a: 1 },
      { a: 1 },
    ]);
    const first: object = { toLogPayload: () => second };
    const second: object = { first, toLogPayload: () => first };
    expect(plainLogPayload(first)).toEqual({
      first: "[Circular]",
      toLogPayload: "[Function toLogPayload]",
    });
  });

  test("leaves a mark when it throws, and not the fields that it may have hidden", () => {
    const plain = plainLogPayload({ inner: { secret: "hush", toLogPayload: failing } });
    expect(plain).toEqual({ inner: "[threw RangeError: mine]" });
  });

  test("is no function: then it is a field", () => {
    expect(plainLogPayload({ toLogPayload: 1 })).toEqual({ toLogPayload: 1 });
  });
});

test("marks what is within itself, and gives what is there twice twice", () => {
  expect(plainLogPayload(circle())).toEqual({ a: 1, list: ["[Circular]"] });
  const map = new Map<unknown, unknown>();
  map.set("self", map);
  expect(plainLogPayload(map)).toEqual([["self", "[Circular]"]]);
  const twice = { a: 1 };
  expect(plainLogPayload([twice, twice])).toEqual([twice, twice]);
});

test("looks at what the language made, whatever its methods have become", () => {
  const methods = {
    entries: failing,
    values: failing,
    forEach: failing,
    [Symbol.iterator]: failing,
  };
  const hostile = [new Map([[1, 2]]), new Set([3]), [4], new Date(0)].map((value) =>
    Object.assign(value, methods, { toISOString: failing, getTime: failing }),
  );
  expect(plainLogPayload(hostile)).toEqual([[[1, 2]], [3], [4], "1970-01-01T00:00:00.000Z"]);
});

test("marks what throws, and keeps what stands beside it", () => {
  const value = {
    get bad() {
      return failing();
    },
    get worse() {
      throw revoked();
    },
    proxy: revoked(),
    good: 1,
  };
  expect(plainLogPayload(value)).toEqual({
    bad: "[threw RangeError: mine]",
    worse: "[threw object: what cannot be shown]",
    proxy: expect.stringContaining("[threw TypeError: "),
    good: 1,
  });
});

test("a key named __proto__ stays a field, and changes no prototype", () => {
  const plain = plainLogPayload(JSON.parse('{ "__proto__": { "a": 1 } }')) as object;
  expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  expect(JSON.stringify(plain)).toBe('{"__proto__":{"a":1}}');
});

const HOSTILE: [string, () => unknown][] = [
  ["a revoked proxy", revoked],
  ["a proxy that throws at everything", () => new Proxy({}, throwingTraps())],
  ["a proxy of a function that throws", () => new Proxy(() => {}, throwingTraps())],
  ["a proxy of an error that throws", () => new Proxy(new Error("a"), throwingTraps())],
  [
    "a proxy of an array with an odd length",
    () =>
      new Proxy([1], {
        get: (_, key) => (key === "length" ? Number.POSITIVE_INFINITY : undefined),
      }),
  ],
  ["an object with a hostile toJSON and toString", () => ({ toJSON: failing, toString: failing })],
  ["an array with a hostile toJSON", () => Object.assign([1], { toJSON: failing })],
  ["a date with hostile methods", () => Object.assign(new Date(0), { toISOString: failing })],
  ["a map with hostile methods", () => Object.assign(new Map([[1, 1]]), { entries: failing })],
  [
    "an object whose class has no name",
    () => Object.create({ constructor: Object.defineProperty(() => {}, "name", { get: failing }) }),
  ],
  ["an object whose prototype is a function", () => Object.create(() => {})],
  [
    "a map that empties itself",
    () => {
      const map = new Map<number, unknown>();
      const emptying = {
        get a() {
          map.clear();
          return 1;
        },
      };
      return map.set(1, emptying).set(2, emptying);
    },
  ],
  [
    "an array that empties itself",
    () => {
      const list: unknown[] = [];
      list.push({ toLogPayload: () => list.splice(0) }, 1, 2);
      return list;
    },
  ],
  ["a circle", circle],
  ["a detached typed array", () => detached()],
  ["a long chain of objects", () => around(5_000, 1)],
  ["everything global", () => globalThis],
  ["this process", () => process],
  [
    "a typed array that says it is longer",
    () => Object.defineProperty(new Uint8Array(1), "length", { value: 2 ** 40 }),
  ],
];

describe.each(VERBOSITIES)(
  "%s never throws, and gives what JSON gives back unchanged, of",
  (verbosity) => {
    test.each(HOSTILE)("%s", (_, make) => {
      for (const value of [make(), [make()], { make: make() }, new Map([[make(), make()]])]) {
        const plain = plainLogPayload(value, { verbosity });
        expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
      }
    });
  },
);

test("never throws for odd options, and takes an unknown verbosity for NORMAL", () => {
  for (const options of [null, {}, { verbosity: "LOUD" }, { verbosity: "__proto__" }, revoked()]) {
    expect(() => plainLogPayload({ a: 1 }, options as never)).not.toThrow();
  }
  expect(plainLogPayload({ a: 1n }, { verbosity: "LOUD" } as never)).toEqual({ a: "1n" });
});

test("changes nothing of what it is given", () => {
  const value = Object.freeze({ list: Object.freeze([1, { a: 1n }]) });
  expect(plainLogPayload(value)).toEqual({ list: [1, { a: "1n" }] });
  expect(value).toEqual({ list: [1, { a: 1n }] });
});

function throwingTraps(): ProxyHandler<object> {
  return {
    get: failing,
    has: failing,
    ownKeys: failing,
    getPrototypeOf: failing,
    getOwnPropertyDescriptor: failing,
  };
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}
