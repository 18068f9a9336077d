import {
  type BurstResult,
  newTally,
  type ObservedRecorder,
  type ObservedStats,
  type Tally,
} from "../fixtures/schedule/events.mjs";
import type { Observed } from "../fixtures/schedule/executor.mjs";

export interface ModelMetric {
  variant: number;
  tally: Tally;
}

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
  /** In the order of registration. */
  readonly metrics = new Map<string, ModelMetric>();
  last: ObservedStats | undefined;

  constructor(key: string, id: string, queueMaxSize: number, generation: number) {
    this.key = key;
    this.id = id;
    this.queueMaxSize = queueMaxSize;
    this.generation = generation;
  }

  register(name: string, variant: number): void {
    const known = this.metrics.get(name);
    if (known?.variant === variant) return;
    this.metrics.set(name, { variant, tally: newTally() });
  }

  add(burst: Omit<BurstResult, "offered">): void {
    this.accepted += burst.accepted;
    this.dropped += burst.dropped;
    this.invalid += burst.invalid;
    for (const { tally } of this.metrics.values()) addTally(tally, burst.tally);
  }
}

export function addTally(to: Tally, more: Tally): void {
  for (const key of ["total", "sum", "xTotal", "xSum", "ticks", "tickSum"] as const) {
    to[key] += more[key];
  }
  for (const [who, number] of Object.entries(more.who)) {
    to.who[who] = (to.who[who] ?? 0) + number;
  }
}

/** The dimensions of a metric of that variant: `VARIANTS` in test/fixtures/schedule/events.mjs. */
function dimensionsOf({ variant, tally }: ModelMetric): Record<string, unknown> {
  if (variant === 0) return { total: tally.total, sum: tally.sum };
  if (variant === 1) return { x_total: tally.xTotal, x_sum: tally.xSum, by_who: tally.who };
  return { ticks: tally.ticks, tick_sum: tally.tickSum, total: tally.total };
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
  readonly known = new Map<string, Set<string>>();

  constructor(generation: number) {
    this.generation = generation;
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
    for (const stats of [observed.before, observed.after]) {
      same(name("offered"), stats.offered, stats.accepted + stats.dropped);
      same(name("dispatched + pending"), stats.dispatched + stats.pending, stats.accepted);
      const { accepted, dropped, invalid, queueMaxSize, lastError } = stats;
      same(
        name("the counts"),
        { accepted, dropped, invalid, queueMaxSize, lastError },
        {
          accepted: model.accepted,
          dropped: model.dropped,
          invalid: model.invalid,
          queueMaxSize: model.queueMaxSize,
          lastError: undefined,
        },
      );
      if (model.state === "STOPPED") same(name("dispatched"), stats.dispatched, stats.accepted);
      for (const count of ["offered", "accepted", "dropped", "dispatched", "invalid"] as const) {
        atLeast(name(count), stats[count], model.last?.[count] ?? 0);
      }
      model.last = stats;
    }
    same(name("pending after a snapshot"), observed.after.pending, 0);
    same(
      name("the metrics"),
      observed.snapshot.map(([metric]) => metric),
      [...model.metrics.keys()],
    );
    for (const [metric, dimensions] of observed.snapshot) {
      const expected = dimensionsOf(model.metrics.get(metric) as ModelMetric);
      same(name(`metric ${metric}`), withoutSeries(dimensions), expected);
    }
    same(name("the thread's own metrics"), observed.metrics, [
      ...(thread.known.get(model.key) ?? []),
    ]);
  }
}

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
