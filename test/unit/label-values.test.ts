import { expect, test } from "vitest";
import { LabelValues } from "../../src/instruments/label-values.js";

const UNKNOWN = -1;

import { seededRandom } from "../support/seeded-random.js";

/** As often as it takes to be at hand. */
function look(values: LabelValues, value: string): void {
  for (let n = 0; n < 16; n++) values.idOf(value);
}

test("a value is known while some set has it", () => {
  const values = new LabelValues("label", 2);
  expect(values.idOf("x")).toBe(UNKNOWN);
  const id = values.use("x");
  expect([values.use("x"), values.idOf("x")]).toEqual([id, id]);
  values.release(id);
  expect(values.idOf("x")).toBe(id);
  values.release(id);
  expect(values.idOf("x")).toBe(UNKNOWN);
});

test("the number of a value that is gone is another's, and no longer its own", () => {
  const values = new LabelValues("label", 2);
  const id = values.use("x");
  look(values, "x");
  values.release(id);
  expect(values.use("y")).toBe(id);
  expect([values.idOf("x"), values.idOf("y")]).toEqual([UNKNOWN, id]);
  look(values, "y");
  expect([values.idOf("x"), values.idOf("y")]).toEqual([UNKNOWN, id]);
  const again = values.use("x");
  expect(again).not.toBe(id);
  expect([values.idOf("x"), values.idOf("y")]).toEqual([again, id]);
});

test("whatever comes, goes and is looked for is as a model has it", () => {
  const random = seededRandom(11);
  const below = (limit: number) => Math.floor(random() * limit);
  const values = new LabelValues("label", 2);
  const model = new Map<string, { readonly id: number; uses: number }>();
  const wrong: string[] = [];
  for (let step = 0; step < 100_000; step++) {
    // The first ones are frequent, as it is with labels.
    const value = `v${Math.min(below(60), below(60))}`;
    const known = model.get(value);
    const action = below(8);
    if (action === 0) {
      const id = values.use(value);
      if (known === undefined) {
        expect([...model.values()].some((other) => other.id === id)).toBe(false);
        model.set(value, { id, uses: 1 });
      } else {
        expect(id).toBe(known.id);
        known.uses++;
      }
    } else if (action === 1 && known !== undefined) {
      values.release(known.id);
      if (--known.uses === 0) model.delete(value);
    } else if (values.idOf(value) !== (known?.id ?? UNKNOWN)) {
      wrong.push(`step ${step}: ${value}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(Math.max(...[...model.values()].map(({ id }) => id))).toBeLessThan(60);
});

test("what is no string has no number", () => {
  const values = new LabelValues("label", 2);
  values.use("1");
  expect([1, undefined, null, {}].map((value) => values.idOf(value))).toEqual(
    Array.from({ length: 4 }, () => UNKNOWN),
  );
});
