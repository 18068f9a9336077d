import { createRequire } from "node:module";
import { join } from "node:path";
import * as imported from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";

const ROOT = join(import.meta.dirname, "..", "..");

describe("import and require", () => {
  test("give the same objects under the same names", () => {
    const required = createRequire(import.meta.url)(join(ROOT, "dist", "index.js")) as object;
    expect(Object.keys(imported).sort()).toEqual(Object.keys(required).sort());
    for (const [name, value] of Object.entries(required)) {
      expect((imported as Record<string, unknown>)[name], name).toBe(value);
    }
  });

  test("find the package by its name, and an event class of one works with the other", async () => {
    const program = `
      import { createRequire } from "node:module";
      import { defineMetricEvent, MetricsRuntime } from "metrics-runtime";
      const required = createRequire(${JSON.stringify(join(ROOT, "x.js"))})("metrics-runtime");
      const runtime = new required.MetricsRuntime({ namespace: "n" });
      runtime.start();
      const recorder = runtime.createRecorder("a");
      const Tick = defineMetricEvent("tick", {});
      console.log(recorder.registerEvent(Tick()), runtime instanceof MetricsRuntime);
    `;
    const result = await runNode(["--input-type=module", "--eval", program], { cwd: ROOT });
    expect(result).toEqual({ code: 0, signal: null, stdout: "true true\n", stderr: "" });
  });

  test("importing alone loads no addon and starts nothing", async () => {
    const program = `
      const listeners = process.listenerCount("exit");
      await import("metrics-runtime");
      const addons = process.report.getReport().sharedObjects
        .filter((file) => file.endsWith(".node"));
      console.log(JSON.stringify([addons, process.listenerCount("exit") - listeners]));
    `;
    const result = await runNode(["--input-type=module", "--eval", program], { cwd: ROOT });
    expect(result).toMatchObject({ code: 0, stdout: "[[],0]\n", stderr: "" });
  });
});
