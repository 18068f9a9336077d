import { randomInt } from "node:crypto";
import { LabelValues } from "./label-values.js";

/** No slot: there is no such set. Not the exported name, which the engine would load each time. */
const NO_SLOT = -1;
export const NONE = NO_SLOT;

const FIRST_SLOTS = 32;
const FIRST_BITS = 2;
const SPARE_BITS = 2;
const MOST_BITS = 31;
/** Odd. Unknown to who sends label values: he cannot choose them so that their hashes meet. */
const MULTIPLIER = randomInt(2 ** 31) * 2 + 1;

/** A slot of the table is four words: of a label set the code, its place + 1 (0: the slot is free), */
const SLOT_BITS = 2;
const SLOT_WORDS = 2 ** SLOT_BITS;
const PLACE = 1;
/** its number and the turn in which it was last used. */
const SET = 2;
const USED = 3;
/** In a slot whose set is gone: the search goes on beyond it. No code is equal to it, or no key. */
const GONE = -1;

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
  readonly #labels: readonly LabelValues[];
  /** Whether codes are unique. */
  #exact = true;
  /** How many sets there are, and how many slots they and those that are gone take. */
  #size = 0;
  #filled = 0;
  /** Numbers of sets that are gone. */
  readonly #free: number[] = [];
  #turn = 0;
  /** The key that is looked for or put, and a count that tells whether it still is: a getter among the
   * labels may look for another one. */
  readonly #key: Int32Array;
  #searches = 0;
  #keys: Int32Array;
  /** A power of two of slots, at most half in use. */
  #table = new Int32Array(FIRST_SLOTS * SLOT_WORDS);

  constructor(names: readonly string[]) {
    this.#labels = names.map((name) => new LabelValues(name, FIRST_BITS));
    this.#key = new Int32Array(names.length);
    this.#keys = new Int32Array((FIRST_SLOTS / 2) * names.length);
  }

  /**
   * The slot of the set with these labels, good until one is added; `NONE`: there is none, or they are
   * no labels. On the hot path.
   */
  find(labels: unknown): number {
    if (typeof labels !== "object" || labels === null) return NO_SLOT;
    const known = this.#labels;
    const searches = this.#searches;
    let count = 0;
    let code = 0;
    // In a loop over its names the engine reads a property by its place.
    for (const name in labels) {
      const label = known[count];
      if (label === undefined || name !== label.name) return this.#findByName(labels);
      const id = label.idOf((labels as Readonly<Record<string, unknown>>)[name]);
      if (id < 0) return NO_SLOT;
      code = (code << label.bits) | id;
      count++;
    }
    if (count !== known.length) return NO_SLOT;
    // A getter among the labels may have begun a set, and with it other codes.
    if (!this.#exact || searches !== this.#searches) return this.#findByName(labels);
    return this.#slotWith(code);
  }

  /** @param values in the order of the names */
  findValues(values: readonly string[]): number {
    const search = ++this.#searches;
    for (const [index, label] of this.#labels.entries()) {
      const id = label.idOf(values[index]);
      if (id < 0) return NO_SLOT;
      this.#key[index] = id;
    }
    return search === this.#searches ? this.#slotWithKey() : NO_SLOT;
  }

  placeAt(slot: number): number {
    return (this.#table[slot + PLACE] as number) - 1;
  }

  /** Its number, which no other set has. */
  setAt(slot: number): number {
    return this.#table[slot + SET] as number;
  }

  /** Says that the set is in use. */
  touch(slot: number): void {
    this.#table[slot + USED] = this.#turn;
  }

  /** Begins another turn, in which no set has been used yet. */
  nextTurn(): void {
    this.#turn++;
  }

  /** How many sets there are. */
  get size(): number {
    return this.#size;
  }

  /** How many slots there are. */
  get capacity(): number {
    return this.#table.length / SLOT_WORDS;
  }

  /** Those of all sets. */
  slots(): number[] {
    const table = this.#table;
    const slots: number[] = [];
    for (let slot = 0; slot < table.length; slot += SLOT_WORDS) {
      if ((table[slot + PLACE] as number) > 0) slots.push(slot);
    }
    return slots;
  }

  /** Of the slots from the `first`th on, those whose set was not used in this turn and the one before. */
  idleSlots(first: number, count: number): number[] {
    const table = this.#table;
    const idle: number[] = [];
    const end = Math.min(table.length, (first + count) * SLOT_WORDS);
    for (let slot = first * SLOT_WORDS; slot < end; slot += SLOT_WORDS) {
      const live = (table[slot + PLACE] as number) > 0;
      // Turns come round again.
      if (live && ((this.#turn - (table[slot + USED] as number)) | 0) >= 2) idle.push(slot);
    }
    return idle;
  }

  remove(slot: number): void {
    const table = this.#table;
    const set = this.setAt(slot);
    for (const [index, label] of this.#labels.entries()) {
      label.release(this.#keys[set * this.#labels.length + index] as number);
    }
    this.#free.push(set);
    this.#size--;
    table[slot] = GONE;
    table[slot + PLACE] = GONE;
    table[slot + SET] = GONE;
  }

  /**
   * For a set that is not known; returns its slot. The values are copied.
   *
   * @throws RangeError when memory is refused; then nothing has changed
   */
  add(values: readonly string[], place: number): number {
    if (2 * (this.#filled + 1) * SLOT_WORDS > this.#table.length) this.#makeRoom();
    const ids = this.#labels.map((label, index) => label.use(values[index] ?? ""));
    if (this.#labels.some(({ bits }, index) => (ids[index] as number) >> bits !== 0)) {
      this.#widen(ids);
    }
    const set = this.#free.pop() ?? this.#size;
    this.#size++;
    this.#keys.set(ids, set * ids.length);
    return this.#put(set, place);
  }

  /** As `find`, in whatever order the labels come. */
  #findByName(labels: object): number {
    let count = 0;
    for (const _ in labels) count++;
    if (count !== this.#labels.length) return NO_SLOT;
    const search = ++this.#searches;
    for (let index = 0; index < count; index++) {
      const label = this.#labels[index] as LabelValues;
      const id = label.idOf((labels as Readonly<Record<string, unknown>>)[label.name]);
      if (id < 0) return NO_SLOT;
      this.#key[index] = id;
    }
    return search === this.#searches ? this.#slotWithKey() : NO_SLOT;
  }

  #slotWithKey(): number {
    const code = this.#codeOfKey();
    if (this.#exact) return this.#slotWith(code);
    const table = this.#table;
    for (let slot = this.#slotOf(code); table[slot + PLACE] !== 0; slot = this.#after(slot)) {
      if (table[slot] === code && this.#hasKey(this.setAt(slot))) return slot;
    }
    return NO_SLOT;
  }

  /** While codes are unique. */
  #slotWith(code: number): number {
    const table = this.#table;
    for (let slot = this.#slotOf(code); table[slot + PLACE] !== 0; slot = this.#after(slot)) {
      if (table[slot] === code) return slot;
    }
    return NO_SLOT;
  }

  #hasKey(set: number): boolean {
    const key = this.#key;
    let same = 0;
    while (same < key.length && this.#keys[set * key.length + same] === key[same]) same++;
    return same === key.length;
  }

  #codeOfKey(): number {
    let code = 0;
    for (let index = 0; index < this.#key.length; index++) {
      const id = this.#key[index] as number;
      if (this.#exact) code = (code << (this.#labels[index] as LabelValues).bits) | id;
      else code = Math.imul(code ^ id, MULTIPLIER);
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
    const width = this.#key.length;
    this.#searches++;
    for (let index = 0; index < width; index++) {
      this.#key[index] = this.#keys[set * width + index] as number;
    }
    const code = this.#codeOfKey();
    const table = this.#table;
    let slot = this.#slotOf(code);
    while (table[slot + PLACE] !== 0) slot = this.#after(slot);
    table[slot] = code;
    table[slot + PLACE] = place + 1;
    table[slot + SET] = set;
    table[slot + USED] = this.#turn;
    this.#filled++;
    return slot;
  }

  /** Makes codes that have room for these numbers, with some to spare. */
  #widen(ids: readonly number[]): void {
    let table: Int32Array<ArrayBuffer>;
    try {
      table = new Int32Array(this.#table.length);
    } catch (error) {
      for (const [index, label] of this.#labels.entries()) label.release(ids[index] as number);
      throw error;
    }
    for (const [index, label] of this.#labels.entries()) {
      while ((ids[index] as number) >> label.bits !== 0) label.bits += SPARE_BITS;
    }
    this.#exact = this.#labels.reduce((sum, { bits }) => sum + bits, 0) <= MOST_BITS;
    this.#putAllInto(table);
  }

  /** Doubles the table, unless half of it is of sets that are gone. */
  #makeRoom(): void {
    const { length } = this.#table;
    const table = new Int32Array(2 * this.#size < this.#filled ? length : 2 * length);
    const keys = new Int32Array((table.length / SLOT_WORDS / 2) * this.#labels.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#putAllInto(table);
  }

  #putAllInto(table: Int32Array<ArrayBuffer>): void {
    const before = this.#table;
    this.#table = table;
    this.#filled = 0;
    for (let slot = 0; slot < before.length; slot += SLOT_WORDS) {
      const place = (before[slot + PLACE] as number) - 1;
      if (place < 0) continue;
      const moved = this.#put(before[slot + SET] as number, place);
      table[moved + USED] = before[slot + USED] as number;
    }
  }
}
