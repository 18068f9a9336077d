/** What the figures were measured on. */
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
