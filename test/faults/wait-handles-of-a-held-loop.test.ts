import {
  count,
  defineMetric,
  defineMetricEvent,
  type MetricsRuntimeLoopUnavailableError,
} from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { holdAt } from "../support/fault-points.js";
import { startedRuntime } from "../support/runtimes.js";

const STOPPED = { opName: "STOP", success: true, error: undefined };
const Tick = defineMetricEvent("tick", {});

/** The stop of a recorder that the loop does not come to. */
function stopping() {
  const recorder = startedRuntime().createRecorder("a");
  recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
  recorder.registerEvent(Tick());
  holdAt("turn", 60_000);
  const handle = recorder.stop();
  expect(recorder.getStatus()).toBe("STOPPING");
  return { recorder, handle };
}

describe("a stop while the loop is held", () => {
  test("wait(0) polls and wait(20) gives up after 20 ms", () => {
    const { handle } = stopping();
    expect(handle.wait(0)).toBeUndefined();
    const begin = performance.now();
    expect(handle.wait(20)).toBeUndefined();
    const took = performance.now() - begin;
    expect(took).toBeGreaterThanOrEqual(19.9);
    expect(took).toBeLessThan(500);
    holdAt("turn", 0);
    expect(handle.wait(5_000)).toEqual(STOPPED);
  });

  test("all handles and all who await them get the one result", async () => {
    const { recorder, handle } = stopping();
    const handles = [handle, ...Array.from({ length: 9 }, () => recorder.stop())];
    const awaiting = handles.flatMap((one) => [one.then(), one.then((result) => result)]);
    for (const one of handles) expect(one.wait(0)).toBeUndefined();
    holdAt("turn", 0);
    const results = [...(await Promise.all(awaiting)), ...handles.map((one) => one.wait(0))];
    expect(new Set(results).size).toBe(1);
    expect(results[0]).toEqual(STOPPED);
    expect(Object.isFrozen(results[0])).toBe(true);
    expect(recorder.getStatus()).toBe("STOPPED");
  });

  test("a start is a failed operation, and the stop goes on", () => {
    const { recorder, handle } = stopping();
    const start = recorder.start().wait(0);
    expect(start).toMatchObject({
      opName: "START",
      success: false,
      error: {
        name: "MetricsRecorderInvalidStateError",
        details: { recorderState: "STOPPING", expectedStates: ["VIRGIN", "STOPPED"] },
      },
    });
    expect(handle.wait(0)).toBeUndefined();
    holdAt("turn", 0);
    expect(handle.wait(5_000)).toEqual(STOPPED);
    expect(recorder.start().wait(5_000)?.success).toBe(true);
  });

  test("who awaits it gives up after 5 s without blocking; it goes on and ends", async () => {
    const { recorder, handle } = stopping();
    let longestGap = 0;
    let last = performance.now();
    const ticking = setInterval(() => {
      longestGap = Math.max(longestGap, performance.now() - last);
      last = performance.now();
    }, 5);
    const begin = performance.now();
    const [first, second] = await Promise.all([handle, recorder.stop()]);
    const took = performance.now() - begin;
    clearInterval(ticking);
    expect(took).toBeGreaterThanOrEqual(4_990);
    expect(took).toBeLessThan(6_000);
    expect(longestGap).toBeLessThan(1_000);
    for (const result of [first, second]) {
      expect(result).toMatchObject({
        opName: "STOP",
        success: false,
        error: {
          name: "MetricsRecorderUnexpectedError",
          cause: {
            name: "MetricsRuntimeLoopUnavailableError",
            details: { waitedMs: expect.any(Number) },
          },
        },
      });
      const cause = result.error?.cause as MetricsRuntimeLoopUnavailableError;
      expect(cause.details.waitedMs).toBeGreaterThanOrEqual(4_990);
      expect(cause.details.waitedMs).toBeLessThan(6_000);
    }
    expect(recorder.getStatus()).toBe("STOPPING");
    expect(handle.wait(0)).toBeUndefined();
    holdAt("turn", 0);
    expect(handle.wait(5_000)).toEqual(STOPPED);
    expect(await handle).toBe(handle.wait());
    expect(recorder.getStats()).toMatchObject({ accepted: 1, dispatched: 1 });
  });
});
