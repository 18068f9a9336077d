import { describe, expect, test } from "vitest";
import { complaintOf, growthOf } from "../soak/growth.js";
import { seededRandom } from "../support/seeded-random.js";

const MIB = 2 ** 20;
const NOISE = 0.5 * MIB;

/** As many as the soak of so long reads: a warm-up, noise, and so many bytes more each minute. */
function readings(seconds: number, bytesPerMinute: number) {
  const random = seededRandom(5);
  const every = Math.min(10, seconds / 24);
  return Array.from({ length: Math.floor(seconds / every) }, (_, n) => {
    const at = ((n + 1) * every) / 60;
    const warm = 10 * MIB * Math.min(1, (3 * at * 60) / seconds);
    return { at, value: 60 * MIB + warm + NOISE * (random() - 0.5) + bytesPerMinute * at };
  });
}

const complaint = (seconds: number, bytesPerMinute: number) =>
  complaintOf("native", growthOf("native", readings(seconds, bytesPerMinute)));

describe("what is said of the size of a process", () => {
  test.each([60, 300, 1_800])("after %i seconds without a leak: nothing", (seconds) => {
    expect(complaint(seconds, 0)).toBe(undefined);
  });

  test("after 60 seconds: nothing of a leak that its noise may hide, but of one of 5 MiB a minute", () => {
    expect(complaint(60, MIB / 2)).toBe(undefined);
    expect(complaint(60, 5 * MIB)).toMatch(
      /^native memory grows by \d+ KiB\/min, from \d+\.\d to \d+\.\d MiB; the limit is \d+$/,
    );
  });

  test("after 30 minutes: of a leak of 80 KiB a minute", () => {
    expect(complaint(1_800, 80 * 1024)).toMatch(/^native memory grows by/);
  });
});
