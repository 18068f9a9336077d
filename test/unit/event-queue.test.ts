/**
 * The producer's end alone: the test plays the runtime thread, so that the bound and the wakes can be
 * looked at step by step.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { makeWriter } from "../../dist/events/make-writer.js";
import type { RecordTarget } from "../../dist/events/record-writer.js";
import * as layout from "../../dist/native/ring-layout.js";
import { EventQueue } from "../../dist/recorder/event-queue.js";
import { MetricsRecorderState } from "../../dist/recorder/recorder-state.js";

const SIZES = [1, 2, 3, 4, 63, 64, 65, 127, 128, 1000];
const STATES = Object.values(MetricsRecorderState);
const CLASS_ID = 77;

function openQueue(size: number, hasProcessBarrier = true) {
  const wakes = { count: 0 };
  const queue = new EventQueue(size, hasProcessBarrier, () => {
    wakes.count++;
  });
  queue.i32[layout.STATE] = STATES.indexOf("RUNNING");
  return { queue, wakes };
}

/** Publishes one record of `words` words; `false` when the queue is full. */
function publisher(queue: EventQueue, words: number): () => boolean {
  const target: RecordTarget = {
    queue,
    wrongState: () => {
      throw new Error("wrong state");
    },
    overflow: () => false,
  };
  return makeWriter(target, { id: CLASS_ID, words } as never, []) as () => boolean;
}

/** Publishes until the queue is full; how many records that took. Stops well beyond any bound. */
function fill(queue: EventQueue, words: number): number {
  const publish = publisher(queue, words);
  let published = 0;
  while (published <= 2 * queue.queueMaxSize && publish()) published++;
  return published;
}

const word = (queue: EventQueue, index: number) => queue.i32[index] ?? 0;
const moveHead = (queue: EventQueue, by: number) => Atomics.add(queue.i32, layout.HEAD, by);

describe.each(SIZES)("a queue of %i", (size) => {
  test.each([1, 2, 7, 8, 15, 16])("takes exactly so many records of %i words", (words) => {
    for (const hasProcessBarrier of [true, false]) {
      const { queue } = openQueue(size, hasProcessBarrier);
      expect(fill(queue, words)).toBe(size);
      for (const freed of [0, 1, size - 1, size]) {
        moveHead(queue, freed);
        expect(fill(queue, words)).toBe(freed);
      }
      expect(word(queue, layout.TAIL) - word(queue, layout.HEAD)).toBe(size);
      expect(word(queue, layout.BUSY)).toBe(0);
    }
  });

  test("counts each record that did not fit", () => {
    const { queue } = openQueue(size);
    const publish = publisher(queue, 1);
    for (let n = 0; n < size + 10; n++) publish();
    expect(queue.f64[layout.DROPPED_F64]).toBe(10);
    expect(word(queue, layout.TAIL)).toBe(size);
  });

  test("stays exact when the counts pass 2^31 and 2^32", () => {
    for (const start of [2 ** 31 - 2, 2 ** 32 - 2]) {
      const { queue } = openQueue(size);
      for (const index of [layout.TAIL, layout.HEAD]) queue.i32[index] = start;
      queue.checkAt = word(queue, layout.TAIL);
      expect(fill(queue, 3)).toBe(size);
      moveHead(queue, size);
      expect(fill(queue, 3)).toBe(size);
      expect(word(queue, layout.TAIL) >>> 0).toBe((start + 2 * size) % 2 ** 32);
    }
  });

  test("asks for a drain before it is full, once until the drain begins", () => {
    const { queue, wakes } = openQueue(size);
    fill(queue, 4);
    expect(wakes.count).toBe(1);
    expect(fill(queue, 4)).toBe(0);
    expect(wakes.count).toBe(1);
    Atomics.store(queue.i32, layout.WAKE, 0); // the drain begins
    moveHead(queue, size);
    fill(queue, 4);
    expect(wakes.count).toBe(2);
  });

  test("asks again when it is full and no drain was asked for since the last one", () => {
    const { queue, wakes } = openQueue(size);
    fill(queue, 4);
    Atomics.store(queue.i32, layout.WAKE, 0); // a drain that found nothing to free
    expect(fill(queue, 4)).toBe(0);
    expect(wakes.count).toBe(2);
  });

  test("writes records where the consumer looks for them, never past its memory", () => {
    const { queue } = openQueue(size);
    const end = queue.f64.length;
    let consumer = layout.RECORDS;
    for (let n = 0; n < 10 * (size + 3); n++) {
      const words = 1 + ((n * 7) % layout.MAX_RECORD_WORDS);
      if (end - consumer < layout.MAX_RECORD_WORDS) consumer = layout.RECORDS;
      queue.i32[2 * consumer] = 0;
      expect(publisher(queue, words)()).toBe(true);
      expect(word(queue, 2 * consumer)).toBe(CLASS_ID);
      consumer += words;
      expect(consumer).toBeLessThanOrEqual(end);
      moveHead(queue, 1);
    }
  });

  test("has room for one record beside those that are pending, to be written and abandoned", () => {
    const { queue } = openQueue(size);
    fill(queue, layout.MAX_RECORD_WORDS);
    const pendingEnd = layout.RECORDS + size * layout.MAX_RECORD_WORDS;
    expect(queue.cursor).toBe(pendingEnd);
    expect(pendingEnd + layout.MAX_RECORD_WORDS).toBeLessThanOrEqual(queue.f64.length);
  });
});

test("takes records while the recorder starts or runs, and at no other time", () => {
  for (const [index, state] of STATES.entries()) {
    const { queue } = openQueue(1);
    queue.i32[layout.STATE] = index;
    const takes = state === "STARTING" || state === "RUNNING";
    expect(queue.open, state).toBe(takes);
    if (takes) expect(publisher(queue, 1)()).toBe(true);
    else expect(() => publisher(queue, 1)()).toThrow("wrong state");
    expect(word(queue, layout.TAIL)).toBe(takes ? 1 : 0);
  }
});

test("is not left busy by a call that throws", () => {
  for (const hasProcessBarrier of [true, false]) {
    const { queue } = openQueue(4, hasProcessBarrier);
    const throwing: RecordTarget = {
      queue,
      wrongState: () => {
        throw new Error("wrong state");
      },
      overflow: () => {
        throw new Error("overflow");
      },
    };
    const publish = makeWriter(throwing, { id: CLASS_ID, words: 1 } as never, []);
    for (let n = 0; n < 4; n++) publish();
    expect(() => publish()).toThrow("overflow");
    expect(word(queue, layout.BUSY)).toBe(0);
    queue.i32[layout.STATE] = STATES.indexOf("STOPPING");
    expect(() => publish()).toThrow("wrong state");
    expect(word(queue, layout.BUSY)).toBe(0);
  }
});

test("is busy in the eyes of another thread while it publishes, also in optimised code", async () => {
  for (const hasProcessBarrier of [true, false]) {
    const { queue } = openQueue(1000, hasProcessBarrier);
    const watcher = new Worker(
      `const { workerData } = require("node:worker_threads");
       const { i32, BUSY, HEAD } = workerData;
       while (Atomics.load(i32, BUSY) === 0);
       Atomics.store(i32, HEAD, -1);`,
      { eval: true, workerData: { i32: queue.i32, BUSY: layout.BUSY, HEAD: layout.HEAD } },
    );
    try {
      await once(watcher, "online");
      const publish = publisher(queue, 1);
      const end = Date.now() + 10_000;
      while (word(queue, layout.HEAD) !== -1 && Date.now() < end) {
        for (let n = 0; n < 10_000; n++) publish();
      }
      expect(word(queue, layout.HEAD)).toBe(-1);
    } finally {
      await watcher.terminate();
    }
  }
});
