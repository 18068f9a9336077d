import { types } from "node:util";
import { bigintText, classNameOf, kindMark, sizeMark } from "./payload-marks.js";

/**
 * The text of an object that is one thing and no container: a time, a boxed primitive, bytes, what can
 * only be named. `undefined` for every other object. May throw.
 */
export function leafOf(value: object): string | number | boolean | undefined {
  if (types.isDate(value)) return dateText(value);
  if (types.isRegExp(value)) return String(value);
  if (types.isBoxedPrimitive(value)) return unboxed(value);
  if (Buffer.isBuffer(value)) return bytesMark("Buffer", value.byteLength);
  if (types.isAnyArrayBuffer(value) || types.isDataView(value)) {
    return bytesMark(classNameOf(value), value.byteLength);
  }
  const kind = NAMED_ONLY.find(([isOfKind]) => isOfKind(value))?.[1];
  return kind === undefined ? undefined : kindMark(kind);
}

/** What cannot be looked into, or would be used up by that. */
const NAMED_ONLY: readonly (readonly [isOfKind: (value: object) => boolean, kind: string])[] = [
  [types.isPromise, "Promise"],
  [types.isWeakMap, "WeakMap"],
  [types.isWeakSet, "WeakSet"],
  [types.isGeneratorObject, "Generator"],
  [types.isMapIterator, "Map Iterator"],
  [types.isSetIterator, "Set Iterator"],
  [types.isExternal, "External"],
];

const bytesMark = (kind: string, bytes: number): string => `[${kind}(${bytes} bytes)]`;

function dateText(value: Date): string {
  const time = Date.prototype.getTime.call(value);
  return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
}

function unboxed(value: object): string | number | boolean {
  if (types.isNumberObject(value)) return numberOf(Number.prototype.valueOf.call(value));
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return bigintText(BigInt.prototype.valueOf.call(value));
  return types.isSymbolObject(value)
    ? Symbol.prototype.toString.call(value)
    : sizeMark("Object", 0);
}

/** JSON has no NaN and no infinities, and no `-0` that comes back. */
export function numberOf(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  return value === 0 ? 0 : value;
}
