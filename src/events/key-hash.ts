/**
 * A 64-bit hash of a string, the same in every process, since sketches of different processes are
 * merged. Not secret: whoever chooses the strings can choose some that collide.
 *
 * Two lanes of 32 bits take two UTF-16 code units at a time; for given units each step maps the pair
 * of lanes one to one, so no step loses what came before, and what cancels out in one lane has gone
 * into the other. Most of the time goes into reading the characters.
 * The multipliers and the finalizer are MurmurHash3's (A. Appleby, public domain).
 */

function rotl(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Every bit of the result depends on every bit of `word` (MurmurHash3's 32-bit finalizer). */
function avalanche(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Writes the hash of `key` to `words[at]` (low half) and `words[at + 1]` (high half). */
export function putKeyHash(words: Int32Array, at: number, key: string): void {
  const { length } = key;
  let low = 0x239b961b ^ length;
  let high = 0x38b34ae5 ^ length;
  for (let index = 0; index < length; index += 2) {
    const second = index + 1 < length ? key.charCodeAt(index + 1) : 0;
    const block = key.charCodeAt(index) | (second << 16);
    low = rotl(Math.imul(low ^ block, 0xcc9e2d51), 13);
    high = rotl((Math.imul(high ^ block, 0x1b873593) + low) | 0, 17);
  }
  low = avalanche((low + high) | 0);
  high = avalanche((high + low) | 0);
  words[at] = (low + high) | 0;
  words[at + 1] = high;
}

/** The hash that stands at `words[at]` and behind, as 16 hexadecimal digits. */
export function keyHashText(words: Int32Array, at: number): string {
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
  return hex(words[at + 1] ?? 0) + hex(words[at] ?? 0);
}
