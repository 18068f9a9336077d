import { randomInt } from "node:crypto";
import { LabelValues, UNKNOWN } from "./label-values.js";

/** There is no such set. */
export const NONE = -1;

const FIRST_SLOTS = 32;
const FIRST_BITS = 2;
const MOST_BITS = 31;
/** Odd. Unknown to who sends label values: he cannot choose them so that their hashes meet. */
const MULTIPLIER = randomInt(2 ** 31) * 2 + 1;

/** A slot of the table is four words: of a label set the code, its place + 1 (0: the slot is free), */
const SLOT_BITS = 2;
const SLOT_WORDS = 2 ** SLOT_BITS;
const PLACE = 1;
/** the number under which its key is kept. */
const SET = 2;

interface Label {
  readonly name: string;
  readonly values: LabelValues;
  /** How many bits the numbers of the values take in a code. */
  bits: number;
}

/**
 * From label values to the place of the slots that count for them: a number for each value of each
 * label, and an open-addressing hash table over those numbers. The values are never joined into one
 * text, so no two sets can be taken for one.
 *
 * The numbers of a set, its key, are packed into its code, which is unique while 31 bits are enough;
 * the rare index that needs more has hashes for codes, and compares the keys too.
 *
 * What grows with the sets lies in typed arrays, outside the JavaScript heap: 32 … 64 bytes of table
 * for a set and 4 for each label. A value costs an entry of a `Map`, once for each label.
 */
export class LabelIndex {
  readonly #labels: readonly Label[];
  /** Whether codes are unique. */
  #exact = true;
  #size = 0;
  #keys: Int32Array;
  /** A power of two of slots, at most half in use. */
  #table = new Int32Array(FIRST_SLOTS * SLOT_WORDS);

  constructor(names: readonly string[]) {
    this.#labels = names.map((name) => ({
      name,
      values: new LabelValues(),
      bits: FIRST_BITS,
    }));
    this.#keys = new Int32Array((FIRST_SLOTS / 2) * names.length);
  }

  /**
   * The slot of the set with these labels, good until one is added; `NONE`: there is none, or they are
   * no labels. On the hot path.
   */
  find(labels: unknown): number {
    if (typeof labels !== "object" || labels === null) return NONE;
    const known = this.#labels;
    let count = 0;
    let code = 0;
    // In a loop over its names the engine reads a property by its place.
    for (const name in labels) {
      const label = known[count];
      if (label === undefined || name !== label.name) return this.#findByName(labels);
      const id = label.values.idOf((labels as Readonly<Record<string, unknown>>)[name]);
      if (id === UNKNOWN) return NONE;
      code = (code << label.bits) | id;
      count++;
    }
    if (count !== known.length) return NONE;
    return this.#exact ? this.#slotWith(code) : this.#findByName(labels);
  }

  /** @param values in the order of the names */
  findValues(values: readonly string[]): number {
    return this.#slotOfKey(this.#labels.map((label, index) => label.values.idOf(values[index])));
  }

  placeAt(slot: number): number {
    return (this.#table[slot + PLACE] as number) - 1;
  }

  /** Its number, in order of appearance. */
  setAt(slot: number): number {
    return this.#table[slot + SET] as number;
  }

  /** For a set that is not known; returns its slot. The values are copied. */
  add(values: readonly string[], place: number): number {
    if (2 * (this.#size + 1) * SLOT_WORDS > this.#table.length) this.#grow();
    const key = this.#labels.map((label, index) => label.values.learn(values[index] ?? ""));
    const set = this.#size++;
    this.#keys.set(key, set * key.length);
    if (this.#labels.some(({ bits }, index) => (key[index] ?? 0) >> bits !== 0)) this.#widen(key);
    return this.#put(set, place);
  }

  /** As `find`, in whatever order the labels come. */
  #findByName(labels: object): number {
    let count = 0;
    for (const _ in labels) count++;
    if (count !== this.#labels.length) return NONE;
    const given = labels as Readonly<Record<string, unknown>>;
    return this.#slotOfKey(this.#labels.map(({ name, values }) => values.idOf(given[name])));
  }

  #slotOfKey(key: readonly number[]): number {
    if (key.includes(UNKNOWN)) return NONE;
    const code = this.#codeOf(key);
    if (this.#exact) return this.#slotWith(code);
    const table = this.#table;
    for (let slot = this.#slotOf(code); table[slot + PLACE] !== 0; slot = this.#after(slot)) {
      if (table[slot] === code && this.#hasKey(this.setAt(slot), key)) return slot;
    }
    return NONE;
  }

  /** While codes are unique. */
  #slotWith(code: number): number {
    const table = this.#table;
    for (let slot = this.#slotOf(code); table[slot + PLACE] !== 0; slot = this.#after(slot)) {
      if (table[slot] === code) return slot;
    }
    return NONE;
  }

  #hasKey(set: number, key: readonly number[]): boolean {
    return key.every((id, index) => this.#keys[set * key.length + index] === id);
  }

  #codeOf(key: readonly number[]): number {
    let code = 0;
    for (const [index, { bits }] of this.#labels.entries()) {
      const id = key[index] as number;
      code = this.#exact ? (code << bits) | id : Math.imul(code ^ id, MULTIPLIER);
    }
    return code;
  }

  #slotOf(code: number): number {
    const hash = Math.imul(code, MULTIPLIER);
    return ((hash ^ (hash >>> 15)) << SLOT_BITS) & (this.#table.length - 1);
  }

  #after(slot: number): number {
    return (slot + SLOT_WORDS) & (this.#table.length - 1);
  }

  #put(set: number, place: number): number {
    const width = this.#labels.length;
    const code = this.#codeOf([...this.#keys.subarray(set * width, (set + 1) * width)]);
    const table = this.#table;
    let slot = this.#slotOf(code);
    while (table[slot + PLACE] !== 0) slot = this.#after(slot);
    table[slot] = code;
    table[slot + PLACE] = place + 1;
    table[slot + SET] = set;
    return slot;
  }

  /** Makes codes that have room for the numbers in the key. */
  #widen(key: readonly number[]): void {
    let sum = 0;
    for (const [index, label] of this.#labels.entries()) {
      while ((key[index] ?? 0) >> label.bits !== 0) label.bits++;
      sum += label.bits;
    }
    this.#exact = sum <= MOST_BITS;
    this.#putAllInto(new Int32Array(this.#table.length));
  }

  #grow(): void {
    const keys = new Int32Array(2 * this.#keys.length);
    const table = new Int32Array(2 * this.#table.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#putAllInto(table);
  }

  #putAllInto(table: Int32Array<ArrayBuffer>): void {
    const before = this.#table;
    this.#table = table;
    for (let slot = 0; slot < before.length; slot += SLOT_WORDS) {
      const place = (before[slot + PLACE] as number) - 1;
      if (place >= 0) this.#put(before[slot + SET] as number, place);
    }
  }
}
