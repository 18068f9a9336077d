import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricChange,
  type MetricsRecorder,
  type MetricsRecorderHooks,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";

const Other = defineMetricEvent("other", {});
const declared = (name: string) => defineMetric(name, { total: count(Numbered) });

function telling(hooks: MetricsRecorderHooks = {}, queueMaxSize?: number) {
  const runtime = startedRuntime();
  const batches: (readonly MetricChange[])[] = [];
  const recorder = runtime.createRecorder("a", {
    queueMaxSize,
    hooks: { ...hooks, onMetricChanged: (changes) => void batches.push(changes) },
  });
  return {
    runtime,
    recorder,
    batches,
    /** Each change as the metric's name and the event's number. */
    told: () =>
      batches
        .flat()
        .map(({ metric, event }) => [metric.metricName, Numbered.is(event) ? event.n : undefined]),
  };
}
const add = (recorder: MetricsRecorder, ...numbers: number[]) => {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
};

describe("onMetricChanged is told of", () => {
  test("each event and metric that it mattered to, in order", () => {
    const { recorder, batches, told } = telling();
    const metrics = [declared("b"), new EventLog("a"), declared("c")];
    for (const metric of metrics) recorder.registerMetric(metric);
    add(recorder, 1, 2);
    recorder.getMetricSnapshots();
    expect(told()).toEqual([1, 2].flatMap((n) => metrics.map(({ metricName }) => [metricName, n])));
    expect(batches.flat().map(({ metric }) => metric)).toEqual([...metrics, ...metrics]);
    expect(Object.isFrozen(batches[0]?.[0]?.event)).toBe(true);
  });

  test("nothing that no metric accepts, and nothing without a metric", () => {
    const { recorder, batches } = telling();
    add(recorder, 1);
    recorder.getMetricSnapshots();
    recorder.registerMetric(defineMetric("other", { total: count(Other) }));
    recorder.registerMetric(new EventLog("refuses", () => false));
    recorder.registerMetric(new EventLog("gives 1", () => 1));
    recorder.registerMetric(new EventLog("gives a promise", async () => true));
    add(recorder, 2, 3);
    recorder.getMetricSnapshots();
    expect(batches).toEqual([]);
    expect(recorder.getStats()).toMatchObject({ pending: 0, hookFailures: 0 });
  });

  test("nothing for a metric that throws", () => {
    const { recorder, told } = telling();
    recorder.registerMetric(
      new EventLog("throws", () => {
        throw new Error("no");
      }),
    );
    recorder.registerMetric(declared("declared"));
    add(recorder, 1, 2);
    recorder.getMetricSnapshots();
    expect(told()).toEqual([
      ["declared", 1],
      ["declared", 2],
    ]);
  });

  test("the events of a metric's own time, when it is replaced", () => {
    const { recorder, batches } = telling();
    const metrics = [declared("m"), new EventLog("m"), defineMetric("m", { n: count(Numbered) })];
    for (const [index, metric] of metrics.entries()) {
      recorder.registerMetric(metric);
      add(recorder, 10 * index, 10 * index + 1);
    }
    recorder.getMetricSnapshots();
    expect(batches.flat().map(({ metric, event }) => [metric, { ...event }])).toEqual(
      metrics.flatMap((metric, index) =>
        [0, 1].map((n) => [metric, { ...Numbered({ n: 10 * index + n }) }]),
      ),
    );
  });

  test("the events that were registered in onStarting, once it has started", async () => {
    const order: string[] = [];
    const metric = new EventLog("m", () => order.push("handled") > 0);
    const { recorder, batches, told } = telling({
      onStarting(self) {
        add(self, 0);
        self.registerMetric(metric);
        add(self, 1, 2);
        self.getMetricSnapshots();
        order.push("starting");
      },
    });
    expect(batches).toEqual([]);
    await waitUntil(() => batches.length > 0, told);
    expect(told()).toEqual([
      ["m", 1],
      ["m", 2],
    ]);
    recorder.stop().wait();
    recorder.start().wait();
    recorder.getMetricSnapshots();
    const handled = "handled";
    expect(order).toEqual(["starting", handled, handled, "starting", handled, handled, handled]);
    expect(told().slice(2)).toEqual([0, 1, 2].map((n) => ["m", n]));
  });

  test("nothing that was registered in an onStarting that threw", () => {
    const told: unknown[] = [];
    const runtime = startedRuntime();
    const hooks: MetricsRecorderHooks = {
      onStarting(self) {
        self.registerMetric(declared("m"));
        add(self, 1, 2);
        throw new Error("no");
      },
      onMetricChanged: (changes) => void told.push(...changes),
    };
    expect(() => runtime.createRecorder("a", { hooks })).toThrow("no");
    runtime.createRecorder("b").getMetricSnapshots();
    runtime.shutdown();
    expect(told).toEqual([]);
  });
});

describe("onMetricChanged is called", () => {
  test.each([1, 2, 63, 64, 65, 300])(
    "in a queue of %i with at most 64 events at a time",
    (size) => {
      const { recorder, batches, told } = telling({}, size);
      recorder.registerMetric(declared("m"));
      for (let round = 0; round < 5; round++) {
        add(recorder, ...numbersFrom(round * size, size));
        expect(recorder.registerEvent(Numbered({ n: 0 }))).toBe(false); // not told, so it has a place
        recorder.getMetricSnapshots();
        expect(recorder.getStats().pending).toBe(0);
      }
      expect(told()).toEqual(numbersFrom(0, 5 * size).map((n) => ["m", n]));
      for (const { length } of batches) expect(length).toBeLessThanOrEqual(64);
      expect(batches.length).toBe(5 * Math.ceil(size / 64));
    },
  );

  test("on turns of the loop, without any custom metric", async () => {
    const { recorder, told } = telling();
    recorder.registerMetric(declared("m"));
    for (let round = 0; round < 3; round++) {
      add(recorder, round);
      await waitUntil(() => told().length === round + 1, told);
    }
    expect(told()).toEqual([0, 1, 2].map((n) => ["m", n]));
  });

  test("before a stop has ended, and before onStopped", async () => {
    const order: string[] = [];
    const { recorder } = telling({ onStopped: () => order.push("stopped") });
    recorder.registerMetric(new EventLog("log", () => order.push("handled") > 0));
    add(recorder, 1);
    expect((await recorder.stop()).success).toBe(true);
    expect(order).toEqual(["handled", "stopped"]);
    expect(recorder.getStats()).toMatchObject({ pending: 0, undelivered: 0 });
  });

  test("for its own recorder alone", () => {
    const { runtime, recorder, batches } = telling();
    const other = runtime.createRecorder("b");
    const definition = declared("m");
    for (const one of [recorder, other]) one.registerMetric(definition);
    add(other, 1, 2, 3);
    other.getMetricSnapshots();
    add(recorder, 4);
    recorder.getMetricSnapshots();
    expect(batches.flat()).toHaveLength(1);
  });
});

test("getRecorder on the creator's thread gives the recorder with its hook", () => {
  const { runtime, recorder, told } = telling();
  expect(runtime.getRecorder("a")).toBe(recorder);
  recorder.registerMetric(declared("m"));
  add(runtime.getRecorder("a"), 1);
  runtime.shutdown();
  expect(told()).toEqual([["m", 1]]);
});
