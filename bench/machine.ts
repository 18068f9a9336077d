/** What the figures were measured on. */
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "unknown processor";
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return [
    `${processors.length} x ${model}, ${memoryGiB} GiB, ${process.platform}-${process.arch}`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}`,
  ].join("; ");
}

/** Processor time that this machine was ready to use and did not get, all cores; Linux, else 0. */
export function stolenMs(): number {
  if (process.platform !== "linux") return 0;
  const [cpu = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const TICK_MS = 10;
  return Number(cpu.trim().split(/\s+/)[8]) * TICK_MS;
}
