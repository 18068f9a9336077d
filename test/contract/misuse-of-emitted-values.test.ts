import { defineMetricEvent, float64, key, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { expectStillWorks, refused, type Scene, Seen, scene, untyped } from "../support/misuse.js";
import { dimensionsOf } from "../support/snapshots.js";
import { INVALID_ARG_TYPE } from "../support/thrown.js";

type Emit = (...values: unknown[]) => boolean;
const make = ({ recorder }: Scene, ...args: unknown[]) =>
  untyped(recorder.emitter, recorder)(...args) as Emit;

/** One class for each way in which an emitter is made: by the number of its fields, and with a key. */
const CLASSES = [1, 2, 3, 4, 5, 15].map((size) => {
  const fields = Object.fromEntries(Array.from({ length: size }, (_, n) => [`f${n}`, float64()]));
  return [`${size} fields`, defineMetricEvent(`misuse.of_${size}`, fields)] as const;
});
const WITH_A_KEY = defineMetricEvent("misuse.with_key", { a: uint32(), user: key() });

describe("an emitter", () => {
  test.each(CLASSES)(
    "of %s refuses too few arguments, and takes no more than it has",
    (_, Class) => {
      const before = scene();
      const names = Object.keys(Class.fields);
      const emit = make(before, Class, names);
      for (let given = 0; given < names.length; given++) {
        const error = refused(before, () => emit(...new Array(given).fill(1)));
        expect(error).toMatchObject(INVALID_ARG_TYPE);
        expect(error.message).toContain(`The "f${given}" argument must be of type number`);
      }
      const { offered } = before.recorder.getStats();
      expect(emit(...new Array(names.length).fill(1), "more", Symbol("more"))).toBe(true);
      expect(before.recorder.getStats()).toMatchObject({ offered: offered + 1, invalid: 1 });
      expectStillWorks(before);
    },
  );

  test("of a class with a key refuses too few arguments, and takes no more than it has", () => {
    const before = scene();
    const emit = make(before, WITH_A_KEY, ["user", "a"]);
    expect(refused(before, () => emit())).toMatchObject(INVALID_ARG_TYPE);
    expect(refused(before, () => emit("u")).message).toContain('The "a" argument');
    expect(emit("u", 1, 2, 3)).toBe(true);
  });

  test("of a class without fields takes any arguments", () => {
    const before = scene();
    const emit = make(before, defineMetricEvent("misuse.tick", {}), []);
    expect([emit(), emit(1), emit(undefined, {})]).toEqual([true, true, true]);
  });

  test("refuses arguments in another order than its names, and counts nothing of them", () => {
    const before = scene();
    const emit = make(before, Seen, ["place", "ms", "size"]);
    const total = dimensionsOf(before.recorder, "misuse.seen").total as number;
    expect(refused(before, () => emit(1, "a", 1)).message).toContain('The "place" argument');
    expect(refused(before, () => emit("a", "1", 1)).message).toContain('The "ms" argument');
    expect(emit("a", 1, 1)).toBe(true);
    expect(dimensionsOf(before.recorder, "misuse.seen").total).toBe(total + 1);
  });

  test("needs no `this`, whatever it is called on", () => {
    const before = scene();
    const emit = make(before, Seen, ["ms", "size", "place"]);
    for (const receiver of [undefined, null, {}, 7, before.stopped]) {
      expect(untyped(emit, receiver)(1, 1, "a")).toBe(true);
    }
  });
});
