import { expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

const LIMIT_MS = 5_500;

async function hookOf(start: "creation" | "start", ending: "return" | "throw") {
  const options = { deadlineMs: 20_000 };
  const { code, stdout, stderr } = await runFixture(
    "faults/hook-of-a-held-loop.mjs",
    [start, ending],
    options,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test.concurrent("a creation that the loop cannot finish gives up; nothing is left", {
  timeout: 25_000,
}, async ({ expect }) => {
  const { held, ids, later, again, shutdown } = await hookOf("creation", "return");
  expect(held.thrown).toMatchObject({
    name: "MetricsRuntimeLoopUnavailableError",
    details: { waitedMs: expect.any(Number) },
  });
  expect.soft(held.tookMs).toBeLessThan(LIMIT_MS);
  expect(ids).toEqual(["a"]);
  expect(later).toMatchObject({ ids: ["a", "c"], status: "FAILURE", metrics: [], totals: {} });
  expect(later.stats).toMatchObject({ offered: 2, accepted: 0, dropped: 2, pending: 0 });
  expect(again.returned).toBe("RUNNING");
  expect(shutdown).toMatchObject({ returned: null });
});

test.concurrent("a creation whose hook throws gives up on the held loop likewise", {
  timeout: 25_000,
}, async ({ expect }) => {
  const { held, ids, later, again, shutdown } = await hookOf("creation", "throw");
  expect(held.thrown).toMatchObject({
    name: "MetricsRuntimeRecorderStartupError",
    cause: { name: "MetricsRecorderOnStartingHookFailedError", cause: { message: "by the hook" } },
  });
  expect.soft(held.tookMs).toBeLessThan(LIMIT_MS);
  expect(ids).toEqual(["a"]);
  expect(later).toMatchObject({ ids: ["a", "c"], status: "FAILURE", metrics: [], totals: {} });
  expect(later.stats).toMatchObject({ offered: 2, accepted: 0, dropped: 2, pending: 0 });
  expect(later.lastError).toMatchObject({ name: "MetricsRecorderOnStartingHookFailedError" });
  expect(again.returned).toBe("RUNNING");
  expect(shutdown).toMatchObject({ returned: null });
});

test.concurrent("a restart that the loop does not come to goes on, and ends when it does", {
  timeout: 25_000,
}, async ({ expect }) => {
  const { held, later, again, shutdown } = await hookOf("start", "return");
  expect(held.returned).toEqual({ error: null }); // not within the second that was waited
  expect.soft(held.tookMs).toBeLessThan(LIMIT_MS);
  expect(later.status).toBe("RUNNING");
  expect(later.metrics).toEqual(["older", "of_hook"]);
  expect(later.totals).toEqual({ older: 3, of_hook: 2 });
  expect(later.stats).toMatchObject({ offered: 3, accepted: 3, dropped: 0, pending: 0 });
  expect(again.returned).toBe("RUNNING");
  expect(shutdown).toMatchObject({ returned: null });
});

test.concurrent("a restart whose hook throws on the held loop has failed for that", {
  timeout: 25_000,
}, async ({ expect }) => {
  const { held, later } = await hookOf("start", "throw");
  expect(held.returned.success).toBe(false);
  expect.soft(held.returned.error.name).toBe("MetricsRecorderOnStartingHookFailedError");
  expect.soft(held.tookMs).toBeLessThan(LIMIT_MS);
  expect(later).toMatchObject({ status: "FAILURE", metrics: ["older"], totals: { older: 1 } });
  expect(later.stats).toMatchObject({ offered: 3, accepted: 1, dropped: 2, pending: 0 });
  expect(later.lastError).toMatchObject({ name: "MetricsRecorderOnStartingHookFailedError" });
});

test.concurrent("onStopped of a stop that its caller gave up runs once it has stopped", {
  timeout: 25_000,
}, async ({ expect }) => {
  const options = { deadlineMs: 20_000 };
  const { code, stdout } = await runFixture("faults/given-up-stop.mjs", [], options);
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told.held.thrown).toMatchObject({ name: "MetricsRuntimeLoopUnavailableError" });
  expect(told).toMatchObject({ status: "STOPPED", again: { returned: null }, started: true });
  expect(told.states).toEqual(["STOPPED"]);
});
