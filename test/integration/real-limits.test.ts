/** What the operating system refuses for real; see the fixtures for how it is brought to it. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

const canLimit =
  process.platform === "linux" && spawnSync("prlimit", ["--version"]).error === undefined;

describe.runIf(canLimit)("the system refuses", () => {
  test.runIf(process.getuid?.() === 0)(
    "a thread: StartupError with its code, FAILURE, and the next runtime starts",
    async () => {
      const { code, stdout, stderr } = await runFixture("no-threads.mjs");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { start, status, stats, next } = JSON.parse(stdout);
      expect(start).toMatchObject({
        reason: "ERR_METRICS_RUNTIME_STARTUP",
        message: "unable to start the metrics runtime -> Error: uv_thread_create failed: EAGAIN",
        details: { osCode: "EAGAIN", errno: expect.any(Number), syscall: "uv_thread_create" },
      });
      expect(status).toBe("FAILURE");
      expect(stats.threadId).toBeUndefined();
      expect(next).toBe("RUNNING");
    },
  );

  test("memory for a queue: RecorderStartupError, nothing registered, and the id is free", async () => {
    const { code, stdout, stderr } = await runFixture("no-memory.mjs");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { create, ids, again, idsAgain } = JSON.parse(stdout);
    expect(create).toMatchObject({
      reason: "ERR_METRICS_RUNTIME_RECORDER_STARTUP",
      details: { recorderId: "large", osCode: "ENOMEM", errno: -12 },
      cause: { kind: "RangeError" },
    });
    expect(ids).toEqual(["small"]);
    expect(again).toBe("RUNNING");
    expect(idsAgain).toEqual(["small", "large"]);
  });
});
