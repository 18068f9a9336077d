import type { EventCodecs } from "../events/event-codecs.js";
import type { MetricEvent } from "../events/metric-event.js";
import { acceptanceOf } from "../metrics/acceptance.js";
import { MetricDefinition } from "../metrics/define-metric.js";
import { customSnapshot, type Metric } from "../metrics/metric.js";
import type { MetricSnapshot } from "../metrics/snapshot.js";
import type { NativeRecorder } from "../native/boundary.js";
import {
  beginDelivering,
  type Deliverer,
  endDelivering,
  MOST_BROUGHT_ABOUT,
} from "./deliveries.js";
import type { EventQueue } from "./event-queue.js";
import { EventReader } from "./event-reader.js";
import type { MetricChange, MetricsRecorderHooks } from "./hooks.js";
import type { RegisteredMetric } from "./recorder-like.js";
import type { RecorderWatch } from "./recorder-watch.js";
import { insideUserCode, runUserCode } from "./user-code.js";

/** The most events whose places are given back, and whose changes are told, at once. */
const BATCH = 64;

/** A metric for which this thread reads its own events. */
interface Follower {
  readonly name: string;
  readonly metric: RegisteredMetric;
  /** Runs in this thread; a declared one is followed for the hook alone. */
  readonly custom: boolean;
  readonly accepts: (event: MetricEvent) => boolean;
  /** The position of its first event; `undefined` once that has come. */
  from: number | undefined;
  /** Of the first that is no longer for it. */
  until: number | undefined;
}

/**
 * The metrics of one recorder that one thread has registered, and the delivery of the thread's own
 * events to those of them that run in it.
 */
export class ThreadMetrics implements Deliverer {
  readonly #native: NativeRecorder;
  readonly #reader: EventReader;
  readonly #onMetricChanged: MetricsRecorderHooks["onMetricChanged"];
  readonly #metrics = new Map<string, RegisteredMetric>();
  /** In the order of registration. Never changed in place: a delivery may be walking it. */
  #followers: readonly Follower[] = [];
  /** Blocks until the start that this thread has begun has come to its end. */
  #settleStart = (): void => {};
  #watch: RecorderWatch | undefined;

  constructor(
    native: NativeRecorder,
    queue: EventQueue,
    codecs: EventCodecs,
    { onMetricChanged }: MetricsRecorderHooks = {},
  ) {
    this.#native = native;
    this.#reader = new EventReader(queue, codecs);
    this.#onMetricChanged = onMetricChanged;
    if (onMetricChanged !== undefined) this.#read();
  }

  /** Once, by the lifecycle of the recorder. */
  bind(settleStart: () => void, watch: RecorderWatch | undefined): void {
    this.#settleStart = settleStart;
    this.#watch = watch;
  }

  /** In the order of registration. */
  values(): IterableIterator<RegisteredMetric> {
    return [...this.#metrics.values()][Symbol.iterator]();
  }

  /** Remembers the metrics of now; the function it returns brings them back. */
  keep(): () => void {
    const kept = [...this.#metrics];
    return () => {
      this.#metrics.clear();
      for (const [name, metric] of kept) this.#metrics.set(name, metric);
    };
  }

  /** Whether this very metric has the name and gets its events. */
  has(name: string, metric: Metric): boolean {
    this.#noticeRetirement();
    return this.#followers.some((follower) => isCurrent(follower, name, metric));
  }

  /** The native side has its definition. */
  addDeclared(name: string, metric: MetricDefinition): void {
    this.#noticeRetirement();
    this.#replace(name, metric);
    if (this.#onMetricChanged !== undefined) {
      this.#follow(name, metric, false, acceptanceOf(metric));
    }
  }

  /** The native side has its place. */
  addCustom(name: string, metric: Metric): void {
    this.#noticeRetirement();
    this.#read();
    this.#replace(name, metric);
    this.#read(); // again, should the one that was replaced have been the last
    this.#follow(name, metric, true, (event) => metric.handleEvent(event));
  }

  /** What a custom metric of this thread says of itself. */
  snapshotOf(name: string): MetricSnapshot | undefined {
    const metric = this.#metrics.get(name);
    if (metric === undefined || MetricDefinition.isMade(metric)) return undefined;
    return runUserCode(() => customSnapshot(name, () => runUserCode(() => metric.snapshot())));
  }

  /** Another thread may have declared metrics in the place of custom ones: only these are left. */
  keepCustom(names: ReadonlySet<string>): void {
    for (const [name, metric] of this.#metrics) {
      if (names.has(name) || MetricDefinition.isMade(metric)) continue;
      this.#replace(name, undefined);
    }
  }

  /** Events that this thread has registered and its metrics have not handled yet. */
  get due(): number {
    const reader = this.#reader;
    return reader.reading && !reader.withheld ? reader.held(reader.end) : 0;
  }

  settle(): void {
    if (this.#reader.reading && this.#reader.withheld) this.#settleStart();
  }

  /** Hands on events in the order of their registration, also those that come meanwhile. */
  deliver(most = this.due + MOST_BROUGHT_ABOUT): number {
    const reader = this.#reader;
    if (!reader.reading || insideUserCode()) return 0;
    this.#noticeRetirement();
    let handed = 0;
    while (handed < most && this.#mayTake) handed += this.#deliverBatch();
    this.#forgetReplaced();
    return handed;
  }

  /** Asked before each event: what the one before has brought about may have changed it. */
  get #mayTake(): boolean {
    const reader = this.#reader;
    return reader.reading && !reader.withheld && reader.position !== reader.end;
  }

  /** Returns how many events it was, at least one. */
  #deliverBatch(): number {
    const reader = this.#reader;
    const changes: MetricChange[] = [];
    let taken = 0;
    for (; taken < BATCH && this.#mayTake; taken++) {
      const { position } = reader;
      const event = reader.take();
      if (event === undefined) {
        this.#retire();
        break;
      }
      for (const follower of this.#followers) {
        if (!isFor(follower, position) || !this.#hand(follower, event)) continue;
        changes.push({ metric: follower.metric, event });
      }
    }
    this.#tell(changes);
    if (reader.reading) reader.release();
    return Math.max(1, taken);
  }

  /** Whether the metric has accepted the event. */
  #hand(follower: Follower, event: MetricEvent): boolean {
    const fail = (cause: unknown): void => this.#quarantine(follower, cause);
    try {
      return runUserCode(() => follower.accepts(event), fail) === true;
    } catch (cause) {
      fail(cause);
      return false;
    }
  }

  #tell(changes: readonly MetricChange[]): void {
    const hook = this.#onMetricChanged;
    if (hook === undefined || changes.length === 0) return;
    const fail = (cause: unknown): void => {
      this.#watch?.noteHookError(cause);
      this.#native.countHookFailure();
    };
    try {
      runUserCode(() => hook(changes), fail);
    } catch (cause) {
      fail(cause);
    }
  }

  #quarantine(follower: Follower, cause: unknown): void {
    const { name, metric } = follower;
    if (!this.#followers.includes(follower)) return;
    this.#followers = this.#followers.filter((other) => other !== follower);
    if (follower.until !== undefined || this.#metrics.get(name) !== metric) return;
    this.#watch?.noteMetricError(name, cause);
    try {
      this.#native.quarantine(name);
    } catch {
      // The system refuses memory for the name: then the list lacks it.
    }
  }

  /** The name is another metric's from here on, or nobody's. */
  #replace(name: string, metric: RegisteredMetric | undefined): void {
    if (metric === undefined) this.#metrics.delete(name);
    else this.#metrics.set(name, metric);
    for (const follower of this.#followers) {
      if (follower.name === name) follower.until ??= this.#reader.end;
    }
    this.#forgetReplaced();
  }

  #follow(
    name: string,
    metric: RegisteredMetric,
    custom: boolean,
    accepts: (event: MetricEvent) => boolean,
  ): void {
    const from = this.#reader.end;
    const order = [...this.#metrics.keys()];
    const place = (follower: Follower): number => order.indexOf(follower.name);
    this.#followers = [
      ...this.#followers,
      { name, metric, custom, accepts, from, until: undefined },
    ].sort((one, other) => place(one) - place(other));
  }

  #read(): void {
    if (this.#reader.reading) return;
    beginDelivering(this); // first: this may be refused
    this.#reader.open();
    // Then nobody retires it any more.
    if (this.#native.letGo()) this.#close();
  }

  #noticeRetirement(): void {
    if (this.#reader.reading && this.#reader.retired) this.#retire();
  }

  /** The native side has counted what is left as undelivered. The hook goes on with what is to come. */
  #retire(): void {
    this.#followers = this.#followers.filter(({ custom }) => !custom);
    this.#close();
    if (this.#onMetricChanged !== undefined && !this.#native.letGo()) this.#read();
  }

  /** Those replaced that have got all that was theirs go. Without any, nothing is read. */
  #forgetReplaced(): void {
    const { position, reading } = this.#reader;
    for (const follower of this.#followers) {
      // Positions come round again.
      if (follower.from !== undefined && !isBefore(position, follower.from)) {
        follower.from = undefined;
      }
    }
    this.#followers = this.#followers.filter(
      ({ until }) => until === undefined || isBefore(position, until),
    );
    const idle = this.#followers.length === 0 && this.#onMetricChanged === undefined;
    if (reading && idle) this.#close();
  }

  #close(): void {
    this.#reader.close();
    endDelivering(this);
  }
}

function isCurrent({ name, metric, until }: Follower, named: string, other: Metric): boolean {
  return name === named && metric === other && until === undefined;
}

function isBefore(position: number, other: number): boolean {
  return ((position - other) | 0) < 0;
}

function isFor({ from, until }: Follower, position: number): boolean {
  if (from !== undefined && isBefore(position, from)) return false;
  return until === undefined || isBefore(position, until);
}
