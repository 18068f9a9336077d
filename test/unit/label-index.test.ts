import { describe, expect, test } from "vitest";
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

interface Known {
  readonly key: readonly string[];
  readonly place: number;
  readonly set: number;
  usedIn: number;
}

describe("sets that come and go", () => {
  test.each([
    { labels: 1, values: 300, most: 120 },
    { labels: 2, values: 4, most: 16 },
    { labels: 2, values: 3_000, most: 700 },
    { labels: 3, values: 12, most: 500 },
    { labels: 6, values: 400, most: 600 }, // more than 31 bits
    { labels: 15, values: 6, most: 300 }, // likewise
  ])("of $labels labels are as a model has them", ({ labels, values, most }) => {
    const names = Array.from({ length: labels }, (_, index) => `label_${index}`);
    const random = randomNumbers(labels * 1_009 + values);
    const index = new LabelIndex(names);
    const model = new Map<string, Known>();
    const randomKey = (): string[] => names.map(() => `v${random(values)}`);
    let turn = 0;

    function expectSame({ key, place, set }: Known): void {
      const slot = index.find(asObject(names, key));
      expect([index.placeAt(slot), index.setAt(slot)]).toEqual([place, set]);
      expect(index.findValues(key)).toBe(slot);
    }

    function sweep(): void {
      const idle: number[] = [];
      const slice = 1 + random(200);
      for (let first = 0; first < index.capacity; first += slice) {
        idle.push(...index.idleSlots(first, slice).map((slot) => index.setAt(slot)));
      }
      const expected = [...model.values()].filter(({ usedIn }) => turn - usedIn >= 2);
      expect(idle.sort()).toEqual(expected.map(({ set }) => set).sort());
    }

    for (let step = 0; step < 10_000; step++) {
      const grows = Math.floor(step / 2_000) % 2 === 0;
      const some = [...model.values()][random(Math.max(1, model.size))];
      const key = some === undefined || random(2) === 0 ? randomKey() : some.key;
      const text = JSON.stringify(key);
      const known = model.get(text);
      const slot = index.find(asObject(names, key));
      expect(slot === NONE ? undefined : index.setAt(slot)).toBe(known?.set);
      if (known === undefined && model.size < most && (grows || random(4) === 0)) {
        const place = random(2 ** 30);
        const added = index.add(key, place);
        expect([index.placeAt(added), index.findValues(key)]).toEqual([place, added]);
        const set = index.setAt(added);
        expect([...model.values()].some((other) => other.set === set)).toBe(false);
        model.set(text, { key, place, set, usedIn: turn });
      } else if (known !== undefined && random(3) > 0) {
        index.touch(slot);
        known.usedIn = turn;
      } else if (known !== undefined) {
        index.remove(slot);
        model.delete(text);
        expect([index.find(asObject(names, key)), index.findValues(key)]).toEqual([NONE, NONE]);
      }
      expect(index.size).toBe(model.size);
      if (step % 50 === 0) {
        index.nextTurn();
        turn++;
        sweep();
      }
      if (step % 500 === 0) for (const each of model.values()) expectSame(each);
    }
    for (const each of model.values()) expectSame(each);
  });

  test("take no more room however many there were", () => {
    const index = new LabelIndex(["a", "b"]);
    for (let n = 0; n < 100; n++) index.add([`a${n}`, `b${n}`], n);
    const { capacity } = index;
    let most = 0;
    for (let n = 0; n < 100_000; n++) {
      index.remove(index.find({ a: `a${n}`, b: `b${n}` }));
      most = Math.max(most, index.setAt(index.add([`a${n + 100}`, `b${n + 100}`], n)));
    }
    expect(most).toBeLessThanOrEqual(100);
    expect(index.size).toBe(100);
    expect(index.capacity).toBeLessThanOrEqual(2 * capacity);
  });

  test("give their numbers to others, not while they live", () => {
    const index = new LabelIndex(["a"]);
    const first = index.setAt(index.add(["x"], 1));
    const second = index.setAt(index.add(["y"], 2));
    index.remove(index.find({ a: "x" }));
    expect(index.setAt(index.add(["z"], 3))).toBe(first);
    expect(index.setAt(index.add(["x"], 4))).not.toBe(second);
  });

  test("leave the values that others share with them", () => {
    const index = new LabelIndex(["a", "b"]);
    index.add(["x", "1"], 1);
    index.add(["x", "2"], 2);
    index.remove(index.find({ a: "x", b: "1" }));
    index.add(["y", "1"], 3);
    expect(index.find({ a: "x", b: "1" })).toBe(NONE);
    const place = (a: string, b: string) => index.placeAt(index.find({ a, b }));
    expect([place("x", "2"), place("y", "1")]).toEqual([2, 3]);
  });
});

test("a set is idle from the second turn on in which nobody used it", () => {
  const index = new LabelIndex(["a"]);
  index.add(["used"], 1);
  index.add(["left"], 2);
  const idle = () => index.idleSlots(0, index.capacity).map((slot) => index.placeAt(slot));
  index.touch(index.find({ a: "used" }));
  expect(idle()).toEqual([]);
  index.nextTurn();
  index.touch(index.find({ a: "used" }));
  expect(idle()).toEqual([]);
  index.nextTurn();
  expect(idle()).toEqual([2]);
  for (let n = 0; n < 100; n++) index.add([`${n}`], 10 + n); // the table grows
  expect(idle()).toEqual([2]);
  index.touch(index.find({ a: "left" }));
  index.nextTurn();
  expect(idle()).toEqual([1]);
});
