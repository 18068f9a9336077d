/** What one thread does all the time: bursts of events and writes, each accounted for. */
import type { MetricsRecorder, MetricsRuntime } from "metrics-runtime";
import type { Accounts } from "./accounts.js";
import { INSTRUMENTS } from "./instruments.js";
import { FOLLOWED, INSTRUMENT_RECORDER, PLACES, STREAMS, WORKLOADS } from "./places.js";
import { Follower, registerOf } from "./stream.js";

const BURSTS_OF_A_SLICE = 40;
const LONGEST_BURST = 600;

export class Load {
  readonly #accounts: Accounts;
  readonly #place: number;
  readonly #random: () => number;
  readonly #followed: MetricsRecorder;
  readonly #follower: Follower;
  readonly #attempts: readonly ((n: number) => boolean)[];

  constructor(runtime: MetricsRuntime, accounts: Accounts, place: number, random: () => number) {
    this.#accounts = accounts;
    this.#place = place;
    this.#random = random;
    const name = PLACES[place] ?? "";
    const recorders = STREAMS.map(({ id }) => runtime.getRecorder(id));
    const instruments = runtime.getRecorder(INSTRUMENT_RECORDER);
    this.#attempts = [
      ...recorders.map((recorder, at) => registerOf(recorder, name, STREAMS[at]?.way ?? "emitter")),
      ...INSTRUMENTS.map((workload) => neverRefused(workload.prepare(instruments, name))),
    ];
    this.#followed = runtime.getRecorder(STREAMS[FOLLOWED]?.id ?? "");
    this.#follower = new Follower(accounts.read(place, FOLLOWED).done);
    this.#followed.registerMetric(this.#follower);
  }

  /** A few milliseconds of recording; `between` bursts, something else. */
  slice(between: () => void): void {
    for (let burst = 0; burst < BURSTS_OF_A_SLICE; burst++) {
      const workload = Math.floor(this.#random() * WORKLOADS.length);
      const times = Math.ceil(this.#random() * LONGEST_BURST);
      this.#accounts.keep(this.#place, workload, times, this.#attempts[workload] ?? (() => false));
      between();
    }
  }

  /** What is wrong with what the custom metric of this thread has seen. */
  complaint(): string | undefined {
    this.#followed.getMetricSnapshots(); // first hands it what is due
    return this.#follower.complaint(this.#accounts.read(this.#place, FOLLOWED).done);
  }
}

function neverRefused(write: (n: number) => boolean): (n: number) => boolean {
  return (n) => {
    if (!write(n)) throw new Error(`write ${n} of an instrument was refused`);
    return true;
  };
}
