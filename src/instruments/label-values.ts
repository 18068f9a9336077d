import { ownCopy } from "../events/own-copy.js";

/** No number. */
const UNKNOWN = -1;

/** No series has such a value. */
const NO_VALUE = "\ud800";
/** How many values that are not at hand come before one of them takes a place there. */
const MISSES = 16;

/**
 * The values of one label, each with a number, from 0 on. Two of them are at hand: comparing texts
 * that the engine keeps once is comparing pointers, much faster than a look into a `Map`. One of them
 * makes room now and then, which favours the frequent ones and costs the others little.
 */
export class LabelValues {
  readonly name: string;
  /** How many bits their numbers take in the code of a label set. */
  bits: number;
  readonly #ids = new Map<unknown, number>();
  /** By number: the text, and how many sets have it. */
  readonly #texts: string[] = [];
  readonly #uses: number[] = [];
  /** Numbers that no value has. */
  readonly #free: number[] = [];
  #first: unknown = NO_VALUE;
  #firstId = UNKNOWN;
  #second: unknown = NO_VALUE;
  #secondId = UNKNOWN;
  #misses = 0;

  constructor(name: string, bits: number) {
    this.name = name;
    this.bits = bits;
  }

  /** The number of a value, if it has one, else -1. On the hot path. */
  idOf(value: unknown): number {
    if (value === this.#first) return this.#firstId;
    if (value === this.#second) return this.#secondId;
    const id = this.#ids.get(value);
    if (id === undefined) return UNKNOWN;
    if (++this.#misses === MISSES) this.#putAtHand(id);
    return id;
  }

  /** The number of a value that one more set has; it is copied when it is new. */
  use(value: string): number {
    const known = this.#ids.get(value);
    const id = known ?? this.#learn(value);
    this.#uses[id] = (this.#uses[id] ?? 0) + 1;
    return id;
  }

  /** One set less has it. */
  release(id: number): void {
    const uses = (this.#uses[id] as number) - 1;
    this.#uses[id] = uses;
    if (uses > 0) return;
    this.#ids.delete(this.#texts[id]);
    this.#texts[id] = NO_VALUE;
    this.#free.push(id);
    if (this.#firstId === id) {
      this.#first = NO_VALUE;
      this.#firstId = UNKNOWN;
    }
    if (this.#secondId === id) {
      this.#second = NO_VALUE;
      this.#secondId = UNKNOWN;
    }
  }

  #learn(value: string): number {
    const id = this.#free.pop() ?? this.#texts.length;
    const text = ownCopy(value);
    this.#ids.set(text, id);
    this.#texts[id] = text;
    return id;
  }

  /** The text is ours: the one that was given may be a part of something long. */
  #putAtHand(id: number): void {
    this.#misses = 0;
    this.#second = this.#first;
    this.#secondId = this.#firstId;
    this.#first = this.#texts[id];
    this.#firstId = id;
  }
}
