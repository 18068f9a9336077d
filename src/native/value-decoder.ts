/** Reads the bytes that `native/core/value_writer.h` writes; the grammar stands there. */

export type PlainValue =
  | null
  | number
  | string
  | PlainValue[]
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
  #at = 0;

  constructor(buffer: ArrayBuffer) {
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** The next value, whole. */
  value(): PlainValue {
    const tag = this.#view.getUint8(this.#at++);
    switch (tag) {
      case NULL:
        return null;
      case NUMBER:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case STRING:
        return this.#string();
      case ARRAY:
        return Array.from({ length: this.#length() }, () => this.value());
      case OBJECT:
        return Object.fromEntries(this.#entries(() => this.value()));
      default:
        throw new Error(`unknown tag ${tag} at byte ${this.#at - 1}`);
    }
  }

  /** The entries of the next value, which is an object; `read` reads each entry's value. */
  entries<Value>(read: () => Value): [name: string, value: Value][] {
    const tag = this.#view.getUint8(this.#at++);
    if (tag !== OBJECT) throw new Error(`tag ${tag} at byte ${this.#at - 1} is no object`);
    return this.#entries(read);
  }

  #entries<Value>(read: () => Value): [name: string, value: Value][] {
    return Array.from({ length: this.#length() }, () => [this.#string(), read()]);
  }

  #string(): string {
    const length = this.#length();
    this.#at += length;
    return utf8.decode(this.#bytes.subarray(this.#at - length, this.#at));
  }

  #length(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }
}
