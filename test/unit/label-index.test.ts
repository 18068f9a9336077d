import { expect, test } from "vitest";
import { LabelIndex, NONE } from "../../src/instruments/label-index.js";

/** Deterministic: what fails once fails again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const asObject = (names: readonly string[], values: readonly string[]): object =>
  Object.fromEntries(names.map((name, index) => [name, values[index]]));

test.each([
  { labels: 1, values: 5_000, sets: 4_000 },
  { labels: 2, values: 3, sets: 9 },
  { labels: 2, values: 300, sets: 20_000 },
  { labels: 3, values: 40, sets: 20_000 },
  { labels: 5, values: 200, sets: 5_000 }, // more than 31 bits
  { labels: 15, values: 6, sets: 3_000 }, // likewise
])("finds each of $sets sets of $labels labels, and no other", ({ labels, values, sets }) => {
  const names = Array.from({ length: labels }, (_, index) => `label_${index}`);
  const random = randomNumbers(labels * 31 + values);
  const index = new LabelIndex(names);
  const expected = new Map<string, { readonly key: string[]; readonly place: number }>();
  const randomKey = (): string[] => names.map(() => `v${random(values)}`);
  while (expected.size < sets) {
    const key = randomKey();
    const text = JSON.stringify(key);
    if (expected.has(text)) continue;
    expect(index.find(asObject(names, key))).toBe(NONE);
    expect(index.findValues(key)).toBe(NONE);
    const place = random(2 ** 30);
    const slot = index.add(key, place);
    expect(index.placeAt(slot)).toBe(place);
    expected.set(text, { key, place });
  }
  let set = 0;
  for (const { key, place } of expected.values()) {
    const backwards = asObject([...names].reverse(), [...key].reverse());
    const slots = [index.find(asObject(names, key)), index.find(backwards), index.findValues(key)];
    expect(slots.map((slot) => index.placeAt(slot))).toEqual([place, place, place]);
    expect(index.setAt(slots[0] as number)).toBe(set++);
  }
  for (let trial = 0; trial < 2_000; trial++) {
    const key = randomKey();
    const slot = index.find(asObject(names, key));
    const known = expected.get(JSON.stringify(key));
    expect(slot === NONE ? undefined : index.placeAt(slot)).toBe(known?.place);
  }
});

test("keeps sets apart whose values joined would be one text", () => {
  const index = new LabelIndex(["a", "b"]);
  index.add(["x,b:y", ""], 1);
  index.add(["x", "b:y"], 2);
  index.add(["", "x"], 3);
  index.add(["x", ""], 4);
  const place = (a: string, b: string) => index.placeAt(index.find({ a, b }));
  expect([place("x,b:y", ""), place("x", "b:y"), place("", "x"), place("x", "")]).toEqual([
    1, 2, 3, 4,
  ]);
});

test("finds nothing for what are no labels", () => {
  const index = new LabelIndex(["a", "b"]);
  index.add(["x", "y"], 7);
  const others = [undefined, null, 1, "x", {}, { a: "x" }, { a: "x", b: "y", c: "z" }];
  const wrong = [
    { a: "x", c: "y" },
    { a: "x", b: 1 },
    { b: "x", a: "y" },
    { a: "\ud800", b: "y" },
  ];
  for (const labels of [...others, ...wrong]) expect(index.find(labels)).toBe(NONE);
});

test("is not led astray by a getter that looks for another set meanwhile", () => {
  const index = new LabelIndex(["a", "b"]);
  index.add(["x", "y"], 1);
  index.add(["z", "z"], 2);
  const labels = {
    a: "x",
    get b() {
      index.find({ a: "z", b: "z" });
      return "y";
    },
  };
  expect(index.placeAt(index.find(labels))).toBe(1);
});
