import { expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

const END = { signal: null, stderr: "" };

test.each([
  ["whose attached workers have finished", "finished", 0, "exit"],
  ["whose attached worker is idle and unref'd", "idle-unref", 0, "exit"],
  ["whose idle workers it tells to close", "told-to-close", 0, "exit"],
  ["that calls process.exit while workers record", "exit-while-hot", 3, "exit"],
  ["that exits while workers call it for snapshots", "exit-while-calling", 3, "exit"],
  ["whose runtime a worker has shut down", "shut-down-by-worker", 0, "CLOSED exit"],
])("a program %s ends with its code and says nothing", async (_, way, code, stdout) => {
  const result = await runFixture("threads/ends-of-processes.mjs", [way]);
  expect(result).toEqual({ ...END, code, stdout: `${stdout}\n` });
});

test("an uncaught error of an attached worker is the program's to handle; the runtime goes on", async () => {
  const result = await runFixture("threads/ends-of-processes.mjs", ["worker-error"]);
  expect(result).toEqual({ ...END, code: 0, stdout: "boom RUNNING 100 exit\n" });
});

test("an uncaught error of an attached worker that nobody handles ends the program as any does", async () => {
  const result = await runFixture("threads/ends-of-processes.mjs", ["worker-error-unhandled"]);
  expect(result).toMatchObject({ code: 1, signal: null, stdout: "exit\n" });
  expect(result.stderr).toContain("Error: boom");
});
