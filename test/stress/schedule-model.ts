import type { BurstResult, ObservedRecorder, ObservedStats } from "../fixtures/schedule/events.mjs";
import type { Observed } from "../fixtures/schedule/executor.mjs";
import { extend, ModelMetrics, type OwnMetric } from "./schedule-metrics.js";

/** What must be true of one recorder. */
export class ModelRecorder {
  readonly key: string;
  readonly id: string;
  readonly queueMaxSize: number;
  /** Of how many runtimes before this one. */
  readonly generation: number;
  state: "RUNNING" | "STOPPED" = "RUNNING";
  removed = false;
  accepted = 0;
  dropped = 0;
  invalid = 0;
  readonly metrics = new ModelMetrics();
  /** A thread has ended that may have held events for custom metrics of its own. */
  undeliveredMayGrow = false;
  last: ObservedStats | undefined;

  constructor(key: string, id: string, queueMaxSize: number, generation: number) {
    this.key = key;
    this.id = id;
    this.queueMaxSize = queueMaxSize;
    this.generation = generation;
  }

  add(burst: Omit<BurstResult, "offered" | "order">): void {
    this.accepted += burst.accepted;
    this.dropped += burst.dropped;
    this.invalid += burst.invalid;
    this.metrics.add(burst.tally);
  }
}

/** Series as counts by their one label. */
function withoutSeries(dimensions: Record<string, unknown>): Record<string, unknown> {
  const by = dimensions.by_who as { labels: { who: string }; value: number }[] | undefined;
  if (by === undefined) return dimensions;
  const named = by.map(({ labels, value }): [string, number] => [labels.who, value]);
  return { ...dimensions, by_who: Object.fromEntries(named) };
}

/** The model of one thread: which runtime it has, and which recorders. */
export class ModelThread {
  generation: number;
  /** For each recorder, the metrics that this thread has registered in it, in order. */
  readonly known = new Map<string, Map<string, OwnMetric>>();

  constructor(generation: number) {
    this.generation = generation;
  }

  registered(key: string, name: string, kind: "declared" | "custom"): void {
    const sequence = kind === "custom" ? { count: 0, checksum: 0 } : undefined;
    this.known.get(key)?.set(name, { sequence });
  }

  /** It has recorded a burst. */
  add(key: string, burst: BurstResult): void {
    for (const { sequence } of this.known.get(key)?.values() ?? []) {
      if (sequence !== undefined) extend(sequence, burst);
    }
  }

  /** A snapshot tells it which of its custom metrics others have replaced. */
  learn({ key, metrics }: ModelRecorder): ReadonlyMap<string, OwnMetric> {
    const own = this.known.get(key) ?? new Map<string, OwnMetric>();
    for (const [name, { sequence }] of own) {
      if (sequence !== undefined && !metrics.has(name, this)) own.delete(name);
    }
    return own;
  }
}

export class Model {
  generation = 0;
  state: "RUNNING" | "CLOSED" = "RUNNING";
  /** Of the runtime that runs, in the order of registration. */
  readonly registered = new Map<string, ModelRecorder>();
  /** All that some thread may still ask about. */
  readonly recorders = new Map<string, ModelRecorder>();
  #drained = 0;

  /** The state of the runtime that a thread has. */
  stateFor(thread: ModelThread): "RUNNING" | "CLOSED" {
    return thread.generation === this.generation ? this.state : "CLOSED";
  }

  recorder(key: string): ModelRecorder {
    const recorder = this.recorders.get(key);
    if (recorder === undefined) throw new Error(`the model has no ${key}`);
    return recorder;
  }

  create(recorder: ModelRecorder): void {
    this.registered.set(recorder.id, recorder);
    this.recorders.set(recorder.key, recorder);
  }

  remove(recorder: ModelRecorder): void {
    recorder.state = "STOPPED";
    recorder.removed = true;
    this.registered.delete(recorder.id);
  }

  /** A thread has ended. */
  forget(thread: ModelThread): void {
    for (const recorder of this.registered.values()) recorder.metrics.forget(thread);
    for (const key of thread.known.keys()) this.recorder(key).undeliveredMayGrow = true;
  }

  shutdown(): void {
    for (const recorder of [...this.registered.values()]) this.remove(recorder);
    this.state = "CLOSED";
  }

  nextRuntime(): void {
    this.generation++;
    this.state = "RUNNING";
    this.#drained = 0;
  }

  /** @throws Error that says what one thread sees and should not */
  check(thread: ModelThread, observed: Observed): void {
    const state = this.stateFor(thread);
    same("the state of the runtime", observed.status, state);
    if (state === "RUNNING") {
      same("the ids", observed.ids.value, [...this.registered.keys()]);
    } else {
      same("listing ids", observed.ids.error?.code, "ERR_METRICS_RUNTIME_INVALID_STATE");
    }
    if (thread.generation === this.generation) {
      atLeast("eventsDrained", observed.eventsDrained, this.#drained);
      this.#drained = observed.eventsDrained;
    }
    same("the recorders", observed.recorders.map(({ key }) => key).sort(), [
      ...[...thread.known.keys()].sort(),
    ]);
    for (const recorder of observed.recorders) this.checkRecorder(thread, recorder);
  }

  checkRecorder(thread: ModelThread, observed: ObservedRecorder): void {
    const model = this.recorder(observed.key);
    const name = (what: string) => `${what} of ${model.key} (${model.id})`;
    same(name("the id"), observed.id, model.id);
    same(name("the state"), observed.status, model.state);
    for (const stats of [observed.before, observed.after]) this.#checkStats(model, stats);
    const { accepted, dispatched } = observed.after;
    same(name("dispatched after a snapshot"), dispatched, accepted);
    const own = thread.learn(model);
    const expected = model.metrics.seenBy(thread, own);
    const namesOf = (all: readonly (readonly [string, unknown])[]) => all.map(([metric]) => metric);
    same(name("the metrics"), namesOf(observed.snapshot), namesOf(expected));
    for (const [index, [metric, dimensions]] of observed.snapshot.entries()) {
      same(name(`metric ${metric}`), withoutSeries(dimensions), expected[index]?.[1]);
    }
    same(name("the thread's own metrics"), observed.metrics, [...own.keys()]);
  }

  #checkStats(model: ModelRecorder, stats: ObservedStats): void {
    const name = (what: string) => `${what} of ${model.key} (${model.id})`;
    same(name("offered"), stats.offered, stats.accepted + stats.dropped);
    // The custom metrics of other threads may still have to handle what was dispatched.
    atLeast(name("dispatched + pending"), stats.dispatched + stats.pending, stats.accepted);
    const { accepted, dropped, invalid, queueMaxSize, lastError, quarantined } = stats;
    same(
      name("the counts"),
      { accepted, dropped, invalid, queueMaxSize, lastError, quarantined },
      {
        accepted: model.accepted,
        dropped: model.dropped,
        invalid: model.invalid,
        queueMaxSize: model.queueMaxSize,
        lastError: undefined,
        quarantined: [],
      },
    );
    if (model.state === "STOPPED") {
      same(name("dispatched"), [stats.dispatched, stats.pending], [stats.accepted, 0]);
    }
    for (const count of COUNTS) atLeast(name(count), stats[count], model.last?.[count] ?? 0);
    const { undelivered } = stats;
    if (!model.undeliveredMayGrow) {
      same(name("undelivered"), undelivered, model.last?.undelivered ?? 0);
    }
    model.undeliveredMayGrow = false;
    model.last = stats;
  }
}

const COUNTS = [
  ...(["offered", "accepted", "dropped", "dispatched", "invalid", "undelivered"] as const),
];

function atLeast(what: string, is: number, least: number): void {
  if (!(is >= least)) throw new Error(`${what}: ${is}, which was ${least} before`);
}

/** As plain data, whatever the order of keys. */
export function same(what: string, is: unknown, expected: unknown): void {
  const [shown, wanted] = [plain(is), plain(expected)];
  if (shown !== wanted) throw new Error(`${what}: ${shown}, not ${wanted}`);
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([, one]) => one !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : part,
  );
}
