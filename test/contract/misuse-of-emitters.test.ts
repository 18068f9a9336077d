import { defineMetricEvent, label, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { expectStillWorks, refused, type Scene, Seen, scene, untyped } from "../support/misuse.js";
import { INVALID_ARG_TYPE, INVALID_ARG_VALUE } from "../support/thrown.js";

const NAMES = ["ms", "size", "place"];
const make = ({ recorder }: Scene, ...args: unknown[]) =>
  untyped(recorder.emitter, recorder)(...args);

describe("emitter refuses, and changes nothing,", () => {
  test.each<[string, unknown]>([
    ["absent", undefined],
    ["null", null],
    ["its type", "misuse.seen"],
    ["a number", 7],
    ["a class", class Seen {}],
    ["an arrow function with the same properties", Object.assign(() => {}, { ...Seen })],
    ["a bound event class", Function.prototype.bind.call(Seen, undefined)],
    ["a plain object with the same properties", { ...Seen }],
    ["an object that inherits from an event class", Object.create(Seen)],
    ["a function that inherits from an event class", Object.setPrototypeOf(() => {}, Seen)],
    ["a proxy of an event class", new Proxy(Seen, {})],
    [
      "a function with all that an event class has, its symbols too",
      Object.defineProperties(() => {}, {
        eventType: { value: "misuse.seen" },
        ...Object.fromEntries(
          Object.getOwnPropertySymbols(Seen).map((symbol) => [symbol, { value: {} }]),
        ),
      }),
    ],
    ["the fields of an event class", Seen.fields],
    ["an event", Seen({ ms: 1, size: 1, place: "a" })],
  ])("an event class that is none: %s", (_, eventClass) => {
    const before = scene();
    const error = refused(before, () => make(before, eventClass, NAMES));
    expect(error).toMatchObject(INVALID_ARG_TYPE);
    expect(error.message).toContain('The "eventClass" argument must be an event class');
    expectStillWorks(before);
  });

  test.each<[string, unknown, object, string]>([
    ["absent", undefined, INVALID_ARG_TYPE, "fieldNames"],
    ["null", null, INVALID_ARG_TYPE, "fieldNames"],
    ["text", "ms,size,place", INVALID_ARG_TYPE, "fieldNames"],
    ["a set", new Set(NAMES), INVALID_ARG_TYPE, "fieldNames"],
    ["an array-like", { ...NAMES, length: 3 }, INVALID_ARG_TYPE, "fieldNames"],
    ["arguments", makeArguments(...NAMES), INVALID_ARG_TYPE, "fieldNames"],
    ["the fields", Seen.fields, INVALID_ARG_TYPE, "fieldNames"],
    ["a number", 3, INVALID_ARG_TYPE, "fieldNames"],
    ["none", [], INVALID_ARG_VALUE, "fieldNames"],
    ["one missing", ["ms", "size"], INVALID_ARG_VALUE, "fieldNames"],
    ["one twice", ["ms", "size", "place", "size"], INVALID_ARG_VALUE, "fieldNames[3]"],
    ["one twice for another", ["ms", "ms", "place"], INVALID_ARG_VALUE, "fieldNames[1]"],
    ["an unknown one", ["ms", "bytes", "place"], INVALID_ARG_VALUE, "fieldNames[1]"],
    ["one too many", [...NAMES, "more"], INVALID_ARG_VALUE, "fieldNames[3]"],
    ["one in other letters", ["MS", "size", "place"], INVALID_ARG_VALUE, "fieldNames[0]"],
    ["one with a space", ["ms ", "size", "place"], INVALID_ARG_VALUE, "fieldNames[0]"],
    ["the type", ["eventType", "size", "place"], INVALID_ARG_VALUE, "fieldNames[0]"],
    ["__proto__", ["__proto__", "size", "place"], INVALID_ARG_VALUE, "fieldNames[0]"],
    ["a hole", Object.assign(new Array(3), ["ms", "size"]), INVALID_ARG_TYPE, "fieldNames[2]"],
    ["an index", [0, 1, 2], INVALID_ARG_TYPE, "fieldNames[0]"],
    ["an array in an array", [NAMES], INVALID_ARG_TYPE, "fieldNames[0]"],
    ["a String object", ["ms", new String("size"), "place"], INVALID_ARG_TYPE, "fieldNames[1]"],
  ])("field names: %s", (_, names, expected, argument) => {
    const before = scene();
    const error = refused(before, () => make(before, Seen, names));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(`The "${argument}" argument`);
    expectStillWorks(before);
  });

  test("more names than a class can have fields, without looking at each", () => {
    const before = scene();
    let reads = 0;
    const names = new Proxy(new Array(100_000).fill("ms"), {
      get(target, property, receiver) {
        reads++;
        return Reflect.get(target, property, receiver);
      },
    });
    expect(refused(before, () => make(before, Seen, names))).toMatchObject(INVALID_ARG_VALUE);
    expect(reads).toBeLessThan(1_000);
  });

  test("and a class that was refused did not become known: its type is free", () => {
    const before = scene();
    const Refused = defineMetricEvent("misuse.new", { a: uint32() });
    refused(before, () => make(before, Refused, ["b"]));
    const Other = defineMetricEvent("misuse.new", { a: label() });
    expect(before.recorder.emitter(Other, ["a"])("text")).toBe(true);
  });
});

function makeArguments(..._names: string[]): IArguments {
  // biome-ignore lint/complexity/noArguments: they are what is handed in
  return arguments;
}
