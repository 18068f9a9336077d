import { expect, test } from "vitest";
import { runFixtureWithFiles } from "../support/child-process.js";

test.runIf(process.platform === "linux")(
  "a start that the system refuses is a StartupError, ends in FAILURE and harms no other runtime",
  async () => {
    const { code, stdout, stderr } = await runFixtureWithFiles(60, "no-descriptors.mjs");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { start, startAgain, shutdown, status, stats, next } = JSON.parse(stdout);
    expect(start).toMatchObject({
      reason: "ERR_METRICS_RUNTIME_STARTUP",
      kind: "MetricsRuntimeStartupError",
      details: { osCode: "EMFILE", errno: expect.any(Number), syscall: "uv_loop_init" },
      cause: { kind: "Error" },
    });
    expect(start.message).toMatch(/^unable to start the metrics runtime -> Error: .*EMFILE/);
    expect(status).toBe("FAILURE");
    expect(stats.threadId).toBeUndefined();
    expect(startAgain.details).toEqual({ runtimeState: "FAILURE", expectedStates: ["VIRGIN"] });
    expect(shutdown.details).toEqual({
      runtimeState: "FAILURE",
      expectedStates: ["RUNNING", "STOPPING"],
    });
    expect(next).toBe("RUNNING");
  },
);
