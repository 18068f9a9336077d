import { expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

async function pendingStop(how: "awaited" | "forgotten") {
  const { code, stdout, stderr } = await runFixture("faults/pending-stop.mjs", [how]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("a process ends only after what it awaits has ended", async () => {
  const { results, status, endedAfterMs } = await pendingStop("awaited");
  expect(results).toEqual([{ opName: "STOP", success: true }]);
  expect(status).toBe("STOPPED");
  expect(endedAfterMs).toBeGreaterThanOrEqual(450);
  expect(endedAfterMs).toBeLessThan(4_000); // and not until the await would have given up
});

test("a handle that nobody awaits keeps no process alive", async () => {
  const { results, status, endedAfterMs } = await pendingStop("forgotten");
  expect(results).toEqual([]);
  expect(status).toBe("STOPPING");
  expect(endedAfterMs).toBeLessThan(400);
});
