import type { EventCodecs } from "../events/event-codecs.js";
import type { MetricEvent } from "../events/metric-event.js";
import { readRecord } from "../events/record-reader.js";
import * as layout from "../native/ring-layout.js";
import type { EventQueue } from "./event-queue.js";

/** The highest bit of TAKEN: the native side has retired this reader. */
const POSITION = 0x7fffffff;

/**
 * Reads the events that this same thread has written into one queue, behind the writer and apart from
 * the runtime thread. `native/core/thread_reader.h` says what the two sides do to the shared words.
 *
 * Positions are int32 numbers of events, as the ring's tail is; only their differences mean anything.
 */
export class EventReader {
  readonly #queue: EventQueue;
  readonly #codecs: EventCodecs;
  #reading = false;
  /** Of the next event: its position, and where its record is as an index into `f64`. */
  #position = 0;
  #cursor = 0;
  /** Everything before it was handled. */
  #handled = 0;

  constructor(queue: EventQueue, codecs: EventCodecs) {
    this.#queue = queue;
    this.#codecs = codecs;
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Of the event that is taken next. */
  get position(): number {
    return this.#position;
  }

  /** Of the event that is registered next. */
  get end(): number {
    return this.#queue.i32[layout.TAIL] ?? 0;
  }

  /** How many events before `tail` still take a place in the queue. */
  held(tail: number): number {
    return this.retired ? 0 : (tail - this.#handled) | 0;
  }

  /** Reads on from the events that are registered from now on. */
  open(): void {
    const { i32, cursor } = this.#queue;
    this.#position = this.#handled = this.end;
    this.#cursor = cursor;
    Atomics.store(i32, layout.HANDLED, this.#position);
    Atomics.store(i32, layout.TAKEN, this.#position & POSITION);
    Atomics.store(i32, layout.READING, 1);
    this.#reading = true;
    this.#queue.reader = this;
  }

  close(): void {
    Atomics.store(this.#queue.i32, layout.READING, 0);
    this.#reading = false;
    this.#queue.reader = undefined;
  }

  /** The native side waits no longer: what was not taken by then is not to be handled. */
  get retired(): boolean {
    return Atomics.load(this.#queue.i32, layout.TAKEN) < 0;
  }

  /** Events are not to be taken yet: the start that they were accepted in may be taken back. */
  get withheld(): boolean {
    return Atomics.load(this.#queue.i32, layout.WITHHELD) !== 0;
  }

  /** The event at `position`, which is before `end`; `undefined` when the native side was faster. */
  take(): MetricEvent | undefined {
    const { i32, f64, wrapAfter } = this.#queue;
    const codec = this.#codecs.withId(i32[this.#cursor << 1] ?? 0);
    if (codec === undefined) return undefined; // no writer of ours leaves such a record
    const event = readRecord(i32, f64, codec, this.#cursor);
    const taken = this.#position & POSITION;
    const next = (this.#position + 1) | 0;
    if (Atomics.compareExchange(i32, layout.TAKEN, taken, next & POSITION) !== taken) {
      return undefined;
    }
    const after = this.#cursor + codec.words;
    this.#cursor = after > wrapAfter ? layout.RECORDS : after;
    this.#position = next;
    return event;
  }

  /** What was taken is handled: its place in the queue is free. */
  release(): void {
    this.#handled = this.#position;
    Atomics.store(this.#queue.i32, layout.HANDLED, this.#handled);
    if (this.#queue.stopping) this.#queue.wake();
  }
}
