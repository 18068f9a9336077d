import { describe, expect, test } from "vitest";
import { putKeyHash } from "../../dist/events/key-hash.js";
import { seededRandom } from "../support/seeded-random.js";

const words = new Int32Array(2);

/** The low and the high half. */
function halvesOf(key: string): readonly [low: number, high: number] {
  putKeyHash(words, 0, key);
  return [words[0] ?? 0, words[1] ?? 0];
}

function hexOf(key: string): string {
  const [low, high] = halvesOf(key);
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

const random = seededRandom(11);
const randomUnits = (length: number) => Array.from({ length }, () => Math.floor(random() * 65_536));
const randomHex = () =>
  [1, 2, 3, 4].map(() => Math.floor(random() * 2 ** 32).toString(16)).join("-");

// Sketches of different processes and versions are merged, so these must never change.
test.each([
  ["", "bb4f798ee9d78ea1"],
  ["\0", "31c9bc63b2b7b439"],
  ["\0\0", "20d45738403389be"],
  ["a", "baadf64ddbb229ed"],
  ["ab", "291a7533fd0263c5"],
  ["abc", "d572a8057a2fe2c0"],
  ["user-1", "06981cd734cfbf5d"],
  ["user-2", "f10d4c7bcf2e423d"],
  ["größe", "678c204c522e2314"],
  ["😀", "10afb6af05ed1a04"],
  ["\ud800", "b790355935e40fde"],
  ["x".repeat(33), "79198a64708df9fa"],
])("the hash of %j is what it has always been", (key, expected) => {
  expect(hexOf(key)).toBe(expected);
});

test("is written where it was asked for, and nowhere else", () => {
  const around = Int32Array.of(1, 2, 3, 4, 5);
  putKeyHash(around, 2, "user-1");
  expect([...around]).toEqual([1, 2, 0x34cfbf5d, 0x06981cd7, 5]);
});

test("strings that differ in little but their length or their order differ", () => {
  const runs = ["\0", "a", "ab", "\0a", "a\0", "\uffff"].flatMap((unit) =>
    Array.from({ length: 64 }, (_, length) => unit.repeat(length)),
  );
  const others = ["abcd", "cdab", "bacd", "abdc", "dcba", "a\0b", "\0ab", "ab\0\0", "\0\0ab", "A"];
  const keys = new Set([...runs, ...others]);
  expect(new Set([...keys].map(hexOf)).size).toBe(keys.size);
});

describe("over two million keys, in order and at random,", () => {
  const SHAPES: ((n: number) => string)[] = [
    (n) => `user-${n}`,
    (n) => String(n * 1_000),
    (n) => `b${n.toString(2)}`,
    randomHex,
  ];
  const EACH = 500_000;
  const KEYS = SHAPES.length * EACH;
  const hashes = new Int32Array(2 * KEYS);
  for (const [shape, make] of SHAPES.entries()) {
    for (let n = 0; n < EACH; n++) putKeyHash(hashes, 2 * (shape * EACH + n), make(n));
  }
  const [low, high] = [0, 1].map((which) => {
    const half = new Uint32Array(KEYS);
    for (let n = 0; n < KEYS; n++) half[n] = hashes[2 * n + which] ?? 0;
    return half;
  }) as [Uint32Array, Uint32Array];
  const halves = { low, high };

  test("there is no collision of the 64 bits", () => {
    expect(repetitions(new BigUint64Array(hashes.slice().buffer))).toBe(0);
  });

  test.each(["low", "high"] as const)(
    "the %s half collides as often as random numbers do",
    (which) => {
      // As a Poisson number: its standard deviation is the root of what is to be expected.
      const expected = KEYS ** 2 / 2 / 2 ** 32;
      const deviation = repetitions(halves[which]) - expected;
      expect(Math.abs(deviation)).toBeLessThan(6 * Math.sqrt(expected));
    },
  );

  test.each([
    ["low", 0],
    ["low", 20],
    ["high", 0],
    ["high", 20],
  ] as const)(
    "the 12 bits of the %s half from bit %i take all values equally often",
    (which, shift) => {
      for (let shape = 0; shape < SHAPES.length; shape++) {
        const seen = new Array<number>(4_096).fill(0);
        for (const word of halves[which].subarray(shape * EACH, (shape + 1) * EACH)) {
          const bits = (word >>> shift) & 4_095;
          seen[bits] = (seen[bits] ?? 0) + 1;
        }
        const expected = EACH / 4_096;
        const chiSquare = seen.reduce((sum, times) => sum + (times - expected) ** 2 / expected, 0);
        // Chi-square with 4 095 degrees of freedom: that is its mean, twice that its variance.
        expect(Math.abs(chiSquare - 4_095)).toBeLessThan(6 * Math.sqrt(2 * 4_095));
      }
    },
  );

  test("no bit of the low half tells anything of a bit of the high half", () => {
    const sample = 20_000;
    for (let shape = 0; shape < SHAPES.length; shape++) {
      const unlike = new Int32Array(32 * 32);
      for (let n = shape * EACH; n < shape * EACH + sample; n++) {
        for (let turn = 0; turn < 32; turn++) {
          const turned = ((low[n] ?? 0) << turn) | ((low[n] ?? 0) >>> (32 - turn));
          addBits(unlike, 32 * turn, turned ^ (high[n] ?? 0));
        }
      }
      expect(worstDeviation(unlike, sample)).toBeLessThan(6);
    }
  });
});

describe("each bit of a key changes each bit of the hash half of the time:", () => {
  test.each([1, 2, 3, 8, 17])("keys of %i code units", (length) => {
    const trials = 500;
    for (let unit = 0; unit < length; unit++) {
      for (let bit = 0; bit < 16; bit++) {
        const changes = new Int32Array(64);
        for (let n = 0; n < trials; n++) {
          const units = randomUnits(length);
          const [low, high] = halvesOf(String.fromCharCode(...units));
          units[unit] = (units[unit] ?? 0) ^ (1 << bit);
          const [otherLow, otherHigh] = halvesOf(String.fromCharCode(...units));
          addBits(changes, 0, low ^ otherLow);
          addBits(changes, 32, high ^ otherHigh);
        }
        // Between 36 % and 64 %; by chance one of 32 000 pairs of bits is beyond once in 16 000 runs.
        expect(worstDeviation(changes, trials), `bit ${bit} of unit ${unit}`).toBeLessThan(6);
      }
    }
  });
});

function addBits(counts: Int32Array, at: number, word: number): void {
  for (let bit = 0; bit < 32; bit++)
    counts[at + bit] = (counts[at + bit] ?? 0) + ((word >>> bit) & 1);
}

/** The largest distance of any count from half of the trials, in standard deviations. */
function worstDeviation(counts: Int32Array, trials: number): number {
  const largest = Math.max(...Array.from(counts, (times) => Math.abs(times - trials / 2)));
  return largest / (Math.sqrt(trials) / 2);
}

function repetitions(numbers: Uint32Array | BigUint64Array): number {
  const sorted = numbers.toSorted();
  let repeated = 0;
  for (let n = 1; n < sorted.length; n++) if (sorted[n] === sorted[n - 1]) repeated++;
  return repeated;
}
