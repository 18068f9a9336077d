import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { schemaOf, startThreads } from "../support/workers.js";

const { worked } = schemaOf(library);
const THREADS = 3;
const EVENTS = 6_000;
const PLACES = 5;

test("what several threads record into one recorder adds up exactly, in every kind of metric", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize: EVENTS });
  recorder.registerMetric(worked);
  const threads = await startThreads(THREADS, runtime);
  const seen = await Promise.all(
    threads.map((thread, index) =>
      thread.run(
        ({ runtime, schema }, index, events, places) => {
          const recorder = runtime.getRecorder("a");
          const fields = ["n", "negated", "size", "place", "user", "side"] as const;
          const emit = recorder.emitter(schema.Worked, fields);
          let right = 0;
          for (let n = 0; n < events; n++) {
            // Each thread meets the labels in an order of its own, and so tells them in it.
            const place = `place ${index % 2 === 0 ? n % places : places - 1 - (n % places)}`;
            const [user, size] = [`user ${n % 100} of ${index >> 1}`, n % 150];
            if (!emit(n, -n, size, place, user, n % 3 === 0 ? "LEFT" : "RIGHT")) {
              throw new Error(`${n} was dropped`);
            }
            if (n % 2_000 !== 1_999) continue;
            const total = recorder.getMetricSnapshots().worked?.dimensions.total as number;
            if (total > n) right++;
          }
          return right;
        },
        index,
        EVENTS,
        PLACES,
      ),
    ),
  );
  expect(seen, "snapshots with everything that their thread had recorded").toEqual([3, 3, 3]);

  const sum = (THREADS * EVENTS * (EVENTS - 1)) / 2;
  const all = THREADS * EVENTS;
  const { users, ...dimensions } = dimensionsOf(recorder, "worked");
  expect(dimensions).toMatchObject({ total: all, sum, negated: -sum, left: all / 3 });
  const sizes = dimensions.sizes as library.HistogramSnapshot;
  const sizesOf = (most: number) => (all * (most + 1)) / 150;
  expect(sizes).toMatchObject({ count: all, sum: (all * 149) / 2, min: 0, max: 149 });
  expect(sizes.buckets[0]).toEqual({ le: 10, count: sizesOf(10) });
  const rows = rowsOf(recorder, "worked", "by_place");
  expect([...rows].sort()).toEqual(
    Array.from({ length: PLACES }, (_, n) => [`place ${n}`, all / PLACES]),
  );
  const sums = rowsOf(recorder, "worked", "sums").map(([, value]) => value as number);
  expect(sums.reduce((one, other) => one + other)).toBe(sum);
  expect(users, "100 users of threads 0 and 1, 100 of thread 2").toBe(200);
  expect(recorder.getStats()).toMatchObject({ accepted: all, dispatched: all, dropped: 0 });
});

describe("one value is one series, whichever thread was first to use it:", () => {
  test("labels that reached the limit on one thread overflow on the others too", async () => {
    const runtime = startedRuntime();
    const Seen = library.defineMetricEvent("seen", { place: library.label({ maxValues: 4 }) });
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(
      library.defineMetric("seen", { by: library.count(Seen, { by: ["place"] }) }),
    );
    const threads = await startThreads(2, runtime);
    for (const [thread, order] of [
      [threads[0], ["a", "b", "c", "d", "e"]],
      [threads[1], ["f", "e", "d", "c", "b", "a"]],
    ] as const) {
      await thread?.run(
        ({ lib, runtime }, order) => {
          const Seen = lib.defineMetricEvent("seen", { place: lib.label({ maxValues: 4 }) });
          const recorder = runtime.getRecorder("a");
          for (const place of order) recorder.registerEvent(Seen({ place }));
        },
        [...order],
      );
    }
    const rows = rowsOf(recorder, "seen", "by").map(([place, value]) => `${place} ${value}`);
    expect(rows.sort()).toEqual(["<overflow> 3", "a 2", "b 2", "c 2", "d 2"]);
    expect(recorder.getStats().labelsOverflowed).toBe(3);
  });

  test("a class that another thread knows with other fields is refused there, and harms nothing", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.registerMetric(worked);
    const [thread] = await startThreads(1, runtime);
    const refused = await thread?.run(({ lib, runtime, schema, thrownBy }) => {
      const Other = lib.defineMetricEvent("threads.worked", { n: lib.uint32() });
      const recorder = runtime.getRecorder("a");
      const event = thrownBy(() => recorder.registerEvent(Other({ n: 1 })));
      recorder.registerEvent(schema.event(3));
      return event;
    });
    expect(refused).toMatchObject({ name: "TypeError", code: "ERR_INVALID_ARG_VALUE" });
    expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 1, sum: 3 });
  });
});

test("a metric that one thread registers takes the events of all of them from then on", async () => {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a");
  const [thread, other] = await startThreads(2, runtime);
  await thread?.run(({ runtime, schema }) => {
    const recorder = runtime.getRecorder("a");
    recorder.registerEvent(schema.event(1));
    recorder.registerMetric(schema.worked);
    recorder.registerEvent(schema.event(10));
  });
  await other?.run(({ runtime, schema }) => {
    runtime.getRecorder("a").registerEvent(schema.event(100));
  });
  recorder.registerMetric(worked); // equal: changes nothing
  expect(dimensionsOf(recorder, "worked")).toMatchObject({ total: 2, sum: 110 });
  expect([...recorder.iterMetrics()].map(({ metricName }) => metricName)).toEqual(["worked"]);
});
