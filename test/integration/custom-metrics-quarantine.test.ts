import { count, defineMetric, type MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const throwing = (thrown: unknown) => () => {
  throw thrown;
};
function endless(): number {
  return endless() + 1;
}

const FAILURES: [what: string, handle: () => unknown][] = [
  ["an error", throwing(new RangeError("no"))],
  ["null", throwing(null)],
  ["undefined", throwing(undefined)],
  ["text", throwing("no")],
  ["a revoked proxy", throwing(revoked.proxy)],
  ["a stack overflow", endless],
];

/** A recorder whose metric `bad` fails at number 1, between two that do not and beside a declared one. */
function scene(handle: () => unknown) {
  const recorder = startedRuntime().createRecorder("a");
  const [first, last] = [new EventLog("first"), new EventLog("last")];
  const bad = new EventLog("bad", (event) => Numbered.is(event) && (event.n !== 1 || handle()));
  recorder.registerMetric(first);
  recorder.registerMetric(bad);
  recorder.registerMetric(last);
  recorder.registerMetric(defineMetric("declared", { total: count(Numbered) }));
  return { recorder, first, bad, last };
}
function add(recorder: MetricsRecorder, ...numbers: number[]): void {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
  recorder.getMetricSnapshots();
}

describe("a metric that throws", () => {
  test.each(FAILURES)("%s: it gets no more events, everything else goes on", (_, handle) => {
    const { recorder, first, bad, last } = scene(handle);
    add(recorder, 0, 1, 2, 3);
    expect(recorder.getStats()).toMatchObject({
      quarantined: ["bad"],
      pending: 0,
      undelivered: 0,
      hookFailures: 0,
    });
    add(recorder, 4);
    expect(bad.numbers).toEqual([0, 1]);
    for (const { numbers } of [first, last]) expect(numbers).toEqual([0, 1, 2, 3, 4]);
    expect(dimensionsOf(recorder, "declared")).toEqual({ total: 5 });
    expect(recorder.getStatus()).toBe("RUNNING");
    expect(recorder.stop().wait().success).toBe(true);
    expect(recorder.getStats()).toMatchObject({ dispatched: 5, undelivered: 0 });
  });

  test("is still there: in snapshots, as it says itself, and among the metrics", () => {
    const { recorder, first, bad, last } = scene(throwing(new Error("no")));
    add(recorder, 0, 1, 2);
    expect(dimensionsOf(recorder, "bad")).toEqual({ events: 2 });
    expect(Object.keys(recorder.getMetricSnapshots())).toEqual([
      "first",
      "bad",
      "last",
      "declared",
    ]);
    expect([...recorder.iterMetrics()].slice(0, 3)).toEqual([first, bad, last]);
  });

  test("on a turn of the loop ends nothing else", async () => {
    const { recorder, bad, last } = scene(throwing(new Error("no")));
    for (const n of [0, 1, 2]) recorder.registerEvent(Numbered({ n }));
    await waitUntil(
      () => last.events.length === 3,
      () => recorder.getStats(),
    );
    expect(recorder.getStats().quarantined).toEqual(["bad"]);
    expect(bad.numbers).toEqual([0, 1]);
  });

  test("alone in its recorder holds no place in the queue any more", () => {
    const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 2 });
    recorder.registerMetric(new EventLog("bad", throwing(new Error("no"))));
    for (let n = 0; n < 10; n++) add(recorder, n);
    expect(recorder.getStats()).toMatchObject({ accepted: 10, pending: 0, quarantined: ["bad"] });
  });

  test("each is named once, in the order in which they threw", () => {
    const recorder = startedRuntime().createRecorder("a");
    for (const at of [3, 1, 2]) {
      recorder.registerMetric(
        new EventLog(`at ${at}`, (event) => {
          if (Numbered.is(event) && event.n >= at) throw new Error("no");
        }),
      );
    }
    add(recorder, 0, 1, 2, 3, 4);
    expect(recorder.getStats().quarantined).toEqual(["at 1", "at 2", "at 3"]);
  });
});

test.each<unknown>([undefined, null, 0, 1, "yes", {}, new Proxy({}, {})])(
  "a metric that gives %s instead of a boolean goes on",
  (given) => {
    const { recorder, bad } = scene(() => given);
    add(recorder, 0, 1, 2);
    expect(recorder.getStats().quarantined).toEqual([]);
    expect(bad.numbers).toEqual([0, 1, 2]);
  },
);
