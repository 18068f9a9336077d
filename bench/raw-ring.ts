/**
 * The floor of the event plane: a record of 16 bytes (a class, a uint32, a double) into a ring in
 * shared memory, published as the library publishes on this machine: a plain store of the tail and,
 * every 64 events, a look at the head and from half full on a wake. No check of any value, no
 * state, no choice between fields or classes.
 */
import { loadAddon, loadRingLayout } from "./internals.js";

const { TAIL, HEAD, WAKE, RECORDS, MAX_RECORD_WORDS, ringBytes } = loadRingLayout();
const RECORD_WORDS = 2;
const LOOK_EVERY = 64;

export interface RawRing {
  write(eventClass: number, a: number, b: number): boolean;
  /** Records that were written and not yet read. */
  pending(): number;
  close(): void;
}

/** A ring that nobody reads: a wake moves the head to the tail. */
export function openUnreadRing(events: number): RawRing {
  const { i32, f64 } = allocate(events);
  const write = makeWrite(i32, f64, events, () => {
    Atomics.store(i32, HEAD, i32[TAIL] ?? 0);
    Atomics.store(i32, WAKE, 0);
  });
  return { write, pending: () => 0, close() {} };
}

/** A ring that a runtime thread drains into one count for each of the classes 0 … `classes` - 1. */
export function openDrainedRing(events: number, classes: number): RawRing {
  const runtime = new (loadAddon().NativeRuntime)("bench-raw");
  runtime.start();
  const { i32, f64 } = allocate(events);
  const { value: recorder } = runtime.createRecorder(
    "raw",
    events,
    i32,
    "{}",
    false,
    false,
    "bench",
    "raw",
  );
  for (let index = 0; index < classes; index++) {
    const name = `bench.raw_${index}`;
    const field = { members: [], maxValues: 0 };
    const registered = runtime.registerEventClasses([
      {
        eventType: name,
        fields: [
          { ...field, name: "a", kind: 1 },
          { ...field, name: "b", kind: 0 },
        ],
      },
    ]);
    const eventClassId = registered.refusal === undefined ? registered.eventClasses[0]?.id : -1;
    if (eventClassId !== index) throw new Error(`unexpected: ${JSON.stringify(registered)}`);
    const source = { eventClassId, where: [], field: undefined, step: 1, by: [] };
    recorder?.registerMetric({
      name,
      fingerprint: name,
      dimensions: [
        {
          name: "total",
          help: "",
          unit: "",
          aggregation: { kind: "count" },
          maxSeries: 1,
          sources: [source],
        },
      ],
    });
  }
  const write = makeWrite(i32, f64, events, () => runtime.wake());
  const pending = (): number => ((i32[TAIL] ?? 0) - Atomics.load(i32, HEAD)) | 0;
  return { write, pending, close: () => void runtime.shutdown() };
}

function allocate(events: number) {
  const memory = new SharedArrayBuffer(ringBytes(events));
  return { i32: new Int32Array(memory), f64: new Float64Array(memory) };
}

function makeWrite(
  i32: Int32Array,
  f64: Float64Array,
  events: number,
  wake: () => void,
): RawRing["write"] {
  const wrapAfter = f64.length - MAX_RECORD_WORDS;
  let cursor = RECORDS;
  let tail = 0;
  const look = (): void => {
    let pending = (tail - Atomics.load(i32, HEAD)) | 0;
    if (pending >= events >> 1 && Atomics.exchange(i32, WAKE, 1) === 0) wake();
    while (pending > events - LOOK_EVERY) pending = (tail - Atomics.load(i32, HEAD)) | 0;
  };
  return (eventClass, a, b) => {
    i32[cursor << 1] = eventClass;
    i32[(cursor << 1) + 1] = a;
    f64[cursor + 1] = b;
    const next = cursor + RECORD_WORDS;
    cursor = next > wrapAfter ? RECORDS : next;
    tail = (tail + 1) | 0;
    i32[TAIL] = tail;
    if ((tail & (LOOK_EVERY - 1)) === 0) look();
    return true;
  };
}
