import { Metric, type MetricSnapshot } from "metrics-runtime";
import { expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { copyPackage, loadCopy } from "../support/package-copy.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { waitUntil } from "../support/wait-until.js";

/** A metric of the class that a second copy of the package has. */
function logOfCopy(copy: ReturnType<typeof loadCopy>) {
  const numbers: number[] = [];
  class Log extends copy.Metric {
    readonly metricName = "of the copy";
    handleEvent(event: Parameters<Metric["handleEvent"]>[0]): boolean {
      if (Numbered.is(event)) numbers.push(event.n);
      return true;
    }
    snapshot(): MetricSnapshot {
      return { name: this.metricName, dimensions: { events: numbers.length } };
    }
  }
  return { numbers, log: new Log() };
}

test("a metric of another copy of the package is a metric", () => {
  const copy = loadCopy(copyPackage());
  expect(copy.Metric).not.toBe(Metric);
  const recorder = startedRuntime().createRecorder("a");
  const { numbers, log } = logOfCopy(copy);
  expect(log instanceof Metric).toBe(true);
  expect(new EventLog() instanceof copy.Metric).toBe(true);
  recorder.registerMetric(log);
  for (let n = 0; n < 10; n++) recorder.registerEvent(Numbered({ n }));
  expect(recorder.getMetricSnapshots()).toEqual({
    "of the copy": { name: "of the copy", dimensions: { events: 10 } },
  });
  expect(numbers).toEqual(numbersFrom(0, 10));
  expect([...recorder.iterMetrics()]).toEqual([log]);
});

test("each copy delivers to the recorders that it made, in its calls and on turns", async () => {
  const copy = loadCopy(copyPackage());
  const own = startedRuntime().createRecorder("a");
  const other = new copy.MetricsRuntime({ namespace: "copy" });
  try {
    other.start();
    const recorder = other.createRecorder("a");
    const CopyNumbered = copy.defineMetricEvent("copy.numbered", { n: copy.uint32() });
    const [log, copyLog] = [new EventLog(), new EventLog()];
    own.registerMetric(log);
    recorder.registerMetric(copyLog);
    for (const n of [1, 2]) {
      own.registerEvent(Numbered({ n }));
      recorder.registerEvent(CopyNumbered({ n }));
      await waitUntil(
        () => log.events.length === n && copyLog.events.length === n,
        () => [log.events.length, copyLog.events.length],
      );
    }
    own.registerEvent(Numbered({ n: 3 }));
    recorder.registerEvent(CopyNumbered({ n: 3 }));
    own.getMetricSnapshots();
    recorder.getMetricSnapshots();
    expect(log.numbers).toEqual([1, 2, 3]);
    expect(copyLog.events.map((event) => CopyNumbered.is(event) && event.n)).toEqual([1, 2, 3]);
  } finally {
    other.shutdown();
  }
});

test("look-alikes of the class are none, subclasses of subclasses are", () => {
  class Further extends EventLog {}
  expect(new Further() instanceof Metric).toBe(true);
  expect(new Further() instanceof EventLog).toBe(true);
  class Other extends Metric {
    readonly metricName = "other";
    handleEvent(): boolean {
      return true;
    }
    snapshot(): MetricSnapshot {
      return { name: "other", dimensions: {} };
    }
  }
  expect(new Other() instanceof EventLog).toBe(false);
  const { metricName, handleEvent, snapshot } = new EventLog();
  expect({ metricName, handleEvent, snapshot } instanceof Metric).toBe(false);
  expect(newRuntime() instanceof Metric).toBe(false);
});
