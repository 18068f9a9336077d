import { beforeAll, describe, expect, test } from "vitest";
import { type ChildResult, runFixture } from "../support/child-process.js";

const WAITED = { waitedMs: expect.any(Number) };
const LOOP_UNAVAILABLE = { name: "MetricsRuntimeLoopUnavailableError", details: WAITED };
const BY_THE_RECORDER = { name: "MetricsRecorderUnexpectedError", cause: LOOP_UNAVAILABLE };

/** What the call throws, the state right after it and once the loop went on, and what is registered. */
const CALLS = {
  createRecorder: {
    thrown: LOOP_UNAVAILABLE,
    states: ["RUNNING", "RUNNING"],
    ids: ["a"],
    again: { b: { fresh: 1 }, a: { ticks: 2, later: 1 } },
  },
  // Stopping had begun: that the recorder takes no events, the call could not take back.
  stopRecorder: {
    thrown: LOOP_UNAVAILABLE,
    states: ["STOPPING", "STOPPED"],
    ids: ["a"],
    again: { b: { fresh: 1 }, a: { ticks: 2, later: 1 } },
  },
  stopAndRemoveRecorder: {
    thrown: LOOP_UNAVAILABLE,
    states: ["STOPPING", "STOPPED"],
    ids: [],
    again: { b: { fresh: 1 }, a: { next: 1 } },
  },
  registerMetric: {
    thrown: BY_THE_RECORDER,
    states: ["RUNNING", "RUNNING"],
    ids: ["a"],
    again: { b: { fresh: 1 }, a: { ticks: 2, later: 1 } },
  },
  getMetricSnapshots: {
    thrown: BY_THE_RECORDER,
    states: ["RUNNING", "RUNNING"],
    ids: ["a"],
    again: { b: { fresh: 1 }, a: { ticks: 2, later: 1 } },
  },
} as const;
type Call = keyof typeof CALLS;
const NAMES = Object.keys(CALLS) as Call[];

/** All at once: each waits for 5 s and does nothing meanwhile. */
const children = new Map<Call, ChildResult>();
beforeAll(async () => {
  const run = async (call: Call) => {
    const options = { deadlineMs: 15_000 };
    children.set(call, await runFixture("faults/blocking-call.mjs", [call], options));
  };
  await Promise.all(NAMES.map(run));
}, 20_000);

function reportOf(call: Call) {
  const { code, stdout, stderr } = children.get(call) as ChildResult;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe.each(NAMES)("%s while the loop is held", (call) => {
  const expected = CALLS[call];

  test("gives up after 5 s and says so", () => {
    const { held } = reportOf(call);
    expect(held.thrown).toMatchObject(expected.thrown);
    const { waitedMs } = (held.thrown.details.waitedMs ? held.thrown : held.thrown.cause).details;
    expect(waitedMs).toBeGreaterThanOrEqual(5_000);
    expect(waitedMs).toBeLessThan(5_500);
    expect(held.tookMs).toBeGreaterThanOrEqual(waitedMs);
    expect(held.tookMs).toBeLessThan(5_500);
  });

  test("has changed nothing that it could not take back, then or later", () => {
    const { atOnce, later, totals } = reportOf(call);
    for (const [index, seen] of [atOnce, later].entries()) {
      expect(seen).toMatchObject({
        ids: expected.ids,
        status: expected.states[index],
        metrics: ["ticks"],
        stats: { accepted: 1, dispatched: 1, pending: 0 },
      });
    }
    expect(totals).toEqual({ ticks: 1 });
  });

  test("is in nobody's way once the loop goes on", () => {
    const { again, shutdown } = reportOf(call);
    expect(again.returned).toEqual(expected.again);
    expect(shutdown).toMatchObject({ returned: null });
  });
});
