import { describe, expect, test } from "vitest";
import { type ChildResult, runNode } from "../support/child-process.js";

/** What every program begins with. */
const PRELUDE = `
import { count, defineMetric, defineMetricEvent, MetricsRuntime } from "metrics-runtime";
const runtime = new MetricsRuntime({ namespace: "ending" });
runtime.start();
const Tick = defineMetricEvent("tick", {});
const create = (id, hooks) => {
  const recorder = runtime.createRecorder(id, { hooks });
  recorder.registerMetric(defineMetric("ticks", { total: count(Tick) }));
  for (let n = 0; n < 100; n++) recorder.registerEvent(Tick());
  return recorder;
};
const exit = () => process.exit(3);
const fail = () => { throw new RangeError("of the hook"); };
const later = () => void setImmediate(fail);
const record = (self) => { for (let n = 0; n < 100; n++) self.registerEvent(Tick()); };
`;

/** Runs a program of those and `body`. */
function runProgram(body: string): Promise<ChildResult> {
  return runNode(["--input-type=module", "--eval", PRELUDE + body], { deadlineMs: 10_000 });
}

describe("process.exit in a hook ends the program with that code and without a word, in", () => {
  test.each([
    ["a creation", `create("a", { onStarting: exit });`],
    [
      "a creation with events on their way",
      `create("a", { onStarting(self) { record(self); exit(); } });`,
    ],
    [
      "a start",
      `let again = false;
       const recorder = create("a", { onStarting() { if (again) exit(); } });
       recorder.stop().wait();
       again = true;
       recorder.start();`,
    ],
    ["a hook in a hook", `create("a", { onStarting() { create("b", { onStarting: exit }); } });`],
    ["a stop", `create("a", { onStopped: exit }).stop().wait();`],
    ["an awaited stop", `await create("a", { onStopped: exit }).stop();`],
    ["stopRecorder", `create("a", { onStopped: exit }); runtime.stopRecorder("a");`],
    [
      "a shutdown beside others",
      `create("b", {}); create("a", { onStopped: exit }); create("c", { onStopped: fail });
       runtime.shutdown();`,
    ],
    [
      "a stop that nobody waits for",
      `create("a", { onStopped: exit }).stop(); setTimeout(() => {}, 5_000);`,
    ],
  ])("%s", async (_, body) => {
    const result = await runProgram(body);
    expect(result).toEqual({ code: 3, signal: null, stdout: "", stderr: "" });
  });
});

describe("an error of a hook that nobody catches ends the program with 1, as any error, in", () => {
  test.each([
    ["a creation", `create("a", { onStarting: fail });`],
    ["stopRecorder", `create("a", { onStopped: fail }); runtime.stopRecorder("a");`],
    ["a shutdown", `create("a", { onStopped: fail }); runtime.shutdown();`],
    ["a turn after a creation", `create("a", { onStarting: later });`],
    ["a turn after a stop", `create("a", { onStopped: later }).stop().wait();`],
  ])("%s", async (_, body) => {
    const result = await runProgram(`${body}\nsetTimeout(() => console.log("later"), 200);`);
    expect(result).toMatchObject({ code: 1, signal: null, stdout: "" });
    // Node's own report and nothing else.
    expect(result.stderr).toContain("RangeError: of the hook");
    expect(result.stderr.trimEnd()).toMatch(/Node\.js v[\d.]+$/);
    expect(result.stderr).not.toMatch(/uv_|FATAL|native stack|abort/i);
  });
});

describe("a hook that throws where nobody asks disturbs nothing:", () => {
  test("onStopped of a stop that nobody waits for", async () => {
    const result = await runProgram(`
      const recorder = create("a", { onStopped: fail });
      recorder.stop();
      const end = setInterval(() => {
        if (recorder.getStatus() !== "FAILURE") return;
        clearInterval(end);
        console.log(recorder.getStats().lastError.message);
      }, 1);`);
    const stdout = "on stopped hook failed -> RangeError: of the hook\n";
    expect(result).toEqual({ code: 0, signal: null, stdout, stderr: "" });
  });

  test("onStarting, in a start whose handle nobody looks at", async () => {
    const result = await runProgram(`
      let again = false;
      const recorder = create("a", { onStarting() { if (again) fail(); } });
      recorder.stop().wait();
      again = true;
      recorder.start();
      console.log(recorder.getStatus(), recorder.getMetricSnapshots().ticks.dimensions.total);`);
    expect(result).toEqual({ code: 0, signal: null, stdout: "FAILURE 100\n", stderr: "" });
  });
});

test("a stop that nobody waits for does not keep the process alive for its hook", async () => {
  const result = await runProgram(`
    const recorder = runtime.createRecorder("a", {
      queueMaxSize: 20_000,
      hooks: { onStopped: () => console.log("stopped") },
    });
    const dimensions = Array.from({ length: 10_000 }, (_, index) => ["d" + index, count(Tick)]);
    recorder.registerMetric(defineMetric("slow", Object.fromEntries(dimensions)));
    for (let n = 0; n < 10_000; n++) recorder.registerEvent(Tick());
    const handle = recorder.stop();
    process.on("beforeExit", () => console.log("nothing left", handle.wait(0)));`);
  expect(result).toEqual({ code: 0, signal: null, stdout: "nothing left undefined\n", stderr: "" });
});

test("the end of the process runs no onStopped", async () => {
  const body = `create("a", { onStopped: () => console.log("stopped") });`;
  for (const end of ["", "process.exit(0);"]) {
    const result = await runProgram(body + end);
    expect(result).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  }
});

test("an awaited stop runs its hook before the process may end", async () => {
  const result = await runProgram(`
    const { success } = await create("a", { onStopped: () => console.log("stopped") }).stop();
    console.log(success);`);
  expect(result).toEqual({ code: 0, signal: null, stdout: "stopped\ntrue\n", stderr: "" });
});
