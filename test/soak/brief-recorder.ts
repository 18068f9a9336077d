/** The short life of a recorder, from its creation to its removal, on one thread; counted exactly at its end. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  Metric,
  type MetricSnapshot,
  type MetricsRuntime,
  oneOf,
  sum,
  uint32,
} from "metrics-runtime";
import { expectEqual } from "./expect-equal.js";

const Step = defineMetricEvent("brief.step", { n: uint32(), side: oneOf("LEFT", "RIGHT") });
const SIDES = ["LEFT", "RIGHT"] as const;
const first = defineMetric("steps", { total: count(Step), n: sum(Step, "n") });
const second = defineMetric("steps", {
  total: count(Step),
  by_side: count(Step, { by: ["side"] }),
});
const ROOMS = 4;

class Counting extends Metric {
  readonly metricName = "counting";
  handled = 0;

  override handleEvent(): boolean {
    this.handled++;
    return true;
  }

  override snapshot(): MetricSnapshot {
    return { name: this.metricName, dimensions: { handled: this.handled } };
  }
}

/**
 * @returns the events that it accepted
 * @throws Error that says what was not counted exactly
 */
export function liveBriefly(runtime: MetricsRuntime, id: string, random: () => number): number {
  const any = (least: number, most: number) => least + Math.floor(random() * (most - least));
  const custom = new Counting();
  const seen = { started: 0, stopped: 0, changes: 0 };
  const recorder = runtime.createRecorder(id, {
    queueMaxSize: any(8, 300),
    hooks: {
      onStarting: () => {
        seen.started++;
      },
      onStopped: () => {
        seen.stopped++;
      },
      onMetricChanged: (changes) => {
        seen.changes += changes.length;
      },
    },
  });
  recorder.registerMetric(first);
  recorder.registerMetric(custom);
  const emit = recorder.emitter(Step, ["n", "side"]);
  const visits = recorder.counter("visits", { help: "", labels: ["room"], maxSeries: ROOMS });
  const took = recorder.histogram("took", { help: "", exponential: true });
  const told = { offered: 0, accepted: 0, sinceReplaced: 0, left: 0, visits: 0, overflowed: 0 };
  const record = (times: number) => {
    for (let n = 0; n < times; n++) {
      told.offered++;
      if (!emit(n, SIDES[n & 1] ?? "LEFT")) continue;
      told.accepted++;
      told.sinceReplaced++;
      told.left += (n & 1) ^ 1;
    }
    for (let n = 0; n < times; n++) {
      visits.add(1, { room: String(n % (2 * ROOMS)) });
      took.record(1 + n);
      told.visits++;
      if (n % (2 * ROOMS) >= ROOMS) told.overflowed++;
    }
  };

  record(any(2 * ROOMS, 400));
  recorder.registerMetric(second); // in place of the first, from nothing
  told.sinceReplaced = 0;
  told.left = 0;
  record(any(2 * ROOMS, 400));
  const again = random() < 0.5;
  if (again) {
    expectEqual(id, "a stop and a start", true, recorder.stop().wait().success);
    expectEqual(id, "a start", true, recorder.start().wait().success);
    record(any(2 * ROOMS, 100));
  }
  runtime.stopAndRemoveRecorder(id);

  const { steps, counting, visits: rooms, took: time } = recorder.getMetricSnapshots();
  const sides = (steps?.dimensions.by_side ?? []) as readonly { labels: object; value: number }[];
  const left = sides.find(({ labels }) => (labels as { side: string }).side === "LEFT")?.value ?? 0;
  const all = (rooms?.dimensions.value ?? []) as readonly { labels: object; value: number }[];
  const { count: times } = (time?.dimensions.value ?? { count: 0 }) as { count: number };
  const stats = recorder.getStats();
  expectEqual(
    id,
    "a short life",
    {
      offered: told.offered,
      accepted: told.accepted,
      dropped: told.offered - told.accepted,
      dispatched: told.accepted,
      pending: 0,
      undelivered: 0,
      handled: told.accepted,
      changes: 2 * told.accepted,
      total: told.sinceReplaced,
      left: told.left,
      visits: told.visits,
      overflowed: told.overflowed,
      times: told.visits,
      started: again ? 2 : 1,
      stopped: again ? 2 : 1,
    },
    {
      offered: stats.offered,
      accepted: stats.accepted,
      dropped: stats.dropped,
      dispatched: stats.dispatched,
      pending: stats.pending,
      undelivered: stats.undelivered,
      handled: counting?.dimensions.handled,
      changes: seen.changes,
      total: steps?.dimensions.total,
      left,
      visits: all.reduce((sum, { value }) => sum + value, 0),
      overflowed: stats.seriesOverflowed,
      times,
      started: seen.started,
      stopped: seen.stopped,
    },
  );
  return told.accepted;
}
