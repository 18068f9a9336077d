/** A record is written by the one half and read by the other: nothing but memory is between them. */
import {
  boolean,
  defineMetricEvent,
  float64,
  key,
  label,
  type MetricEvent,
  oneOf,
  uint32,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { definitionOfClass } from "../../dist/events/define-metric-event.js";
import { EventCodec } from "../../dist/events/event-codec.js";
import { putKeyHash } from "../../dist/events/key-hash.js";
import { readRecord } from "../../dist/events/record-reader.js";
import { makeObjectWriter } from "../../dist/events/record-writer.js";
import * as layout from "../../dist/native/ring-layout.js";
import { EventQueue } from "../../dist/recorder/event-queue.js";
import { MetricsRecorderState } from "../../dist/recorder/recorder-state.js";

const RUNNING = Object.values(MetricsRecorderState).indexOf("RUNNING");
const CLASS_ID = 9;

/** What is read of an event that was written. Labels beyond `maxLabels` overflow. */
function throughMemory(
  eventClass: { readonly fields: object },
  events: readonly MetricEvent[],
  maxLabels = 1_000,
): Record<string, unknown>[] {
  const queue = new EventQueue(events.length, true, () => {});
  queue.i32[layout.STATE] = RUNNING;
  queue.f64.fill(Number.NaN, layout.RECORDS); // what is not written is not to be read as zero
  const labels: string[] = [];
  const offsets = Object.keys(eventClass.fields).map((_, index) => 8 * (index + 1));
  const codec = new EventCodec(
    definitionOfClass("eventClass", eventClass),
    { id: CLASS_ID, words: offsets.length + 1, offsets },
    {
      internLabel: (_: number, __: number, value: string) =>
        labels.length < maxLabels ? labels.push(value) : 0,
      knownLabels: () => undefined,
    } as never,
  );
  const refuse = (): never => {
    throw new Error("refused");
  };
  const write = makeObjectWriter({ queue, wrongState: refuse, overflow: refuse }, codec);
  return events.map((event) => {
    const base = queue.cursor;
    expect(write(event as never)).toBe(true);
    return readRecord(queue.i32, queue.f64, codec, base) as never;
  });
}

describe("is read as it was written:", () => {
  test.each([
    0,
    -0,
    1.5,
    -1e300,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    Number.MAX_SAFE_INTEGER,
    -(2 ** 31),
    0.1 + 0.2,
  ])("the float64 %d", (value) => {
    const Some = defineMetricEvent("some", { value: float64() });
    const [read] = throughMemory(Some, [Some({ value })]);
    expect(Object.is(read?.value, value)).toBe(true);
  });

  test.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])("the uint32 %d", (value) => {
    const Some = defineMetricEvent("some", { value: uint32() });
    expect(throughMemory(Some, [Some({ value })])).toEqual([Some({ value })]);
  });

  test("booleans and members, the last of many too", () => {
    const members = Array.from({ length: 300 }, (_, index) => `m${index}`) as [string];
    const Some = defineMetricEvent("some", { yes: boolean(), member: oneOf(...members) });
    const events = [true, false].flatMap((yes) =>
      members.map((member) => Some({ yes, member: member as never })),
    );
    expect(throughMemory(Some, events)).toEqual(events);
  });

  test.each<[string, string[]]>([
    ["an empty one", [""]],
    ["two and three", ["a", "b", "c", "b", "a"]],
    ["many", Array.from({ length: 200 }, (_, index) => `value ${index % 90}`)],
    ["no ASCII", ["größe 😀", "\u0000", "\ufeffa", "日本", "__proto__", "constructor"]],
    ["the longest", ["x".repeat(1_024), "😀".repeat(512)]],
  ])("labels: %s", (_, values) => {
    const Some = defineMetricEvent("some", { value: label() });
    const events = values.map((value) => Some({ value }));
    expect(throughMemory(Some, events)).toEqual(events);
  });
});

test("a label beyond the limit is read as <overflow>, those before it as themselves", () => {
  const Some = defineMetricEvent("some", { value: label() });
  const events = ["a", "b", "c", "a", "<overflow>", "c", "b"].map((value) => Some({ value }));
  const read = throughMemory(Some, events, 2);
  const over = "<overflow>";
  expect(read.map(({ value }) => value)).toEqual(["a", "b", over, "a", over, over, "b"]);
});

test("a key is read as its hash, 16 digits, the same each time and for equal keys only", () => {
  const Some = defineMetricEvent("some", { value: key() });
  const keys = ["", "a", "b", "ab", "ba", "größe 😀", "x".repeat(5_000), "\ud800"];
  const events = keys.map((value) => Some({ value }));
  const read = () => throughMemory(Some, events).map(({ value }) => value);
  const hashes = read();
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(hashes).size).toBe(keys.length);
  expect(read()).toEqual(hashes);
  expect(hashes).toEqual(
    keys.map((value) => {
      const words = new Int32Array(2);
      putKeyHash(words, 0, value);
      const hash = new BigUint64Array(words.buffer)[0] ?? 0n; // its low half comes first
      return hash.toString(16).padStart(16, "0");
    }),
  );
});

test("the event is frozen, of its class, and has nothing but its fields and its type", () => {
  const Some = defineMetricEvent("some", { n: uint32(), text: label() });
  const Other = defineMetricEvent("other", { n: uint32(), text: label() });
  const [read] = throughMemory(Some, [Some({ n: 1, text: "a" })]);
  if (read === undefined) throw new Error("unreachable");
  expect(Object.isFrozen(read)).toBe(true);
  expect({ ...read }).toEqual({ eventType: "some", n: 1, text: "a" });
  expect([Some, Other].map(({ is }) => is(read as never))).toEqual([true, false]);
});

test("a class without fields, and one with as many as there can be", () => {
  const None = defineMetricEvent("none", {});
  expect(throughMemory(None, [None(), None()])).toEqual([None(), None()]);
  const fields = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [`f${index}`, float64()]),
  );
  const Most = defineMetricEvent("most", fields);
  const event = Most(Object.fromEntries(Object.keys(fields).map((name, index) => [name, index])));
  expect(throughMemory(Most, [event, event])).toEqual([event, event]);
});
