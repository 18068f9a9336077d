/**
 * Compares what the threads' accounts say with what the recorders say: of one place when its thread has ended, of all
 * places while nobody records.
 *
 * Of a thread that ended inside an attempt nobody knows what came of that one: it was accepted, refused, or never came
 * to the queue or the slots. If it was an event that was accepted, or a write of an instrument, the metrics tell, and
 * every value has to be that of one and the same number of attempts. Whether it was refused stays unknown: that is
 * one `dropped` more or less for each such thread, and nothing else.
 */
import type { MetricSnapshots, MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import type { Accounts } from "./accounts.js";
import { expectEqual } from "./expect-equal.js";
import { expectedRooms, foundRooms, INSTRUMENTS, type Values } from "./instruments.js";
import { FIRST_INSTRUMENT, INSTRUMENT_RECORDER, PLACES, STREAMS } from "./places.js";
import { ExpectedStream, streamOf } from "./stream.js";

const ROOMS = INSTRUMENTS.findIndex(({ name }) => name === "rooms");
/** Of metrics.order: an event that begins the stream of each place. */
const BEGINNINGS = PLACES.length;

export class Audit {
  readonly #accounts: Accounts;
  readonly #streams: readonly {
    readonly recorder: MetricsRecorder;
    readonly expected: readonly ExpectedStream[];
    /** Events that perhaps were refused: their thread ended meanwhile. */
    perhapsDropped: number;
    /** Accepted, but their thread ended and the second for dispatching them was over. */
    leftPending: number;
  }[];
  readonly #instruments: MetricsRecorder;
  /** By instrument and place, what torn writes have left in sums. */
  readonly #torn = new Map<string, number>();
  /** Writes to rooms that are there and in no account, and those of which nobody knows. */
  readonly #roomsBeyond = new Map<string, number>();
  #unknownRooms = 0;
  /** Threads that ended inside an attempt. */
  inside = 0;

  constructor(runtime: MetricsRuntime, accounts: Accounts) {
    this.#accounts = accounts;
    this.#streams = STREAMS.map(({ id }) => ({
      recorder: runtime.getRecorder(id),
      expected: PLACES.map(() => new ExpectedStream()),
      perhapsDropped: 0,
      leftPending: 0,
    }));
    this.#instruments = runtime.getRecorder(INSTRUMENT_RECORDER);
  }

  /** Events that stay pending for ever since the end of their thread had no time to dispatch them. */
  get leftPending(): number {
    return this.#streams.reduce((all, { leftPending }) => all + leftPending, 0);
  }

  /**
   * The thread of that place has ended; nobody else records there until this returns.
   *
   * @param when for the message
   * @param mayLeave whether its end took so long that events may have been left pending
   * @throws Error that says which recorder, whose values, what was expected and what is
   */
  settle(place: number, when: string, mayLeave = false): void {
    for (const at of STREAMS.keys()) this.#settleStream(at, place, when, mayLeave);
    const snapshots = this.#instruments.getMetricSnapshots();
    for (const at of INSTRUMENTS.keys()) this.#settleInstrument(at, place, snapshots, when);
  }

  /**
   * Nobody records.
   *
   * @throws Error as {@link settle}
   */
  check(when: string): void {
    for (const place of PLACES.keys()) this.settle(place, when);
    for (const [at, { recorder, leftPending, perhapsDropped }] of this.#streams.entries()) {
      const accounts = PLACES.map((_, place) => this.#accounts.read(place, at));
      const dispatched = BEGINNINGS + accounts.reduce((all, { done }) => all + done, 0);
      const refused = accounts.reduce((all, { refused }) => all + refused, 0);
      const {
        offered,
        accepted,
        dropped,
        dispatched: found,
        pending,
        invalid,
      } = recorder.getStats();
      const unknown = Math.min(perhapsDropped, Math.max(0, dropped - refused));
      expectEqual(
        `recorder ${recorder.recorderId}`,
        `the counts of all threads, ${when}`,
        {
          offered: accepted + dropped,
          accepted: dispatched + leftPending,
          dropped: refused + unknown,
          dispatched,
          pending: leftPending,
          invalid: 0,
        },
        { offered, accepted, dropped, dispatched: found, pending, invalid },
      );
    }
    this.#checkRooms(when);
  }

  /** What all places have come to, as counters of an exposition: `recorder metric place` → value. */
  counters(): ReadonlyMap<string, number> {
    const counters = new Map<string, number>();
    for (const [at, { expected }] of this.#streams.entries()) {
      for (const [place, stream] of expected.entries()) {
        for (const kind of ["tick", "tock"]) {
          const value = stream.values[`${kind}.total`];
          const key = `${STREAMS[at]?.id} soak_${kind} ${PLACES[place]}`;
          if (value !== undefined) counters.set(key, value);
        }
      }
    }
    const adds = INSTRUMENTS.findIndex(({ name }) => name === "adds");
    for (const [place, name] of PLACES.entries()) {
      const { done } = this.#accounts.read(place, FIRST_INSTRUMENT + adds);
      const { value } = INSTRUMENTS[adds]?.expected(done) ?? {};
      if (value !== undefined) counters.set(`${INSTRUMENT_RECORDER} soak_adds ${name}`, value);
    }
    return counters;
  }

  #settleStream(at: number, place: number, when: string, mayLeave: boolean): void {
    const stream = this.#streams[at];
    const expected = stream?.expected[place];
    const name = PLACES[place] ?? "";
    if (stream === undefined || expected === undefined) return;
    const { done, inside } = this.#accounts.read(place, at);
    const found = streamOf(stream.recorder.getMetricSnapshots(), name);
    const counted = (found["tick.total"] ?? 0) + (found["tock.total"] ?? 0);
    // One more than was told: the one that it ended inside.
    const accepted = inside && counted === done + 1 ? counted : done;
    const settled = mayLeave && counted < accepted ? counted : accepted;
    expected.goOnTo(settled);
    expectEqual(`recorder ${stream.recorder.recorderId}, ${name}`, when, expected.values, found);
    stream.leftPending += accepted - settled;
    if (inside) {
      this.inside++;
      if (accepted === done) stream.perhapsDropped++;
    }
    if (inside || settled !== done) this.#accounts.settle(place, at, settled);
  }

  #settleInstrument(at: number, place: number, snapshots: MetricSnapshots, when: string): void {
    const workload = INSTRUMENTS[at];
    const name = PLACES[place] ?? "";
    if (workload === undefined) return;
    const { done, inside } = this.#accounts.read(place, FIRST_INSTRUMENT + at);
    if (at === ROOMS) {
      if (inside) this.#unknownRooms++;
      if (inside) this.#settleWrites(place, at, done);
      return;
    }
    const key = `${at} ${place}`;
    const torn = this.#torn.get(key) ?? 0;
    const expect = (n: number, more: number): Values => {
      const values = workload.expected(n);
      return values.sum === undefined ? values : { ...values, sum: values.sum + torn + more };
    };
    const found = workload.found(snapshots, name);
    const equals = (n: number, more: number): boolean => {
      try {
        expectEqual("", "", defined(expect(n, more)), defined(found));
        return true;
      } catch {
        return false;
      }
    };
    const part = workload.tornSum?.(done) ?? 0;
    if (inside && equals(done + 1, 0)) {
      this.#settleWrites(place, at, done + 1);
    } else if (inside && part !== 0 && equals(done, part)) {
      this.#torn.set(key, torn + part);
      this.#settleWrites(place, at, done);
    } else {
      const whose = `recorder ${INSTRUMENT_RECORDER}, ${workload.name} of ${name}`;
      expectEqual(whose, when, defined(expect(done, 0)), defined(found));
      if (inside) this.#settleWrites(place, at, done);
    }
  }

  #settleWrites(place: number, at: number, done: number): void {
    this.inside++;
    this.#accounts.settle(place, FIRST_INSTRUMENT + at, done);
  }

  /** The rooms of all places share their series, so they are compared together, while nobody writes. */
  #checkRooms(when: string): void {
    const writes = PLACES.map(
      (_, place) => this.#accounts.read(place, FIRST_INSTRUMENT + ROOMS).done,
    );
    const told = expectedRooms(writes);
    const found = foundRooms(this.#instruments.getMetricSnapshots());
    for (const [room, value] of Object.entries(told)) {
      const known = (value ?? 0) + (this.#roomsBeyond.get(room) ?? 0);
      const beyond = (found[room] ?? 0) - known;
      if (beyond < 0 || beyond > this.#unknownRooms) {
        const what = `expected ${known} and up to ${this.#unknownRooms} more, actual ${found[room]}`;
        throw new Error(
          `recorder ${INSTRUMENT_RECORDER}, ${room} of all threads, ${when}: ${what}`,
        );
      }
      this.#unknownRooms -= beyond;
      this.#roomsBeyond.set(room, (this.#roomsBeyond.get(room) ?? 0) + beyond);
    }
  }
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
