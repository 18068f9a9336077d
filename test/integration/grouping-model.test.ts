/** Grouped aggregations against a plain model: a Map from label sets to the values they had. */
import {
  boolean,
  count,
  defineMetric,
  defineMetricEvent,
  distinct,
  exponentialHistogram,
  float64,
  histogram,
  key,
  label,
  last,
  max,
  mean,
  min,
  oneOf,
  quantiles,
  sum,
  uint32,
  upDown,
} from "metrics-runtime";
import { expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { seededRandom } from "../support/seeded-random.js";
import { seriesOf } from "../support/snapshots.js";

const Call = defineMetricEvent("call", {
  ms: float64(),
  status: uint32(),
  cached: boolean(),
  outcome: oneOf("OK", "BAD", "LATE"),
  backend: label(),
  user: key(),
});
type CallValues = Parameters<typeof Call>[0];
type Name = "status" | "cached" | "outcome" | "backend";

const BOUNDS = [-10, 0, 1, 100];

function randomCalls(size: number, seed: number): CallValues[] {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: size }, () => ({
    ms: (random() - 0.3) * 10 ** below(4),
    status: [200, 404, 503, below(30)][below(4)] ?? 0,
    cached: below(2) === 0,
    outcome: (["OK", "BAD", "LATE"] as const)[below(3)] ?? "OK",
    backend: `b${below(12)}`,
    user: `user-${below(300)}`,
  }));
}

function modelOf(calls: readonly CallValues[], by: readonly Name[]) {
  const groups = new Map<string, CallValues[]>();
  for (const call of calls) {
    const labels = JSON.stringify(by.map((name) => [name, String(call[name])]));
    groups.set(labels, [...(groups.get(labels) ?? []), call]);
  }
  return [...groups].map(([labels, group]) => ({
    labels: Object.fromEntries(JSON.parse(labels)),
    ...aggregatesOf(group),
  }));
}

function aggregatesOf(group: readonly CallValues[]) {
  const values = group.map(({ ms }) => ms);
  const sorted = values.toSorted((a, b) => a - b);
  const total = values.length;
  const allOf = {
    count: total,
    sum: values.reduce((before, value) => before + value, 0),
    min: sorted[0] ?? null,
    max: sorted[total - 1] ?? null,
  };
  return {
    ...allOf,
    up_down: -3 * total,
    mean: allOf.sum / total,
    last: values[total - 1] ?? null,
    histogram: {
      ...allOf,
      buckets: [...BOUNDS, Number.POSITIVE_INFINITY].map((le, index, all) => ({
        le,
        count: values.filter((ms) => ms <= le && ms > (all[index - 1] ?? -Infinity)).length,
      })),
    },
    exponential: allOf,
    quantiles: { ...allOf, quantiles: { 0: allOf.min, 1: allOf.max } },
    distinct: new Set(group.map(({ user }) => user)).size,
  };
}

test.each<[by: readonly Name[], series: number]>([
  [["backend"], 12],
  [["outcome", "cached"], 6],
  [["status"], 33],
  [["cached", "status", "outcome"], 198],
  [["backend", "cached", "status", "outcome"], 1_500],
])("6 000 events by %j come to what a plain model makes of them", (by, atMost) => {
  const calls = randomCalls(6_000, by.length);
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(
    defineMetric("calls", {
      count: count(Call, { by }),
      sum: sum(Call, "ms", { by }),
      up_down: upDown([[Call, -3]], { by }),
      min: min(Call, "ms", { by }),
      max: max(Call, "ms", { by }),
      mean: mean(Call, "ms", { by }),
      last: last(Call, "ms", { by }),
      histogram: histogram(Call, "ms", { buckets: BOUNDS, by }),
      exponential: exponentialHistogram(Call, "ms", { by }),
      quantiles: quantiles(Call, "ms", { quantiles: [0, 1], by }),
      distinct: distinct(Call, "user", { by }),
    }),
  );
  for (const call of calls) recorder.registerEvent(Call(call));

  const model = modelOf(calls, by);
  expect(model.length).toBeGreaterThan(atMost / 2);
  for (const name of Object.keys(aggregatesOf([]))) {
    const expected = model.map(({ labels, [name as "count"]: value }) => ({ labels, value }));
    const series = seriesOf(recorder, "calls", name);
    if (name === "exponential") expect(series).toMatchObject(expected);
    else expect(series, name).toEqual(expected);
  }
  expect(recorder.getStats()).toMatchObject({ accepted: 6_000, seriesOverflowed: 0 });
});
