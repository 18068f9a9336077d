import { MetricsRuntime, type MetricsRuntimeToken } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { expectStillWorks, refused, scene, untyped } from "../support/misuse.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { INVALID_ARG_VALUE, thrownBy } from "../support/thrown.js";

const HEX = "0123456789abcdef".repeat(2);
const KIND = "metrics-runtime.token";
const attach = untyped(MetricsRuntime.attach, MetricsRuntime);

class Token {
  readonly kind = KIND;
  readonly token = HEX;
}

const NO_TOKENS: [name: string, value: unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["true", true],
  ["a number", 7],
  ["NaN", Number.NaN],
  ["a bigint", 7n],
  ["a symbol", Symbol(HEX)],
  ["empty text", ""],
  ["the digits alone", HEX],
  ["JSON of a token", JSON.stringify({ kind: KIND, token: HEX })],
  ["an empty object", {}],
  ["an array", [KIND, HEX]],
  ["an empty array", []],
  ["a function", () => ({ kind: KIND, token: HEX })],
  ["an instance of a class", new Token()],
  ["a date", new Date(7)],
  ["a map", new Map(Object.entries({ kind: KIND, token: HEX }))],
  ["a proxy of nothing", new Proxy({}, {})],
  ["no digits", { kind: KIND }],
  ["no kind", { token: HEX }],
  ["another kind", { kind: "metrics-runtime.recorder", token: HEX }],
  ["a kind that is no text", { kind: [KIND], token: HEX }],
  ["digits that are no text", { kind: KIND, token: [HEX] }],
  ["a String object of digits", { kind: KIND, token: new String(HEX) }],
  ["a digit too few", { kind: KIND, token: HEX.slice(1) }],
  ["a digit too many", { kind: KIND, token: `${HEX}0` }],
  ["capital digits", { kind: KIND, token: HEX.toUpperCase() }],
  ["letters that are no digits", { kind: KIND, token: HEX.replaceAll("f", "g") }],
  ["a line end behind it", { kind: KIND, token: `${HEX}\n` }],
  ["a space before it", { kind: KIND, token: ` ${HEX}` }],
  ["wide digits", { kind: KIND, token: "０".repeat(32) }],
];

describe("attach refuses, and changes nothing,", () => {
  test.each(NO_TOKENS)("%s", (_, value) => {
    const before = scene();
    for (let times = 0; times < 2; times++) {
      const error = refused(before, () => attach(value));
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toContain('"token"');
    }
    expectStillWorks(before);
  });

  test("a runtime or recorder itself", () => {
    const before = scene();
    for (const value of [before.runtime, before.recorder, MetricsRuntime]) {
      const error = refused(before, () => attach(value));
      expect(error).toMatchObject(INVALID_ARG_VALUE);
      expect(error.message).toContain('"token"');
    }
  });

  test("a call without arguments", () => {
    expect(thrownBy(() => attach())).toMatchObject(INVALID_ARG_VALUE);
  });

  test("what throws when it is looked at: its error is the cause", () => {
    const before = scene();
    const boom = new Error("boom");
    const throws = (): never => {
      throw boom;
    };
    for (const value of [
      Object.defineProperty({ kind: KIND }, "token", { get: throws }),
      Object.defineProperty({ token: HEX }, "kind", { get: throws }),
      new Proxy({}, { get: throws }),
      new Proxy({}, { getPrototypeOf: throws }),
    ]) {
      const error = refused(before, () => attach(value));
      expect(error).toMatchObject({ name: "MetricsRuntimeUnexpectedError", cause: boom });
    }
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const error = refused(before, () => attach(proxy));
    expect(error.name).toBe("MetricsRuntimeUnexpectedError");
  });
});

const NOT_RUNNING = {
  name: "MetricsRuntimeInvalidStateError",
  code: "ERR_METRICS_RUNTIME_INVALID_STATE",
};
const inState = (runtimeState: string) => ({
  ...NOT_RUNNING,
  details: { runtimeState, expectedStates: ["RUNNING"] },
});

describe("a token that stands for no running runtime is an invalid state:", () => {
  test("one that nobody gave out", () => {
    for (const token of [HEX, "0".repeat(32), "f".repeat(32)]) {
      expect(thrownBy(() => attach({ kind: KIND, token }))).toMatchObject(inState("CLOSED"));
    }
  });

  test("that of a runtime that was shut down, however often", () => {
    const runtime = startedRuntime();
    const tokens = [runtime.share(), runtime.share()];
    runtime.shutdown();
    for (const token of [...tokens, ...tokens]) {
      expect(thrownBy(() => MetricsRuntime.attach(token))).toMatchObject(inState("CLOSED"));
    }
  });

  test("one of two runtimes is the other's neither", () => {
    const [one, other] = [startedRuntime(), startedRuntime({ namespace: "other" })];
    const tokens = [one.share(), other.share()] as const;
    one.shutdown();
    expect(thrownBy(() => MetricsRuntime.attach(tokens[0]))).toMatchObject(inState("CLOSED"));
    expect(MetricsRuntime.attach(tokens[1]).entityId).toBe("other");
  });
});

describe("share() is for running runtimes:", () => {
  test("in VIRGIN and CLOSED it is an invalid state", () => {
    const runtime = newRuntime();
    expect(thrownBy(() => runtime.share())).toMatchObject(inState("VIRGIN"));
    runtime.start();
    const token: MetricsRuntimeToken = runtime.share();
    expect(Object.isFrozen(token)).toBe(true);
    expect(Object.keys(token)).toEqual(["kind", "token", "addon"]);
    expect(untyped(runtime.share, runtime)(null, "more")).toMatchObject({ kind: KIND });
    runtime.shutdown();
    expect(thrownBy(() => runtime.share())).toMatchObject(inState("CLOSED"));
  });
});
