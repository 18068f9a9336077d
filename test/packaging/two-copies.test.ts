import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { giveVersion } from "../support/addon-version.js";
import { runNode } from "../support/child-process.js";
import { emptyFolder } from "../support/empty-folder.js";
import { foreignEnvironment, installCopy, prebuildIn } from "../support/installed-copy.js";

/** Of two versions in one tree: the application's own, and that of a dependency. */
const folder = emptyFolder(afterAll);
const own = installCopy(folder);
const nested = installCopy(join(folder, "node_modules", "dependency"));
const manifest = join(nested, "package.json");
writeFileSync(
  manifest,
  JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), version: "9.9.9" }),
);
giveVersion(prebuildIn(nested), "9.9.9");

const COMMON = `
  const { once } = require("node:events");
  const { Worker, workerData } = require("node:worker_threads");
  const [own, nested] = [${JSON.stringify(own)}, ${JSON.stringify(nested)}].map(require);
  const counted = (copy, runtime) => {
    const Tick = copy.defineMetricEvent("tick", {});
    const recorder = runtime.tryGetRecorder("a") ?? runtime.createRecorder("a");
    recorder.registerMetric(copy.defineMetric("ticks", { count: copy.count(Tick) }));
    recorder.registerEvent(Tick());
    return recorder.getMetricSnapshots().ticks.dimensions.count;
  };
  const started = (copy) => {
    const runtime = new copy.MetricsRuntime({ namespace: "n" });
    runtime.start();
    return runtime;
  };
  const thrownBy = (call) => {
    try {
      return call();
    } catch (error) {
      return [error.name, error.code, error.message];
    }
  };
`;

/** Runs the program with both copies; what it wrote, as JSON. */
async function run(program: string): Promise<unknown> {
  const file = join(folder, "program.cjs");
  writeFileSync(file, `${COMMON}(async () => { ${program} })();`);
  const { code, stdout, stderr } = await runNode([file], { env: foreignEnvironment() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

/** What a worker does that is given tokens of both copies. */
const IN_WORKER = (expression: string) =>
  JSON.stringify(`${COMMON} require("node:worker_threads").parentPort.postMessage(${expression})`);

describe("two versions of the package in one process", () => {
  test("each have their own runtimes, on the main thread and in workers", async () => {
    const told = await run(`
      const runtimes = [started(own), started(nested)];
      const main = [counted(own, runtimes[0]), counted(nested, runtimes[1])];
      const code = ${IN_WORKER(`[
        counted(own, own.MetricsRuntime.attach(workerData[0])),
        counted(nested, nested.MetricsRuntime.attach(workerData[1])),
      ]`)};
      const workerData = runtimes.map((runtime) => runtime.share());
      const worker = new Worker(code, { eval: true, workerData });
      const [inWorker] = await once(worker, "message");
      console.log(JSON.stringify({ main, inWorker }));
    `);
    expect(told).toEqual({ main: [1, 1], inWorker: [2, 2] });
  });

  const refusal = [
    "TypeError",
    "ERR_INVALID_ARG_VALUE",
    expect.stringContaining(
      `"token" argument is of another copy of the package: it was made by ${prebuildIn(own)}, here it is ${prebuildIn(nested)}`,
    ),
  ];

  test("refuse each other's tokens, and say which they are", async () => {
    const told = await run(`
      const runtime = started(own);
      const token = runtime.share();
      const refused = thrownBy(() => nested.MetricsRuntime.attach(token));
      console.log(JSON.stringify({ refused, state: runtime.getStatus() }));
    `);
    expect(told).toEqual({ refused: refusal, state: "RUNNING" });
  });

  test("refuse them in workers too", async () => {
    const told = await run(`
      const code = ${IN_WORKER("thrownBy(() => nested.MetricsRuntime.attach(workerData))")};
      const worker = new Worker(code, { eval: true, workerData: started(own).share() });
      const [refused] = await once(worker, "message");
      console.log(JSON.stringify(refused));
    `);
    expect(told).toEqual(refusal);
  });
});
