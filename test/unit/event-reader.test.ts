/**
 * The reader of a thread's own events beside the writer: the test plays the runtime thread, so that
 * every position, also those past 2^31, and both readers' pace can be chosen.
 */
import { defineMetricEvent, type MetricEvent, uint32 } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { definitionOfClass } from "../../dist/events/define-metric-event.js";
import { EventCodecs } from "../../dist/events/event-codecs.js";
import { makeObjectWriter } from "../../dist/events/record-writer.js";
import * as layout from "../../dist/native/ring-layout.js";
import { EventQueue } from "../../dist/recorder/event-queue.js";
import { EventReader } from "../../dist/recorder/event-reader.js";
import { MetricsRecorderState } from "../../dist/recorder/recorder-state.js";
import { seededRandom } from "../support/seeded-random.js";

const SIZES = [1, 2, 3, 64, 65, 1000];
const STARTS = [0, 2 ** 31 - 3, 2 ** 32 - 3];
const STATES = Object.values(MetricsRecorderState);
const RETIRED = -(2 ** 31);

/** Records of every length; each but the shortest carries its number. */
const CLASSES = [0, 1, 2, 7, 14, 15].map((count) =>
  defineMetricEvent(
    `sized.${count}`,
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, uint32()])),
  ),
);
function eventOf(n: number): MetricEvent {
  const Sized = CLASSES[(n * 7) % CLASSES.length] as (typeof CLASSES)[number];
  const names = Object.keys(Sized.fields);
  return Sized(Object.fromEntries(names.map((name, index) => [name, n + index])));
}

function scene(size: number, start = 0) {
  const wakes = { count: 0 };
  const queue = new EventQueue(size, true, () => {
    wakes.count++;
  });
  queue.i32[layout.STATE] = STATES.indexOf("RUNNING");
  for (const index of [layout.TAIL, layout.HEAD]) queue.i32[index] = start;
  queue.checkAt = queue.i32[layout.TAIL] ?? 0;
  let nextId = 50;
  const codecs = new EventCodecs({
    registerEventClasses: (declarations: { fields: unknown[] }[]) => ({
      eventClasses: declarations.map(({ fields }) => ({
        id: nextId++,
        words: fields.length + 1,
        offsets: fields.map((_, index) => 8 * (index + 1)),
      })),
    }),
  } as never);
  const target = { queue, wrongState: (): never => fail("wrong state"), overflow: () => false };
  const writers = new Map(
    CLASSES.map((eventClass) => {
      const codec = codecs.of(definitionOfClass("eventClass", eventClass));
      return [eventClass.eventType as string, makeObjectWriter(target, codec)];
    }),
  );
  return {
    wakes,
    queue,
    reader: new EventReader(queue, codecs),
    publish: (event: MetricEvent) => writers.get(event.eventType)?.(event as never) === true,
    dispatchAll: () => Atomics.store(queue.i32, layout.HEAD, queue.i32[layout.TAIL] ?? 0),
    word: (index: number) => queue.i32[index] ?? 0,
  };
}

function fail(message: string): never {
  throw new Error(message);
}

describe.each(SIZES)("in a queue of %i", (size) => {
  test.each(STARTS)("from %i on, it reads each event once, in order, over many turns", (start) => {
    const { queue, reader, publish, dispatchAll } = scene(size, start);
    const random = seededRandom(size + 1);
    const below = (limit: number) => Math.floor(random() * (limit + 1));
    for (let n = below(2 * size); n > 0; n--) {
      expect(publish(eventOf(n))).toBe(true); // before it reads: not for it
      dispatchAll();
    }
    reader.open();
    let [written, read, released] = [0, 0, 0];
    while (read < 5 * size + 200) {
      for (let tries = below(size + 1); tries > 0; tries--) {
        const taken = publish(eventOf(written));
        expect(taken).toBe(written - released < size);
        if (taken) written++;
      }
      dispatchAll();
      for (let left = below(written - read); left > 0; left--) {
        expect(reader.take()).toEqual(eventOf(read++));
        expect(reader.position).toBe(((queue.i32[layout.TAIL] ?? 0) - (written - read)) | 0);
      }
      expect(reader.held(reader.end)).toBe(written - released);
      if (random() < 0.7) {
        reader.release();
        released = read;
      }
    }
    while (reader.position !== reader.end) expect(reader.take()).toEqual(eventOf(read++));
    expect(read).toBe(written);
  });

  test("the slower of the two readers bounds it", () => {
    const { queue, reader, publish, dispatchAll } = scene(size);
    const fill = (): number => {
      let count = 0;
      while (count <= size && publish(eventOf(count))) count++;
      return count;
    };
    reader.open();
    expect(fill()).toBe(size);
    dispatchAll();
    expect(fill()).toBe(0); // not handled
    for (let n = 0; n < size; n++) reader.take();
    expect(fill()).toBe(0); // taken is not handled
    reader.release();
    expect(fill()).toBe(size);
    for (let n = 0; n < size; n++) reader.take();
    reader.release();
    expect(fill()).toBe(0); // not dispatched
    dispatchAll();
    expect(fill()).toBe(size);
    reader.close();
    dispatchAll();
    expect(fill()).toBe(size); // nobody reads
    expect(queue.i32[layout.READING]).toBe(0);
  });
});

test("open tells the position before it tells that it reads, close that it does not", () => {
  const { queue, reader, publish, dispatchAll, word } = scene(4, 2 ** 31 - 1);
  expect([reader.reading, queue.reader]).toEqual([false, undefined]);
  publish(eventOf(1));
  dispatchAll();
  reader.open();
  expect([reader.reading, queue.reader]).toEqual([true, reader]);
  expect(word(layout.READING)).toBe(1);
  expect(word(layout.HANDLED) >>> 0).toBe(2 ** 31);
  expect(word(layout.TAKEN)).toBe(0); // modulo 2^31
  reader.close();
  expect([reader.reading, queue.reader, word(layout.READING)]).toEqual([false, undefined, 0]);
});

test("a reader that was retired takes nothing more, until it is opened again", () => {
  const { queue, reader, publish } = scene(8);
  reader.open();
  for (let n = 0; n < 4; n++) publish(eventOf(n));
  expect(reader.take()).toEqual(eventOf(0));
  expect(reader.retired).toBe(false);
  expect(Atomics.or(queue.i32, layout.TAKEN, RETIRED)).toBe(1);
  expect(reader.retired).toBe(true);
  expect(reader.take()).toBeUndefined();
  expect(reader.position).toBe(1);
  expect(queue.i32[layout.TAKEN]).toBe(RETIRED + 1);
  reader.open();
  expect(reader.retired).toBe(false);
  publish(eventOf(4));
  expect(reader.take()).toEqual(eventOf(4));
});

test("a record that no writer of ours has left is not taken", () => {
  const { queue, reader, publish } = scene(2);
  reader.open();
  publish(eventOf(1));
  queue.i32[2 * layout.RECORDS] = 12_345;
  expect(reader.take()).toBeUndefined();
  expect(queue.i32[layout.TAKEN]).toBe(0);
});

test("events are withheld as long as the word says so", () => {
  const { queue, reader } = scene(2);
  reader.open();
  expect(reader.withheld).toBe(false);
  Atomics.store(queue.i32, layout.WITHHELD, 1);
  expect(reader.withheld).toBe(true);
});

test("what is handled during a stop wakes the runtime thread, which waits for it", () => {
  for (const state of STATES) {
    const { queue, reader, publish, wakes, word } = scene(100);
    reader.open();
    publish(eventOf(1));
    queue.i32[layout.STATE] = STATES.indexOf(state);
    reader.take();
    expect(wakes.count).toBe(0);
    reader.release();
    expect(wakes.count, state).toBe(state === "STOPPING" ? 1 : 0);
    expect(word(layout.HANDLED)).toBe(1);
  }
});
