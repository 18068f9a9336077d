/** Reads the bytes that `native/core/value_writer.h` writes; the grammar stands there. */

export type PlainValue =
  | null
  | number
  | string
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

const NULL = 0;
const NUMBER = 1;
const STRING = 2;
const ARRAY = 3;
const OBJECT = 4;

/** What looks like a byte order mark is part of the string. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export class ValueDecoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** By their numbers. */
  readonly #texts: string[] = [];
  #at = 0;

  constructor(buffer: ArrayBuffer) {
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** The next value, whole. Its arrays are frozen. */
  value(): PlainValue {
    const tag = this.#view.getUint8(this.#at++);
    switch (tag) {
      case NULL:
        return null;
      case NUMBER:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case STRING:
        return this.#text();
      case ARRAY:
        return this.#array();
      case OBJECT: {
        const object: Record<string, PlainValue> = {};
        for (let left = this.#u32(); left > 0; left--) {
          const name = this.#text();
          setOwn(object, name, this.value());
        }
        return object;
      }
      default:
        throw new Error(`unknown tag ${tag} at byte ${this.#at - 1}`);
    }
  }

  /** The entries of the next value, which is an object; `read` reads each entry's value. */
  entries<Value>(read: () => Value): [name: string, value: Value][] {
    const tag = this.#view.getUint8(this.#at++);
    if (tag !== OBJECT) throw new Error(`tag ${tag} at byte ${this.#at - 1} is no object`);
    return Array.from({ length: this.#u32() }, () => [this.#text(), read()]);
  }

  #array(): readonly PlainValue[] {
    const array: PlainValue[] = [];
    for (let left = this.#u32(); left > 0; left--) array.push(this.value());
    return Object.freeze(array);
  }

  #text(): string {
    const number = this.#u32();
    const known = this.#texts[number];
    if (known !== undefined) return known;
    if (number !== this.#texts.length) throw new Error(`unknown text at byte ${this.#at - 4}`);
    const length = this.#u32();
    this.#at += length;
    const text = utf8.decode(this.#bytes.subarray(this.#at - length, this.#at));
    this.#texts.push(text);
    return text;
  }

  #u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }
}

function setOwn(object: Record<string, PlainValue>, name: string, value: PlainValue): void {
  if (name === "__proto__") {
    // An assignment would set the prototype.
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    object[name] = value;
  }
}
