import * as library from "metrics-runtime";
import { float64, label, type MetricsRecorder, oneOf, uint32 } from "metrics-runtime";
import { expect, test } from "vitest";
import { Follower } from "../fixtures/threads/custom-metrics.mjs";
import { withScarceMemory } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";
import { sweepMemory } from "../support/scarcity.js";

const Worked = library.defineMetricEvent("threads.worked", {
  n: float64(),
  place: label(),
  size: uint32(),
  side: oneOf("LEFT", "RIGHT"),
});
const total = library.defineMetric("total", { total: library.count(Worked) });
const event = (n: number) => Worked({ n, place: "here", size: 1, side: "LEFT" });
const EVENTS = 100;

interface Subject {
  readonly recorder: MetricsRecorder;
  readonly own: Follower;
}

function fresh(own = new Follower("own")): Subject {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 200 });
  recorder.registerMetric(total);
  recorder.registerEvent(event(-1));
  recorder.getMetricSnapshots();
  return { recorder, own };
}

/** A custom metric that holds events. */
function holding(own?: Follower): Subject {
  const subject = fresh(own);
  subject.recorder.registerMetric(subject.own);
  for (let n = 0; n < EVENTS; n++) expect(subject.recorder.registerEvent(event(n))).toBe(true);
  return subject;
}

const handledBy = ({ own }: Subject) => own.snapshot().dimensions.handled as number;

/** Of one that is registered: it gets what comes, and the declared metric counts everything. */
function expectWhole({ recorder, own }: Subject): void {
  const before = handledBy({ recorder, own });
  recorder.registerEvent(event(EVENTS + before));
  expect.soft(recorder.getMetricSnapshots().own?.dimensions).toMatchObject({
    handled: before + 1,
    unordered: 0,
  });
  const { accepted } = recorder.getStats();
  expect.soft(recorder.getStats()).toMatchObject({
    dispatched: accepted,
    pending: 0,
    undelivered: 0,
    quarantined: [],
  });
  expect.soft(recorder.getMetricSnapshots().total?.dimensions).toEqual({ total: accepted });
}

test("registerMetric of a custom metric, without memory, has changed nothing", () => {
  const errors = sweepMemory<Subject>({
    prepare: fresh,
    call: ({ recorder, own }) => recorder.registerMetric(own),
    look: ({ recorder, own }) => [
      recorder.getStats(),
      Object.keys(recorder.getMetricSnapshots()),
      [...recorder.iterMetrics()].map(({ metricName }) => metricName),
      own.snapshot(),
    ],
    succeeded: (subject) => {
      expectWhole(subject);
      expect.soft(Object.keys(subject.recorder.getMetricSnapshots())).toEqual(["total", "own"]);
    },
  });
  expect(errors.length).toBeGreaterThan(3);
});

test("a call that delivers, without memory, has delivered everything once all the same", () => {
  let failures = 0;
  const check = (subject: Subject) => {
    expect.soft(handledBy(subject)).toBe(EVENTS);
    expectWhole(subject);
  };
  sweepMemory<Subject>({
    prepare: holding,
    call: ({ recorder }) => recorder.getMetricSnapshots(),
    look: () => undefined,
    failed: (subject) => {
      failures++;
      check(subject);
    },
    succeeded: check,
  });
  expect(failures).toBeGreaterThan(1);
});

test("a metric that throws, without memory for its name, is out; at most the list lacks it", () => {
  const lists = new Set<string>();
  const throwing = () => {
    const inside = () => {
      throw new Error("by the metric");
    };
    return holding(new Follower("own", { inside }));
  };
  const check = (subject: Subject) => {
    const { recorder } = subject;
    recorder.registerEvent(event(1));
    recorder.getMetricSnapshots();
    expect.soft(handledBy(subject)).toBe(1);
    lists.add(recorder.getStats().quarantined.join());
    expect.soft(recorder.getStats()).toMatchObject({ pending: 0, undelivered: 0 });
    recorder.registerMetric(new Follower("own"));
    expect.soft(recorder.getStats().quarantined).toEqual([]);
  };
  sweepMemory<Subject>({
    prepare: throwing,
    call: ({ recorder }) => recorder.getMetricSnapshots(),
    look: () => undefined,
    failed: check,
    succeeded: check,
  });
  expect([...lists].sort()).toEqual(["", "own"]);
});

test("a stop that has no memory to wait for a custom metric discards what that still holds", () => {
  const ends = new Set<string>();
  for (let granted = 0, refused = true; refused && granted < 50; granted++) {
    let stop = { refusals: 0 };
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 200 });
    const own = new Follower("own", {
      inside: () => {
        if (own.snapshot().dimensions.handled !== 10) return;
        // The stop goes on beside this, which has an event in hand.
        stop = withScarceMemory(granted, () => {
          const handle = recorder.stop();
          const until = performance.now() + 50;
          while (handle.wait(0) === undefined && performance.now() < until);
        });
      },
    });
    recorder.registerMetric(own);
    for (let n = 0; n < EVENTS; n++) recorder.registerEvent(event(n));
    recorder.getMetricSnapshots();
    // The stop itself may have been refused.
    if (recorder.getStatus() !== "STOPPED") recorder.stop().wait(1_500);
    const { accepted, dispatched, pending, undelivered } = recorder.getStats();
    const handled = handledBy({ recorder, own });
    const seen = { status: recorder.getStatus(), sum: handled + undelivered, dispatched, pending };
    const whole = { status: "STOPPED", sum: accepted, dispatched: EVENTS, pending: 0 };
    expect.soft(seen, `with memory for ${granted} allocations`).toEqual(whole);
    ends.add(undelivered > 0 ? "discarded" : "handled");
    refused = stop.refusals > 0;
  }
  expect([...ends].sort()).toEqual(["discarded", "handled"]);
});
