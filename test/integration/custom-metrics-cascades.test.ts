/** Events that metrics and hooks register when they are told of others. */
import { count, defineMetric, type MetricsRecorder } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { BLOCKING_CALLS } from "../support/blocking-calls.js";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";

/** Each event up to `length` brings the next about, in the metric itself. */
function chainOfAMetric(length: number, queueMaxSize?: number) {
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", { queueMaxSize });
  const log = new EventLog("log", (event) => {
    if (Numbered.is(event) && event.n < length)
      recorder.registerEvent(Numbered({ n: event.n + 1 }));
    return true;
  });
  recorder.registerMetric(log);
  return { runtime, recorder, numbers: () => log.numbers };
}

/** Likewise, in the hook. */
function chainOfAHook(length: number, queueMaxSize?: number) {
  const runtime = startedRuntime();
  const numbers: number[] = [];
  const recorder = runtime.createRecorder("a", {
    queueMaxSize,
    hooks: {
      onMetricChanged(changes) {
        for (const { event } of changes) {
          if (!Numbered.is(event)) continue;
          numbers.push(event.n);
          if (event.n < length) recorder.registerEvent(Numbered({ n: event.n + 1 }));
        }
      },
    },
  });
  recorder.registerMetric(defineMetric("numbers", { total: count(Numbered) }));
  return { runtime, recorder, numbers: () => numbers };
}

describe.each([
  ["a metric", chainOfAMetric],
  ["the hook", chainOfAHook],
])("a chain of events that %s makes", (_, chain) => {
  test.each(BLOCKING_CALLS)("is followed to its end before %s blocks", (__, call) => {
    const { runtime, recorder, numbers } = chain(50);
    recorder.registerEvent(Numbered({ n: 1 }));
    call(runtime, recorder);
    expect(numbers()).toEqual(numbersFrom(1, 50));
    expect(recorder.getStats()).toMatchObject({ accepted: 50, undelivered: 0, dropped: 0 });
  });

  test("is followed in a queue with room for little more than each of them", () => {
    const { runtime, recorder, numbers } = chain(4, 4);
    recorder.registerEvent(Numbered({ n: 1 }));
    runtime.stopRecorder("a");
    expect(numbers()).toEqual([1, 2, 3, 4]);
    expect(recorder.getStats()).toMatchObject({ accepted: 4, undelivered: 0, dropped: 0 });
  });

  test("is followed on turns of the loop", async () => {
    const { recorder, numbers } = chain(200);
    recorder.registerEvent(Numbered({ n: 1 }));
    await waitUntil(
      () => numbers().length === 200,
      () => [numbers().length, recorder.getStats()],
    );
    expect(numbers()).toEqual(numbersFrom(1, 200));
  });

  test("ends where the recorder takes no more events, since it stops", () => {
    const { runtime, recorder } = chain(1_000_000, 8);
    recorder.registerEvent(Numbered({ n: 1 }));
    expect(recorder.stop().wait()).toMatchObject({ success: true });
    runtime.shutdown();
    const { accepted, dispatched, pending } = recorder.getStats();
    expect([dispatched, pending]).toEqual([accepted, 0]);
  });
});

test.each(BLOCKING_CALLS)(
  "a chain through two recorders is followed to its end before %s blocks",
  (_, call) => {
    const runtime = startedRuntime();
    const [one, two] = ["a", "b"].map((id) => runtime.createRecorder(id)) as [
      MetricsRecorder,
      MetricsRecorder,
    ];
    const numbers: number[] = [];
    const passTo = (next: MetricsRecorder) =>
      new EventLog("log", (event) => {
        if (!Numbered.is(event)) return false;
        numbers.push(event.n);
        return event.n === 20 || next.registerEvent(Numbered({ n: event.n + 1 }));
      });
    one.registerMetric(passTo(two));
    two.registerMetric(passTo(one));
    one.registerEvent(Numbered({ n: 1 }));
    call(runtime, one);
    expect(numbers).toEqual(numbersFrom(1, 20));
  },
);
