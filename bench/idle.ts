/**
 * What a runtime at rest costs: processor time of its thread over 30 s, as the kernel counts it
 * (`/proc/self/task/<thread>/schedstat`, nanoseconds).
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { MetricsRuntime } from "metrics-runtime";

const SECONDS = 30;

export async function measureIdle(): Promise<void> {
  if (process.platform !== "linux") {
    console.log("skipped: needs /proc");
    return;
  }
  const runtime = new MetricsRuntime({ namespace: "bench" });
  runtime.start();
  runtime.createRecorder("idle");
  const { threadId, loopTurns } = runtime.getStats();
  const before = processorNs(threadId);
  await sleep(SECONDS * 1_000);
  const used = processorNs(threadId) - before;
  const turns = runtime.getStats().loopTurns - loopTurns;
  runtime.shutdown();
  const percent = (100 * used) / (SECONDS * 1e9);
  console.log(
    `${(used / 1e6).toFixed(2)} ms of processor time in ${SECONDS} s: ${percent.toFixed(4)} % of a core, ${turns} turns of the loop`,
  );
}

function processorNs(threadId: number | undefined): number {
  const [onCpuNs] = readFileSync(`/proc/self/task/${threadId}/schedstat`, "utf8").split(" ");
  return Number(onCpuNs);
}
