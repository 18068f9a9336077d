import { types } from "node:util";
import { isPlainObject } from "../errors/argument-checks.js";
import { type LogPayloadOptions, LogPayloadVerbosity } from "./log-event.js";
import { leafOf, numberOf } from "./payload-leaves.js";
import {
  bigintText,
  CIRCULAR,
  classNameOf,
  cutText,
  functionMark,
  kindMark,
  MORE_KEY,
  more,
  sizeMark,
  threwMark,
} from "./payload-marks.js";

interface Limits {
  /** Characters of a text. */
  readonly text: number;
  /** Items of a list, keys of an object. */
  readonly items: number;
  /** Containers within each other; of what is deeper, only the kind and size are kept. */
  readonly depth: number;
  /** Values altogether. */
  readonly nodes: number;
}

const LIMITS: Readonly<Record<LogPayloadVerbosity, Limits>> = {
  SUMMARY: { text: 200, items: 0, depth: 0, nodes: 1 },
  NORMAL: { text: 200, items: 10, depth: 6, nodes: 1_000 },
  FULL: { text: Number.POSITIVE_INFINITY, items: 100_000, depth: 64, nodes: 100_000 },
};

/**
 * Makes plain data of anything: JSON turns it into text and back unchanged. Never throws, and changes
 * nothing; of user code it runs `toLogPayload()`, getters and proxies, whose throws it marks.
 *
 * Objects give their own enumerable fields, or what their `toLogPayload()` gives; maps lists of pairs;
 * errors `{ kind, message, code?, cause?, errors? }`; numbers that JSON lacks, bigints, symbols,
 * functions, dates and what only has a kind give texts. What was left out leaves a mark. `SUMMARY` keeps
 * of every container, also of the outermost, a text such as `[Array(3)]`.
 */
export function plainLogPayload(
  value: unknown,
  options: LogPayloadOptions = { verbosity: LogPayloadVerbosity.NORMAL },
): unknown {
  try {
    return new PlainMaker(limitsOf(options)).make(value, 0) ?? null;
  } catch (error) {
    return threwMark(error);
  }
}

function limitsOf({ verbosity }: LogPayloadOptions): Limits {
  return Object.hasOwn(LIMITS, verbosity) ? LIMITS[verbosity] : LIMITS.NORMAL;
}

/** Makes one payload. */
class PlainMaker {
  readonly #limits: Limits;
  /** How many values may still be made. */
  #left: number;
  /** The objects around the one that is being made. */
  readonly #around = new Set<object>();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#left = limits.nodes;
  }

  /** `undefined` of `undefined` alone. */
  make(value: unknown, depth: number): unknown {
    this.#left--;
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return numberOf(value);
      case "bigint":
        return this.#text(bigintText(value));
      case "symbol":
        return this.#text(String(value));
      case "function":
        return this.#text(functionMark(value));
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return value;
    }
  }

  #text(text: string): string {
    return cutText(text, this.#limits.text);
  }

  /** @param ask whether its toLogPayload() is asked: what one gave is not, that might go on for ever */
  #object(value: object, depth: number, ask = true): unknown {
    if (this.#around.has(value)) return CIRCULAR;
    this.#around.add(value);
    try {
      const leaf = leafOf(value);
      if (typeof leaf === "string") return this.#text(leaf);
      if (leaf !== undefined) return leaf;
      return ask && depth < this.#limits.depth
        ? this.#ownForm(value, depth)
        : this.#container(value, depth);
    } catch (error) {
      // A revoked proxy, a toLogPayload() that throws; its fields may be what that was to hide.
      return this.#text(threwMark(error));
    } finally {
      this.#around.delete(value);
    }
  }

  #ownForm(value: object, depth: number): unknown {
    const toLogPayload: unknown = Reflect.get(value, "toLogPayload");
    if (typeof toLogPayload !== "function") return this.#container(value, depth);
    const form: unknown = Reflect.apply(toLogPayload, value, []);
    if (form === value) return this.#container(value, depth);
    return typeof form === "object" && form !== null
      ? this.#object(form, depth, false)
      : this.make(form, depth);
  }

  #container(value: object, depth: number): unknown {
    if (types.isNativeError(value) || value instanceof Error) return this.#error(value, depth);
    const whole = depth < this.#limits.depth;
    if (types.isMap(value)) {
      if (!whole) return this.#size(value, sizeOfMap(value));
      const pairs = Map.prototype.entries.call(value) as Iterator<[unknown, unknown]>;
      return this.#list(sizeOfMap(value), () => {
        const [key, inner] = pairs.next().value as [unknown, unknown];
        return [this.make(key, depth + 1) ?? null, this.make(inner, depth + 1) ?? null];
      });
    }
    if (types.isSet(value)) {
      if (!whole) return this.#size(value, sizeOfSet(value));
      const members = Set.prototype.values.call(value) as Iterator<unknown>;
      return this.#list(sizeOfSet(value), () => this.make(members.next().value, depth + 1));
    }
    if (Array.isArray(value) || types.isTypedArray(value)) {
      const length = lengthOf(value);
      if (!whole) return this.#size(value, length);
      return this.#list(length, (index) => this.#field(value, index, depth));
    }
    return this.#fields(value, depth);
  }

  #size(value: object, size: number): string {
    return this.#text(sizeMark(classNameOf(value), size));
  }

  #list(length: number, item: (index: number) => unknown): unknown[] {
    const list: unknown[] = [];
    while (list.length < length && list.length < this.#limits.items && this.#left > 0) {
      list.push(item(list.length) ?? null);
    }
    if (list.length < length) list.push(more(length - list.length));
    return list;
  }

  #fields(value: object, depth: number): unknown {
    const keys = Object.keys(value);
    if (depth >= this.#limits.depth) return this.#size(value, keys.length);
    // An object that shows nothing of itself is at least named.
    const plain: boolean = isPlainObject(value);
    if (keys.length === 0 && !plain) {
      return this.#text(value instanceof URL ? value.href : kindMark(classNameOf(value)));
    }
    const fields: Record<string, unknown> = {};
    let seen = 0;
    let kept = 0;
    for (const key of keys) {
      if (kept === this.#limits.items || this.#left <= 0) break;
      seen++;
      const inner = this.#field(value, key, depth);
      if (inner === undefined) continue;
      put(fields, this.#text(key), inner);
      kept++;
    }
    if (seen < keys.length) fields[MORE_KEY] = more(keys.length - seen);
    return fields;
  }

  #field(value: object, key: PropertyKey, depth: number): unknown {
    let inner: unknown;
    try {
      inner = Reflect.get(value, key);
    } catch (error) {
      return this.make(threwMark(error), depth);
    }
    return this.make(inner, depth + 1);
  }

  #error(error: Error, depth: number): unknown {
    const plain: Record<string, unknown> = {
      kind: this.#told(error, "name", depth),
      message: this.#told(error, "message", depth),
    };
    const code = this.#field(error, "code", depth);
    if (typeof code === "string" || typeof code === "number") plain.code = code;
    if (depth >= this.#limits.depth) return plain;
    for (const key of ["cause", "errors"]) {
      const inner = Object.hasOwn(error, key) ? this.#field(error, key, depth) : undefined;
      if (inner !== undefined) plain[key] = inner;
    }
    return plain;
  }

  /** As text, whatever is there. */
  #told(error: Error, key: string, depth: number): string {
    const told = this.#field(error, key, depth);
    return typeof told === "string" ? told : (JSON.stringify(told) ?? "");
  }
}

/** As a field of its own, whatever its name. */
function put(fields: object, key: string, value: unknown): void {
  Object.defineProperty(fields, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

// Not by `map.size`, which a subclass may have made its own.
const sizeOfMap = sizeGetter(Map.prototype);
const sizeOfSet = sizeGetter(Set.prototype);

function sizeGetter(prototype: object): (value: object) => number {
  const getter = Object.getOwnPropertyDescriptor(prototype, "size")?.get;
  return (value) => (getter === undefined ? 0 : (Reflect.apply(getter, value, []) as number));
}

/** A proxy of an array may say anything. */
function lengthOf(value: ArrayLike<unknown>): number {
  const length: unknown = value.length;
  return typeof length === "number" && Number.isSafeInteger(length) && length > 0 ? length : 0;
}
