/** `logInvocation`, as a wrapper of functions and as a decorator of methods. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LogContext, LogContextUnableToLogError, logInvocation } from "metrics-runtime";
import { beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN_KEYS } from "../support/bad-values.js";
import { runNode } from "../support/child-process.js";
import { Log } from "../support/log-lines.js";
import { untyped } from "../support/misuse.js";
import { startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));

function logged(eventName = "f") {
  const log = new Log();
  return { log, logger: logInvocation(eventName, { logContext: () => log.context }) };
}

describe("a wrapped function", () => {
  test("is logged before and after, with its arguments by name at the invocation alone", () => {
    const log = new Log();
    const divide = logInvocation("divide", {
      logContext: () => log.context,
      entityId: () => "calculator",
      fields: () => ({ mode: "exact" }),
      kwargs: (dividend: number, divisor: number, rest?: number) => ({ dividend, divisor, rest }),
    })((dividend: number, divisor: number) => {
      if (divisor === 0) throw new RangeError("by zero");
      return dividend / divisor;
    });
    expect(divide(6, 3)).toBe(2);
    expect(() => divide(6, 0)).toThrow(RangeError);
    expect(log.lines).toEqual([
      'DEBUG divide invoke calculator {"mode":"exact","kwargs":{"dividend":6,"divisor":3}}',
      'DEBUG divide success calculator {"mode":"exact"}',
      'DEBUG divide invoke calculator {"mode":"exact","kwargs":{"dividend":6,"divisor":0}}',
      'ERROR divide failed calculator {"mode":"exact","error":{"kind":"RangeError","message":"by zero"}}',
    ]);
  });

  test("gets its `this` and every argument, and gives the very thing that it returned", () => {
    const { logger } = logged();
    const returned = { a: 1 };
    const calls: unknown[] = [];
    const wrapped = logger(function (this: unknown, ...args: unknown[]) {
      calls.push([this, args]);
      return returned;
    });
    const self = {};
    expect(wrapped.call(self, 1, undefined, self)).toBe(returned);
    expect(wrapped.apply(undefined, [])).toBe(returned);
    expect(calls).toEqual([
      [self, [1, undefined, self]],
      [undefined, []],
    ]);
    expect((calls as [[unknown]])[0][0]).toBe(self);
  });

  test("keeps its name and length", () => {
    const { logger } = logged();
    function named(_one: number, _two: number, ..._rest: number[]): void {}
    const wrapped = logger(named);
    expect([wrapped.name, wrapped.length]).toEqual(["named", 2]);
    const renamed = Object.defineProperty(() => 1, "name", { value: "renamed" });
    expect([logger(renamed).name, logger(renamed).length]).toEqual(["renamed", 0]);
    expect(named(1, 2)).toBe(undefined);
  });

  test("that throws, throws that very thing, whatever it is; each error is told once", () => {
    const { log, logger } = logged();
    const error = new Error("no");
    for (const thrown of [error, "text", undefined, null, 7, Object.freeze({ a: 1 })]) {
      const fail = logger(() => {
        throw thrown;
      });
      let caught: unknown = "nothing";
      try {
        fail();
      } catch (it) {
        caught = it;
      }
      expect(caught).toBe(thrown);
    }
    const failed = log.events.filter(({ eventOutcome }) => eventOutcome === "failed");
    expect(failed.map(({ payload }) => payload.error)).toEqual([
      { kind: "Error", message: "no" },
      "text",
      undefined,
      null,
      7,
      { a: 1 },
    ]);
    log.clear();
    const again = logger(() => {
      throw error;
    });
    expect(again).toThrow(error);
    expect(log.short).toEqual(["f invoke -"]);
  });

  test("that returns or throws a revoked proxy does so", () => {
    const { log, logger } = logged();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const [returns, throws] = [
      logger(() => proxy),
      logger(() => {
        throw proxy;
      }),
    ];
    expect(Object.is(returns(), proxy)).toBe(true);
    let thrown: unknown;
    try {
      throws();
    } catch (error) {
      thrown = error;
    }
    expect(Object.is(thrown, proxy)).toBe(true);
    expect(log.short).toEqual(["f invoke -", "f success -", "f invoke -", "f failed -"]);
  });

  test("that calls itself is logged each time", () => {
    const { log, logger } = logged("fac");
    const factorial: (n: number) => number = logger((n: number): number =>
      n < 2 ? 1 : n * factorial(n - 1),
    );
    expect(factorial(3)).toBe(6);
    expect(log.short).toEqual([
      ...Array.from({ length: 3 }, () => "fac invoke -"),
      ...Array.from({ length: 3 }, () => "fac success -"),
    ]);
  });

  test("is called and nothing else, where there is no log context", () => {
    const untouched = () => {
      throw new Error("was called");
    };
    const options = { entityId: untouched, fields: untouched, kwargs: (_n: number) => untouched() };
    const double = logInvocation("double", options)((n: number) => 2 * n);
    expect(double(2)).toBe(4);
    const promise = Promise.resolve(1);
    expect(logInvocation("same")(() => promise)()).toBe(promise);
    const { log, logger } = logged();
    expect(logger(() => promise)()).not.toBe(promise);
    expect(log.short).toEqual(["f invoke -"]);
  });
});

interface Numbered {
  readonly n: number;
  readonly entityId?: unknown;
  readonly getLogContext?: () => LogContext | undefined;
}

describe("the context, the entity and the fields", () => {
  test("are read from what the method is called on, by default its own", () => {
    const log = new Log();
    const other = new Log();
    const method = logInvocation("m")(function (this: Numbered) {
      return this.n;
    });
    const getLogContext = () => log.context;
    expect(method.call({ n: 1, entityId: "one", getLogContext })).toBe(1);
    expect(method.call({ n: 2, entityId: 7, getLogContext: () => other.context })).toBe(2);
    expect(method.call({ n: 3, entityId: "three", getLogContext: () => undefined })).toBe(3);
    expect(method.call({ n: 4 })).toBe(4);
    expect(log.short).toEqual(["m invoke one", "m success one"]);
    expect(other.short).toEqual(["m invoke -", "m success -"]);
  });

  test("are read anew at each stage", async () => {
    const log = new Log();
    const self = { state: "VIRGIN", entityId: "before", getLogContext: () => log.context };
    const logger = logInvocation<typeof self>("m", { fields: ({ state }) => ({ state }) });
    const start = logger(async function (this: typeof self) {
      self.state = "STARTING";
      await turn();
      self.state = "RUNNING";
      self.entityId = "after";
    });
    const started = start.call(self);
    expect(log.lines).toEqual(['DEBUG m invoke before {"state":"VIRGIN"}']);
    await started;
    expect(log.lines[1]).toBe('DEBUG m success after {"state":"RUNNING"}');
  });

  test("that throw lose the event and change no call; under raise they do as a sink does", () => {
    const fail = () => {
      throw new Error("by the accessor");
    };
    for (const key of ["entityId", "fields", "kwargs"]) {
      const quiet = new Log({ errorHandling: "ignore" });
      const options = { logContext: () => quiet.context, [key]: fail };
      expect(logInvocation("f", options)(() => 7)()).toBe(7);
      const log = new Log({ errorHandling: "raise" });
      let calls = 0;
      const raising = logInvocation("f", { logContext: () => log.context, [key]: fail })(() => {
        calls++;
      });
      expect(thrownBy(() => raising())).toBeInstanceOf(LogContextUnableToLogError);
      expect(calls).toBe(0);
    }
  });

  test("are asked for the payload only if the policy lets the event pass", () => {
    const log = new Log({ eventPolicy: { isEnabled: ({ level }) => level >= 40 } });
    const read: string[] = [];
    const wrapped = logInvocation("f", {
      logContext: () => log.context,
      fields: () => {
        read.push("fields");
        return {};
      },
      kwargs: (_fails: boolean) => {
        read.push("kwargs");
        return {};
      },
    })((fails: boolean) => {
      if (fails) throw new Error("no");
    });
    wrapped(false);
    expect(read).toEqual([]);
    expect(() => wrapped(true)).toThrow("no");
    expect(read).toEqual(["fields"]);
    expect(log.short).toEqual(["f failed -"]);
  });
});

describe("a function that gives a promise", () => {
  test("has its end logged when it is fulfilled, before whoever awaits it goes on", async () => {
    const { log, logger } = logged();
    const wrapped = logger(async (n: number) => {
      await turn();
      return n + 1;
    });
    const promise = wrapped(1);
    expect(log.short).toEqual(["f invoke -"]);
    expect(promise).toBeInstanceOf(Promise);
    let atTheEnd: string[] = [];
    expect(
      await promise.then((value) => {
        atTheEnd = log.short;
        return value;
      }),
    ).toBe(2);
    expect(atTheEnd).toEqual(["f invoke -", "f success -"]);
  });

  test("is rejected with the very reason, which is logged", async () => {
    const { log, logger } = logged();
    for (const reason of [new RangeError("no"), "text", undefined]) {
      const wrapped = logger(() => Promise.reject(reason));
      const caught = await wrapped().then(
        () => "nothing",
        (it: unknown) => it,
      );
      expect(caught).toBe(reason);
    }
    expect(log.short.filter((line) => line === "f failed -")).toHaveLength(3);
    expect(log.events[1]?.payload).toEqual({ error: { kind: "RangeError", message: "no" } });
  });

  test("whose rejection nobody handles leaves it unhandled, once; one that is handled is", async () => {
    const unhandled = unhandledRejections();
    const { logger } = logged();
    const [lost, caught] = [new Error("lost"), new Error("caught")];
    void logger(() => Promise.reject(lost))();
    await expect(logger(() => Promise.reject(caught))()).rejects.toBe(caught);
    await turn();
    expect(unhandled).toEqual([lost]);
  });

  test("that throws at once does so, and that is logged", () => {
    const { log, logger } = logged();
    const wrapped = logger((): Promise<void> => {
      throw new Error("at once");
    });
    expect(() => wrapped()).toThrow("at once");
    expect(log.short).toEqual(["f invoke -", "f failed -"]);
  });

  test("under raise: at invoke it does not run, at success the promise is rejected", async () => {
    let outcome = "invoke";
    let calls = 0;
    const sink = {
      log({ eventOutcome }: { eventOutcome: string | undefined }) {
        if (eventOutcome === outcome) throw new Error("no disk");
      },
    };
    const context = new LogContext({ errorHandling: "raise", sink });
    const own = new Error("own");
    const wrapped = logInvocation("f", { logContext: () => context })(async (fails: boolean) => {
      calls++;
      if (fails) throw own;
    });
    expect(thrownBy(() => wrapped(false))).toBeInstanceOf(LogContextUnableToLogError);
    expect(calls).toBe(0);
    outcome = "success";
    await expect(wrapped(false)).rejects.toBeInstanceOf(LogContextUnableToLogError);
    expect(calls).toBe(1);
    outcome = "failed";
    await expect(wrapped(true)).rejects.toBe(own);
  });
});

test("a function that gives a thenable of another kind gives it as it is, not asked for anything", () => {
  const { log, logger } = logged();
  // biome-ignore lint/suspicious/noThenProperty: what a thenable is
  const thenable = Object.defineProperty({}, "then", {
    get() {
      throw new Error("it was read");
    },
  });
  expect(logger(() => thenable)()).toBe(thenable);
  expect(log.short).toEqual(["f invoke -", "f success -"]);
});

describe("a function that gives a wait handle", () => {
  function handles() {
    const { log, logger } = logged("halt");
    const recorder = startedRuntime().createRecorder("carts");
    return { log, recorder, halt: logger(() => recorder.stop()) };
  }

  test("gives that very handle, and its end is logged when somebody looks", () => {
    const { log, logger } = logged("halt");
    const recorder = startedRuntime().createRecorder("carts");
    const handle = recorder.stop();
    expect(logger(() => handle)()).toBe(handle);
    expect(log.short).toEqual(["halt invoke -"]);
    expect(handle.wait()).toMatchObject({ success: true });
    expect(log.short).toEqual(["halt invoke -", "halt success -"]);
    expect(logger(() => handle)()).toBe(handle);
    expect(log.short.slice(2)).toEqual(["halt invoke -", "halt success -"]);
  });

  test("or awaits it; a failed result is logged as failed", async () => {
    const { log, halt } = handles();
    expect(await halt()).toMatchObject({ success: true });
    const { error } = await halt();
    expect(log.short).toEqual([
      "halt invoke -",
      "halt success -",
      "halt invoke -",
      "halt failed -",
    ]);
    expect(log.events.at(-1)?.payload).toEqual({ error: error?.toLogPayload() });
  });

  test("or on a later turn of the loop, should nobody", async () => {
    const { log, halt } = handles();
    halt();
    const deadline = performance.now() + 5_000;
    while (log.events.length < 2 && performance.now() < deadline) await turn();
    expect(log.short).toEqual(["halt invoke -", "halt success -"]);
  });
});

describe("layers", () => {
  test("of calls that one error passes tell it once, the innermost", () => {
    const log = new Log();
    const layer = (name: string) => logInvocation(name, { logContext: () => log.context });
    const query = layer("db.query")(() => {
      throw new Error("no table");
    });
    const load = layer("orders.load")(() => query());
    const show = layer("page.show")(() => load());
    expect(show).toThrow("no table");
    expect(log.short).toEqual([
      "page.show invoke -",
      "orders.load invoke -",
      "db.query invoke -",
      "db.query failed -",
    ]);
  });

  test("also through promises", async () => {
    const log = new Log();
    const layer = (name: string) => logInvocation(name, { logContext: () => log.context });
    const query = layer("db.query")(async () => {
      await turn();
      throw new Error("no table");
    });
    const show = layer("page.show")(async () => await query());
    await expect(show()).rejects.toThrow("no table");
    expect(log.short).toEqual(["page.show invoke -", "db.query invoke -", "db.query failed -"]);
  });

  test("that make another error of it tell both", () => {
    const log = new Log();
    const layer = (name: string) => logInvocation(name, { logContext: () => log.context });
    const query = layer("db.query")(() => {
      throw new Error("no table");
    });
    const load = layer("orders.load")(() => {
      try {
        query();
      } catch (cause) {
        throw new Error("no orders", { cause });
      }
    });
    expect(load).toThrow("no orders");
    expect(log.short.slice(2)).toEqual(["db.query failed -", "orders.load failed -"]);
    expect(log.events.at(-1)?.payload).toEqual({
      error: {
        kind: "Error",
        message: "no orders",
        cause: { kind: "Error", message: "no table" },
      },
    });
  });

  test("of the library's own calls in one's own tell its error once", () => {
    const log = new Log();
    const runtime = startedRuntime({ namespace: "shop", logContext: log.context });
    log.clear();
    const find = logInvocation("find", { logContext: () => log.context })(() =>
      runtime.getRecorder("carts"),
    );
    expect(thrownBy(find).name).toBe("MetricsRuntimeRecorderNotFoundError");
    expect(log.short).toEqual([
      "find invoke -",
      "runtime.get_recorder invoke shop",
      "runtime.get_recorder failed shop",
    ]);
  });
});

describe("logInvocation refuses", () => {
  const make = untyped(logInvocation);

  test.each([
    ["no name", undefined, INVALID_ARG_TYPE],
    ["a number", 7, INVALID_ARG_TYPE],
    ["a blank name", " \t", INVALID_ARG_VALUE],
  ])("%s", (_, name, expected) => {
    const error = thrownBy(() => make(name));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('"eventName"');
  });

  test.each(UNKNOWN_KEYS)("unknown keys: %s", (_, options, named) => {
    const error = thrownBy(() => make("f", options));
    expect(error).toMatchObject(INVALID_ARG_VALUE);
    expect(error.message).toContain(`"options.${named}"`);
  });

  test.each(["logContext", "entityId", "fields", "kwargs"])("a %s that is no function", (key) => {
    for (const value of [null, "text", {}, new Log().context]) {
      const error = thrownBy(() => make("f", { [key]: value }));
      expect(error).toMatchObject(INVALID_ARG_TYPE);
      expect(error.message).toContain(`"options.${key}"`);
    }
  });

  test.each([[undefined], [null], [{}], ["f"]])("to wrap what is no function: %s", (method) => {
    const error = thrownBy(() => untyped(logInvocation("f"))(method));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('"method"');
  });
});

describe("as a decorator, compiled by tsc,", () => {
  const ROOT = join(import.meta.dirname, "..", "..");
  const COMPILE_LIMIT_MS = 60_000;
  let told: { readonly results: readonly unknown[]; readonly lines: readonly string[] };

  beforeAll(async () => {
    mkdirSync(join(ROOT, "out"), { recursive: true });
    // Inside the package, so that the program finds it by its name.
    const folder = mkdtempSync(join(ROOT, "out", "decorated-"));
    try {
      const settings = {
        extends: join(ROOT, "tsconfig.json"),
        compilerOptions: {
          noEmit: false,
          target: "ES2022",
          rootDir: join(ROOT, "test", "fixtures", "logging"),
          outDir: folder,
          paths: {},
        },
        include: [join(ROOT, "test", "fixtures", "logging", "decorated.ts")],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
      const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
      const compiled = await runNode([tsc, "-p", folder], { deadlineMs: COMPILE_LIMIT_MS });
      expect(compiled).toMatchObject({ code: 0, stdout: "" });
      const ran = await runNode([join(folder, "decorated.js")]);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      told = JSON.parse(ran.stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, COMPILE_LIMIT_MS);

  test("methods return and throw what they did, on the instance that they are called on", () => {
    expect(told.results.slice(0, 8)).toEqual([
      "shop: a",
      "shop: b",
      "RangeError: no order",
      "shop: c",
      "RangeError: no order",
      4,
      4,
      "urgent: d!",
    ]);
  });

  test("methods keep name and length, and instances and prototypes have nothing more", () => {
    expect(told.results.slice(8)).toEqual([
      ["place", 1],
      ["entityId", "placed"],
      ["constructor", "getLogContext", "place", "send", "tell"],
    ]);
  });

  test("each call is logged: of instances, promises, classes, private and inherited methods", () => {
    const invoke = (placed: number, kwargs: string) =>
      `orders.place invoke shop {"placed":${placed},"kwargs":{${kwargs}}}`;
    const failed = (placed: number) =>
      `orders.place failed shop {"placed":${placed},"error":{"kind":"RangeError","message":"no order"}}`;
    expect(told.lines).toEqual([
      invoke(0, '"order":"a"'),
      'orders.place success shop {"placed":1}',
      invoke(1, '"order":"b","amount":2'),
      'orders.place success shop {"placed":3}',
      invoke(3, '"order":""'),
      failed(3),
      "orders.send invoke shop {}",
      invoke(3, '"order":"c"'),
      'orders.place success shop {"placed":4}',
      "orders.send success shop {}",
      "orders.send invoke shop {}",
      invoke(4, '"order":""'),
      failed(4),
      "orders.count invoke all {}",
      "orders.count success all {}",
      "orders.secret invoke shop {}",
      "orders.secret success shop {}",
      'orders.place invoke urgent {"placed":0,"kwargs":{"order":"d!","amount":10}}',
      'orders.place success urgent {"placed":10}',
    ]);
  });
});
