import { describe, expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

/** How `test/fixtures/endings/<name>.mjs` must end. */
const ENDINGS: [name: string, end: number | NodeJS.Signals][] = [
  ["natural-end", 0],
  ["exit-code-property", 4],
  ["exit-0", 0],
  ["exit-3", 3],
  ["exit-in-timer", 3],
  ["exit-in-promise", 3],
  ["exit-in-exit-listener", 3],
  ["exit-before-exit", 3],
  ["uncaught-error", 1],
  ["uncaught-error-in-timer", 1],
  ["unhandled-rejection", 1],
  ["unsettled-await", 13],
  ["sigterm", "SIGTERM"],
  ["sigterm-handled", 7],
  ["abort", "SIGABRT"],
  ["never-started", 0],
  ["shut-down-without-start", 0],
  ["shut-down-twice", 0],
  ["shut-down-in-exit-listener", 0],
  ["many-runtimes", 0],
  ["worker-that-ends", 0],
  ["worker-that-ends-beside-main", 0],
  ["worker-that-exits", 0],
  ["worker-that-throws", 0],
  ["worker-terminated-while-hot", 0],
  ["workers-terminated-while-hot", 0],
  ["worker-terminated-at-once", 0],
  ["exit-beside-hot-worker", 3],
];

describe("a program ends as it would without the library: same code, same output", () => {
  test.each(ENDINGS)("%s", async (name, end) => {
    const fixture = `endings/${name}.mjs`;
    const [with_, without] = await Promise.all([
      runFixture(fixture, ["with"]),
      runFixture(fixture, ["without"]),
    ]);
    // Addresses in the stack that abort() prints differ from run to run.
    if (name === "abort") expect(with_).toMatchObject({ signal: end, stdout: "" });
    else expect(with_).toEqual(without);
    expect(with_.signal ?? with_.code).toBe(end);
    const ownError = /uncaught|unhandled|unsettled|abort/.test(name);
    if (!ownError) expect(with_.stderr).toBe("");
  });
});

describe("events accepted before the end are dispatched at exit, and later listeners may record:", () => {
  test.each([
    ["natural", 0],
    ["exit", 0],
    ["error", 1],
    ["worker-natural", 0],
    ["worker-exit", 0],
    ["worker-error", 1],
  ])("%s", async (way, code) => {
    const result = await runFixture("dispatched-at-exit.mjs", [way]);
    expect(result.code).toBe(code);
    expect(JSON.parse(result.stdout)).toEqual({
      accepted: 1_000,
      dispatched: 1_000,
      pending: 0,
      later: true,
      total: 1_001,
      status: "RUNNING",
    });
  });
});

describe("what cannot be dispatched within a second is given up and counted:", () => {
  test.each(["main", "worker"])("%s", async (where) => {
    const result = await runFixture("backlog-at-exit.mjs", [where], { deadlineMs: 15_000 });
    const endedAt = Date.now();
    expect(result).toMatchObject({ code: 0, signal: null, stderr: "" });
    const { accepted, dropped, dispatched, pending, exitsAt } = JSON.parse(result.stdout);
    expect(endedAt - exitsAt).toBeLessThan(4_000);
    expect(accepted + dropped).toBe(100_000);
    expect(dispatched + pending).toBe(accepted);
    expect(pending).toBeGreaterThan(0);
  });
});

test("an awaited stop keeps the process alive until it has ended", async () => {
  const result = await runFixture("awaited-stop.mjs");
  expect(result).toEqual({ code: 0, signal: null, stdout: "goes on\ntrue 5000\n", stderr: "" });
});

test.each<NodeJS.Signals>(["SIGTERM", "SIGINT", "SIGHUP"])(
  "%s from outside ends a busy program as it ends any",
  async (signal) => {
    const result = await runFixture("busy.mjs", ["with"], { onStdout: (_, kill) => kill(signal) });
    expect(result).toEqual({ code: null, signal, stdout: "busy\n", stderr: "" });
  },
);

test("a running runtime that nobody refers to may be collected, and does no harm", async () => {
  const result = await runFixture("forgotten-runtime.mjs", [], { nodeArguments: ["--expose-gc"] });
  expect(result).toEqual({ code: 0, signal: null, stdout: "0\n", stderr: "" });
});
