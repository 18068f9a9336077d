import { count, defineMetric, type MetricsRecorder } from "metrics-runtime";
import { expect, test } from "vitest";
import { EventLog, Numbered, numbersFrom } from "../support/event-log.js";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf } from "../support/snapshots.js";
import { waitUntil } from "../support/wait-until.js";

const add = (recorder: MetricsRecorder, ...numbers: number[]) => {
  for (const n of numbers) expect(recorder.registerEvent(Numbered({ n }))).toBe(true);
};

test("a custom metric goes on with its state after a stop and a start", () => {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 16 });
  const log = new EventLog();
  recorder.registerMetric(log);
  for (let round = 0; round < 20; round++) {
    add(recorder, ...numbersFrom(16 * round, 16));
    expect(recorder.stop().wait().success).toBe(true);
    expect(log.events).toHaveLength(16 * (round + 1));
    expect(dimensionsOf(recorder, "log")).toEqual({ events: 16 * (round + 1) });
    expect(recorder.start().wait().success).toBe(true);
  }
  expect(log.numbers).toEqual(numbersFrom(0, 320));
  expect(recorder.getStats()).toMatchObject({ accepted: 320, pending: 0, undelivered: 0 });
});

test("it does so on turns of the loop too", async () => {
  const recorder = startedRuntime().createRecorder("a");
  const log = new EventLog();
  recorder.registerMetric(log);
  for (let round = 0; round < 3; round++) {
    add(recorder, round);
    expect((await recorder.stop()).success).toBe(true);
    expect((await recorder.start()).success).toBe(true);
    add(recorder, 10 + round);
    await waitUntil(
      () => log.events.length === 2 * (round + 1),
      () => log.numbers,
    );
  }
  expect(log.numbers).toEqual([0, 10, 1, 11, 2, 12]);
});

test("onStopped finds everything handled, and may read it and start the recorder again", () => {
  const read: unknown[] = [];
  const log = new EventLog();
  const runtime = startedRuntime();
  const recorder = runtime.createRecorder("a", {
    hooks: {
      onStopped(self) {
        read.push(self.getMetricSnapshots().log?.dimensions, self.getStats().pending);
        if (read.length === 2) self.start();
      },
    },
  });
  recorder.registerMetric(log);
  recorder.registerMetric(defineMetric("declared", { total: count(Numbered) }));
  add(recorder, ...numbersFrom(0, 100));
  runtime.stopRecorder("a");
  expect(recorder.start().wait(1_000)?.opName).toBe("START");
  expect(recorder.getStatus()).toBe("RUNNING");
  add(recorder, ...numbersFrom(100, 100));
  runtime.shutdown();
  expect(read).toEqual([{ events: 100 }, 0, { events: 200 }, 0]);
  expect(log.numbers).toEqual(numbersFrom(0, 200));
});
