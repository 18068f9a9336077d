import {
  count,
  defineMetric,
  Metric,
  type MetricSnapshot,
  type MetricsRecorder,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";

/** A metric that says of itself what `take` gives. */
class Saying extends Metric {
  readonly metricName = "saying";
  readonly #take: () => unknown;
  constructor(take: () => unknown) {
    super();
    this.#take = take;
  }
  handleEvent(): boolean {
    return true;
  }
  snapshot(): MetricSnapshot {
    return this.#take() as MetricSnapshot;
  }
}

function scene(take: () => unknown): MetricsRecorder {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("before", { total: count(Numbered) }));
  recorder.registerMetric(new Saying(take));
  recorder.registerMetric(new EventLog("after"));
  recorder.registerEvent(Numbered({ n: 1 }));
  return recorder;
}

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const throwing = (thrown: unknown) => () => {
  throw thrown;
};
class Unspeakable extends Error {
  override get message(): string {
    throw new Error("no message");
  }
}
function endless(): number {
  return endless() + 1;
}
const getter = (name: string) =>
  Object.defineProperty({}, name, { get: throwing(new Error("no")) });
const unreadable = Object.defineProperty({}, "value", {
  enumerable: true,
  get: throwing(new Error("no")),
});

const FAILURES: [what: string, take: () => unknown, error: object][] = [
  ["throws an error", throwing(new RangeError("no")), { kind: "RangeError", message: "no" }],
  ["throws null", throwing(null), { kind: "object", message: "null" }],
  ["throws text", throwing("no"), { kind: "string", message: "no" }],
  ["throws a revoked proxy", throwing(revoked.proxy), { kind: "object" }],
  ["throws an error whose message throws", throwing(new Unspeakable()), {}],
  ["overflows the stack", endless, { kind: "RangeError" }],
  ["gives undefined", () => undefined, { kind: "TypeError" }],
  ["gives null", () => null, { kind: "TypeError" }],
  ["gives a number", () => 7, { kind: "TypeError" }],
  ["gives a function", () => () => ({}), { kind: "TypeError" }],
  ["gives no dimensions", () => ({ name: "saying" }), { kind: "TypeError" }],
  ["gives null for dimensions", () => ({ dimensions: null }), { kind: "TypeError" }],
  ["gives an array for dimensions", () => ({ dimensions: [1] }), { kind: "TypeError" }],
  ["gives text for dimensions", () => ({ dimensions: "x" }), { kind: "TypeError" }],
  ["gives a map for dimensions", () => ({ dimensions: new Map() }), { kind: "TypeError" }],
  ["gives a promise", async () => ({ name: "saying", dimensions: {} }), { kind: "TypeError" }],
  ["gives a promise that is rejected", () => Promise.reject(1), { kind: "TypeError" }],
  ["gives a revoked proxy", () => revoked.proxy, { kind: "TypeError" }],
  ["gives a getter that throws", () => getter("dimensions"), { kind: "Error", message: "no" }],
  [
    "gives a dimension that throws",
    () => ({ dimensions: unreadable }),
    { kind: "Error", message: "no" },
  ],
];

describe("the snapshot of a metric whose snapshot()", () => {
  test.each(FAILURES)("%s is an error and no dimensions", async (_, take, error) => {
    const reasons = unhandledRejections();
    const recorder = scene(take);
    const snapshots = recorder.getMetricSnapshots();
    expect(snapshots.saying).toEqual({
      name: "saying",
      dimensions: {},
      error: { kind: expect.any(String), message: expect.any(String), ...error },
    });
    expect(Object.keys(snapshots)).toEqual(["before", "saying", "after"]);
    expect(snapshots.before?.dimensions).toEqual({ total: 1 });
    expect(snapshots.after).toEqual({ name: "after", dimensions: { events: 1 } });
    expect(recorder.getStats()).toMatchObject({ quarantined: [], hookFailures: 0 });
    await new Promise((resolve) => setImmediate(resolve)); // where a rejection would be noticed
    expect(reasons).toEqual([]);
  });

  test("fails once is as it is the next time", () => {
    let times = 0;
    const recorder = scene(() => {
      if (times++ === 0) throw new Error("no");
      return { dimensions: { times } };
    });
    expect(recorder.getMetricSnapshots().saying?.error).toEqual({ kind: "Error", message: "no" });
    expect(recorder.getMetricSnapshots().saying).toEqual({
      name: "saying",
      dimensions: { times: 2 },
    });
  });

  test("names another metric is under its own name", () => {
    const recorder = scene(() => ({ name: "after", dimensions: { x: 1 } }));
    expect(recorder.getMetricSnapshots()).toMatchObject({
      saying: { name: "saying", dimensions: { x: 1 } },
      after: { name: "after", dimensions: { events: 1 } },
    });
  });

  test("gives more than a snapshot has: the rest is left out", () => {
    const recorder = scene(() => ({ dimensions: { x: 1 }, error: { kind: "x" }, more: 2 }));
    expect(recorder.getMetricSnapshots().saying).toEqual({ name: "saying", dimensions: { x: 1 } });
  });

  test("gives the metric's own object: the snapshot does not follow it", () => {
    const dimensions = { x: 1 };
    const recorder = scene(() => ({ name: "saying", dimensions }));
    const taken = recorder.getMetricSnapshots().saying;
    dimensions.x = 2;
    expect(taken?.dimensions).toEqual({ x: 1 });
  });

  test("gives an object without a prototype or of a class is read all the same", () => {
    const bare = Object.assign(Object.create(null), { dimensions: Object.create(null) });
    expect(scene(() => bare).getMetricSnapshots().saying?.dimensions).toEqual({});
    class Snapshot {
      readonly dimensions = { x: 1 };
    }
    const made = scene(() => new Snapshot());
    expect(made.getMetricSnapshots().saying?.dimensions).toEqual({ x: 1 });
  });
});

test("snapshot() is called once for each reading, after every event that came before", () => {
  const recorder = startedRuntime().createRecorder("a");
  const log = new EventLog();
  const calls: number[] = [];
  log.snapshot = () => {
    calls.push(log.events.length);
    return { name: "log", dimensions: {} };
  };
  recorder.registerMetric(log);
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 100; n++) recorder.registerEvent(Numbered({ n }));
    recorder.getMetricSnapshots();
  }
  expect(calls).toEqual([100, 200, 300]);
});
