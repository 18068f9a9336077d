/** The buckets of one thread on a native side that takes a window or does not. */
import { expect, test } from "vitest";
import { ExponentialBuckets } from "../../src/instruments/exponential-buckets.js";
import type { InstrumentParts } from "../../src/instruments/instrument-parts.js";
import { SlotMemory } from "../../src/instruments/slots.js";
import type { NativeInstrument, NativeRecorder } from "../../src/native/boundary.js";

const WIDTH = 8;

function written(maxSize: number) {
  const chunks: Float64Array[] = [];
  const windows: string[] = [];
  const native = { takes: true };
  const memory = new SlotMemory({
    holdSlots: (slots: Float64Array) => void chunks.push(slots),
  } as unknown as NativeRecorder);
  const buckets = new ExponentialBuckets({
    memory,
    native: {
      setBuckets(_chunk, _first, scale, sides) {
        windows.push([scale, ...sides.map(({ base, size }) => `${base}+${size}`)].join(" "));
        return native.takes;
      },
    } as Pick<NativeInstrument, "setBuckets"> as NativeInstrument,
    settings: { maxSize } as InstrumentParts["settings"],
  } as InstrumentParts);
  const place = memory.take(WIDTH);
  const { f64, first } = memory.at(place);
  return {
    native,
    chunks,
    windows,
    record: (value: number) => buckets.record(place, value),
    slots: () => f64.slice(first, first + WIDTH),
    window: () => buckets.positiveWindow(place),
  };
}

test("a value whose window is not taken any more is not recorded, and costs no memory", () => {
  const { native, chunks, record, slots, window } = written(20);
  expect([1, -2, 0, 1.5].map(record)).toEqual([true, true, true, true]);
  const before = [slots(), window(), window().counts.slice()];
  native.takes = false;
  for (let n = 0; n < 10_000; n++) {
    expect(record(n % 2 === 0 ? 1e6 : -1e-6)).toBe(false);
  }
  expect([slots(), window()]).toEqual(before.slice(0, 2));
  expect(chunks).toHaveLength(1);
  // What fits is still counted where it was.
  expect(record(1.5)).toBe(true);
  native.takes = true;
  expect([1e6, -1e-6].map(record)).toEqual([true, true]);
  expect(chunks).toHaveLength(1);
});

test("windows are at most maxSize long, and few are asked for however far the values go", () => {
  for (const maxSize of [2, 3, 20, 160, 4_096]) {
    const { windows, record } = written(maxSize);
    for (let n = 0; n < 2_000; n++) record((n % 3 === 0 ? -1 : 1) * 1.4 ** (n % 2 === 0 ? n : -n));
    const sizes = windows.flatMap((window) => [...window.matchAll(/\+(\d+)/g)].map(([, n]) => n));
    expect(Math.max(...sizes.map(Number))).toBeLessThanOrEqual(maxSize);
    expect(windows.length).toBeLessThan(60);
  }
});
