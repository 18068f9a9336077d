/** What a runtime takes of the process beside its own thread. */
import { readdirSync, readFileSync } from "node:fs";
import { MetricsRuntime } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { canSeeThreads, threadIds } from "../support/os-threads.js";
import { startedRuntime } from "../support/runtimes.js";

const fileCount = () => readdirSync("/proc/self/fd").length;
const statusOf = (name: string) =>
  new RegExp(`^${name}:\\s+(\\w+)`, "m").exec(readFileSync("/proc/self/status", "utf8"))?.[1];

describe.runIf(canSeeThreads)("a runtime that has not started", () => {
  test("has no thread and no file, and takes no more memory than its handle does", () => {
    new MetricsRuntime({ namespace: "first" }); // loads the addon
    const [threads, files] = [threadIds().sort(), fileCount()];
    const before = process.memoryUsage.rss();
    const runtimes = Array.from({ length: 2_000 }, () => new MetricsRuntime({ namespace: "idle" }));
    expect((process.memoryUsage.rss() - before) / runtimes.length).toBeLessThan(64e3);
    expect([threadIds().sort(), fileCount()]).toEqual([threads, files]);
    expect(new Set(runtimes.map((runtime) => runtime.getStatus()))).toEqual(new Set(["VIRGIN"]));
  });
});

describe.runIf(canSeeThreads)("the process's handling of signals", () => {
  test("is the same with a runtime as without: none is caught, ignored or blocked for it", async () => {
    const handling = () => ["SigCgt", "SigIgn", "SigBlk"].map(statusOf);
    const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)]);
    new MetricsRuntime({ namespace: "first" });
    const [before, listening] = [handling(), listeners()];
    expect(before).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
    const runtime = startedRuntime();
    await runtime.createRecorder("a").stop();
    expect(handling()).toEqual(before);
    const others = ([name]: (string | symbol | number)[]) => name !== "exit";
    expect(listeners().filter(others)).toEqual(listening.filter(others));
    runtime.shutdown();
    expect(handling()).toEqual(before);
  });
});
