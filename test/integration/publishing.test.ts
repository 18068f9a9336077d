import { expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

/** Of each thread of the program. */
const EVENTS = 20_000;
/** Before anything is loaded. What finds the binary is told the truth. */
const AS_IF_ARM64 = `Object.defineProperty(process, "arch", { value: "arm64" })`;

test("an event is published by Atomics.store where the processor may reorder plain stores", async () => {
  const { code, stdout, stderr } = await runFixture("every-room.mjs", [], {
    nodeArguments: ["--import", `data:text/javascript,${encodeURIComponent(AS_IF_ARM64)}`],
    env: { ...process.env, npm_config_arch: process.arch },
    deadlineMs: 20_000,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { arch, accepted, tails } = JSON.parse(stdout);
  expect({ arch, accepted }).toEqual({ arch: "arm64", accepted: EVENTS });
  expect(tails).toBeGreaterThanOrEqual(EVENTS); // once more where it asks for a drain
});
