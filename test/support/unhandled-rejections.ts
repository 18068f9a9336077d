import { onTestFinished } from "vitest";

/** The reasons of rejections, until the test ends, that nobody handled: the process would end. */
export function unhandledRejections(): readonly unknown[] {
  const reasons: unknown[] = [];
  const note = (reason: unknown): number => reasons.push(reason);
  process.on("unhandledRejection", note);
  onTestFinished(() => void process.off("unhandledRejection", note));
  return reasons;
}
